// Row 16: three goroutines send on one unbuffered channel in a loop of starts, and one value is received.
// The article that this program follows says that it does not leak. It does: two senders wait for ever.
import { Chan, go, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const answers = new Chan<number>();
  for (let i = 0; i < 3; i++) {
    go(async () => {
      await answers.send(i); // want: leaked abandoned-sender x2
    });
  }
  await answers.recv();
  await time.sleep(time.second);
  console.log("exit!");
}
