// Row 08: the generator of row 07, with a channel that the consumer closes when it has had enough.
import { Chan, func, go, rand, recv, runtime, select, send, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  const done = new Chan<void>();
  const numbers = generate(done);
  for (let i = 1; i <= 3; i++) console.log(`${i}: ${await numbers.recv()}`);
  await done.close();
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}

function generate(done: RecvChan<void>): RecvChan<number> {
  const numbers = new Chan<number>();
  go(() =>
    func(async ({ defer }) => {
      defer(() => console.log("generator exited"));
      defer(() => numbers.close());
      while ((await select(send(numbers, rand.intN(1e9)), recv(done))).index === 0);
    }),
  );
  return numbers;
}
