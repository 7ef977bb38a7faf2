// Row 32: goroutines in a loop that has no exit: one that sleeps, one that looks at a channel without waiting for it.
// The third kind, that does nothing that anybody could notice, stops every JavaScript program: it has no twin.
import { Chan, go, otherwise, recv, select, time } from "../../src/index.js";

export const tests = {
  TestSleep(): void {
    go(sleep);
  },
  TestPoll(): void {
    go(poll);
  },
};

async function sleep(): Promise<void> {
  for (;;) {
    await time.sleep(time.second); // want(TestSleep): runaway loop-without-exit x1
  }
}

async function poll(): Promise<void> {
  const news = new Chan<string>();
  for (;;) {
    const got = await select(recv(news), otherwise); // want(TestPoll): runaway loop-without-exit x1
    if (got.index === 0) console.log(got.value);
  }
}
