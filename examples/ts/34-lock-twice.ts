// Row 34: a method locks the mutex and calls a helper that locks it again: the goroutine waits for itself.
import { go, runtime, sync, time } from "../../src/index.js";

class Store {
  readonly mu = new sync.Mutex();
  readonly items = new Map<string, number>();

  async add(name: string): Promise<void> {
    await this.mu.lock();
    this.items.set(name, await this.next());
    await this.mu.unlock();
  }

  async next(): Promise<number> {
    await this.mu.lock(); // want: leaked recursive-lock x1
    const next = this.items.size + 1;
    await this.mu.unlock();
    return next;
  }
}

export async function main(): Promise<void> {
  const store = new Store();
  go(() => store.add("apple"));
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}
