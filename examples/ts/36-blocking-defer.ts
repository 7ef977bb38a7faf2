// Row 36: a deferred function reports the end of the work on a channel that nobody receives from.
import { Chan, func, go, runtime, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const finished = new Chan<boolean>();
  go(() =>
    func(({ defer }) => {
      defer(async () => {
        await finished.send(true); // want: leaked blocking-defer x1
        console.log("deferred function done");
      });
      console.log("work done");
    }),
  );
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}
