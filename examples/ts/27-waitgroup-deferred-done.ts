// Row 27: what an article offers as the repair of row 26: Add(1) and a deferred Done for each task, inside the loop, and
// Wait at the end of the same function. The deferred calls run after Wait: it never returns.
import { func, go, runtime, sync, time } from "../../src/index.js";

export async function main(): Promise<void> {
  go(collect);
  await time.sleep(time.second);
  console.log("goroutines:", runtime.numGoroutine());
}

const collect = (): Promise<unknown> =>
  func(async ({ defer }) => {
    const tasks = new sync.WaitGroup();
    for (let i = 0; i < 5; i++) {
      await tasks.add(1);
      defer(() => tasks.done());
      go(() => undefined);
    }
    await tasks.wait(); // want: leaked waitgroup-mismatch x1
    console.log("collected");
  });
