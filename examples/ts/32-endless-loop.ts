// Row 32: a goroutine in a loop that has no exit: one that sleeps, one that looks at a channel without waiting for it.
// The third kind, that does nothing that anybody could notice, stops every JavaScript program: it has no twin.
import { Chan, go, otherwise, recv, select, time } from "../../src/index.js";

export async function main(args: readonly string[]): Promise<void> {
  const finished = new Chan<void>();
  go(args[0] === "sleep" ? sleep : poll);
  await finished.recv();
}

async function sleep(): Promise<void> {
  for (;;) {
    await time.sleep(time.second); // want(sleep): runaway loop-without-exit x1
  }
}

async function poll(): Promise<void> {
  const news = new Chan<string>();
  for (;;) {
    const got = await select(recv(news), otherwise); // want(poll): runaway loop-without-exit x1
    if (got.index === 0) console.log(got.value);
  }
}
