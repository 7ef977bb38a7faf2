// Row 21: a send on a channel that was declared and never made.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(): Promise<void> {
  go(async () => {
    const results = Chan.nil<number>();
    await results.send(1); // want: leaked nil-channel x1
  });
  await time.sleep(time.second);
  console.log("goroutines: ", runtime.numGoroutine());
}
