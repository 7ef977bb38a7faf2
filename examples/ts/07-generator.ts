// Row 07: a generator sends random numbers for as long as anybody takes them; the consumer takes three and leaves.
import { Chan, func, go, rand, runtime, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  const numbers = generate();
  for (let i = 1; i <= 3; i++) console.log(`${i}: ${await numbers.recv()}`);
  for (let i = 0; i < 2; i++) {
    await time.sleep(time.second);
    console.log("goroutines", runtime.numGoroutine());
  }
}

function generate(): RecvChan<number> {
  const numbers = new Chan<number>();
  go(() =>
    func(async ({ defer }) => {
      defer(() => console.log("generator exited"));
      defer(() => numbers.close());
      for (;;) {
        await numbers.send(rand.intN(1e9)); // want: leaked send-without-receiver x1
      }
    }),
  );
  return numbers;
}
