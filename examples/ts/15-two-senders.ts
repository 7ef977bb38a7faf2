// Row 15: two goroutines send on one unbuffered channel, and one value is received.
import { Chan, go, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const answers = new Chan<number>();
  for (let i = 0; i < 2; i++) {
    go(async () => {
      await answers.send(i); // want: leaked abandoned-sender x1
    });
  }
  await answers.recv();
  await time.sleep(time.second);
  console.log("exit!");
}
