// Row 30: ten workers work for five seconds each and send their results; one result is taken.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const results = new Chan<string>();
  for (let i = 0; i < 10; i++) {
    go(async () => {
      await time.sleep(5 * time.second);
      await results.send("result"); // want: leaked abandoned-sender x9
    });
  }
  console.log(await results.recv());
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}
