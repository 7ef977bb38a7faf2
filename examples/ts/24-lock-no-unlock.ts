// Row 24: ten goroutines lock one mutex, and nobody unlocks it. The first of them ends with the lock in its pocket.
import { go, runtime, sync, time } from "../../src/index.js";

class Account {
  readonly mu = new sync.Mutex();
  total = 0;

  async deposit(): Promise<void> {
    await this.mu.lock(); // want: leaked mutex-never-unlocked x9
    this.total++;
  }
}

export async function main(): Promise<void> {
  const shared = new Account();
  for (let i = 0; i < 10; i++) go(() => shared.deposit());
  await time.sleep(time.second);
  console.log("total:", shared.total);
  console.log("goroutines:", runtime.numGoroutine());
}
