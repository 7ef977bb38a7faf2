// Row 35: a lock that its owner may take again, and the sketch of one that forgets its owner too late.
import { atomic, go, sync, time } from "../../src/index.js";

interface OwnedLock {
  lock(me: number): Promise<void>;
  unlock(me: number): Promise<void>;
}

/** Its owner may take it again and must release it as often. */
class Reentrant implements OwnedLock {
  readonly #mu = new sync.Mutex(); // guards what follows; never held while waiting
  readonly #free = new sync.Cond(this.#mu);
  #owner = 0;
  #entered = 0;

  async lock(me: number): Promise<void> {
    await this.#mu.lock();
    while (this.#entered > 0 && this.#owner !== me) await this.#free.wait();
    this.#owner = me;
    this.#entered++;
    await this.#mu.unlock();
  }

  async unlock(me: number): Promise<void> {
    await this.#mu.lock();
    if (this.#entered === 0 || this.#owner !== me) throw new Error("unlock of a lock that is not held");
    this.#entered--;
    if (this.#entered === 0) await this.#free.signal();
    await this.#mu.unlock();
  }
}

/** Forgets its owner only after it has let the next one in, and so may forget that next one. */
class Sketch implements OwnedLock {
  readonly #mu = new sync.Mutex();
  readonly #owner = new atomic.Int();
  #entered = 0; // by the owner only

  async lock(me: number): Promise<void> {
    if ((await this.#owner.load()) === me) {
      this.#entered++;
      return;
    }
    await this.#mu.lock(); // want(TestSketchTwoOwners): leaked recursive-lock x1
    await this.#owner.store(me);
    this.#entered = 1;
  }

  async unlock(): Promise<void> {
    this.#entered--;
    if (this.#entered === 0) {
      await this.#mu.unlock();
      await this.#owner.store(0);
    }
  }
}

export const tests = {
  TestReentrantTwoOwners: (): Promise<void> => twoOwners(new Reentrant()),
  TestSketchOneOwner: (): Promise<void> => enterTwice(new Sketch(), 1),
  TestSketchTwoOwners: (): Promise<void> => twoOwners(new Sketch()),
};

async function twoOwners(lock: OwnedLock): Promise<void> {
  go(enterTwice, lock, 1);
  go(enterTwice, lock, 2);
  await time.sleep(time.second);
}

async function enterTwice(lock: OwnedLock, me: number): Promise<void> {
  await lock.lock(me);
  await lock.lock(me);
  await lock.unlock(me);
  await lock.unlock(me);
}
