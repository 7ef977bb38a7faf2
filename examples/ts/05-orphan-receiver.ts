// Row 05: a child receives on a channel that only it and its parent know, and the parent ends without having sent.
import { Chan, go, runtime, time } from "../../src/index.js";

export async function main(): Promise<void> {
  go(parent);
  for (;;) {
    await time.sleep(time.second);
    console.log(runtime.numGoroutine());
  }
}

async function parent(): Promise<void> {
  const orders = new Chan<string>();
  go(async () => {
    console.log(await orders.recv()); // want: leaked receive-without-sender x1
  });
  await time.sleep(2 * time.second);
}
