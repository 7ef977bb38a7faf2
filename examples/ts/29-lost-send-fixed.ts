// Row 29: the two repairs of row 28: room for the value, and a send that gives up after a second.
import { Chan, go, recv, runtime, select, send, time } from "../../src/index.js";

export async function main(args: readonly string[]): Promise<void> {
  if (args[0] === "buffer") withBuffer();
  else withTimeout();
  await time.sleep(2 * time.second);
  console.log("goroutines", runtime.numGoroutine());
}

function withBuffer(): void {
  const result = new Chan<number>(1);
  go(async () => {
    await result.send(42);
    console.log("sent into the buffer");
  });
}

function withTimeout(): void {
  const result = new Chan<number>();
  go(async () => {
    const got = await select(send(result, 42), recv(time.after(time.second)));
    console.log(got.index === 0 ? "sent" : "gave up");
  });
}
