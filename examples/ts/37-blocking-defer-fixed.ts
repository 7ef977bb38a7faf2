// Row 37: the deferred send of row 36 gives up after half a second.
import { Chan, func, go, recv, runtime, select, send, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const finished = new Chan<boolean>();
  go(() =>
    func(({ defer }) => {
      defer(async () => {
        const got = await select(send(finished, true), recv(time.after(500 * time.millisecond)));
        console.log(got.index === 0 ? "deferred function done" : "deferred function gave up");
      });
      console.log("work done");
    }),
  );
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}
