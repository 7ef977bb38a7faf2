// Row 25: the ten goroutines of row 24, each of which unlocks where its block ends.
import { go, runtime, sync, time } from "../../src/index.js";

class Account {
  readonly mu = new sync.Mutex();
  total = 0;

  async deposit(): Promise<void> {
    await using _held = await this.mu.lock();
    this.total++;
  }
}

export async function main(): Promise<void> {
  const shared = new Account();
  for (let i = 0; i < 10; i++) go(() => shared.deposit());
  await time.sleep(time.second);
  await shared.mu.lock();
  console.log("total:", shared.total);
  await shared.mu.unlock();
  console.log("goroutines:", runtime.numGoroutine());
}
