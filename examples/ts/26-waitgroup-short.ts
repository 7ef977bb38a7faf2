// Row 26: a WaitGroup counts five tasks, and three are done.
import { go, runtime, sync, time } from "../../src/index.js";

export async function main(): Promise<void> {
  go(collect);
  await time.sleep(time.second);
  console.log("goroutines:", runtime.numGoroutine());
}

async function collect(): Promise<void> {
  const tasks = new sync.WaitGroup();
  await tasks.add(5);
  for (let i = 0; i < 3; i++) go(() => tasks.done());
  await tasks.wait(); // want: leaked waitgroup-mismatch x1
  console.log("collected");
}
