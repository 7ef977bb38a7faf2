// Row 12: two adders each offer their sum on a channel of their own; main reads one of them.
import { Chan, go, runtime, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  const read = add(1, 2);
  add(3, 4);
  console.log("sum", await read.recv());
  for (let i = 0; i < 2; i++) {
    await time.sleep(time.second);
    console.log("goroutines", runtime.numGoroutine());
  }
}

function add(a: number, b: number): RecvChan<number> {
  const sum = new Chan<number>();
  go(async () => {
    await sum.send(a + b); // want: leaked send-without-receiver x1
  });
  return sum;
}
