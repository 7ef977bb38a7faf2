// Row 06: ten values are sent into a channel of the size given by -c, and one is received.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(args: readonly string[]): Promise<void> {
  const values = new Chan<number>(Number(args[args.indexOf("-c") + 1]));
  go(async () => {
    for (let i = 0; i < 10; i++) {
      await values.send(i); // want: leaked send-without-receiver x1
    }
  });
  console.log("received", await values.recv());
  for (let i = 0; i < 3; i++) {
    await time.sleep(time.second);
    console.log("goroutines", runtime.numGoroutine());
  }
}
