// Row 18: a test that counts goroutines before and after fails by the leak of the function under test; Unpark needs no
// such code, and tells apart what each test leaves.
import { Chan, go, runtime, time } from "../../src/index.js";

export const tests = {
  async TestCountsByHand(): Promise<void> {
    const before = runtime.numGoroutine();
    announce("counted");
    await time.sleep(100 * time.millisecond);
    const after = runtime.numGoroutine();
    if (after !== before) throw new Error(`${before} goroutines before, ${after} after`);
  },
  TestDoesNotCount(): void {
    announce("not counted");
  },
  async TestParallelOne(): Promise<void> {
    await time.sleep(time.millisecond);
    announce("one of two");
  },
  TestParallelTwo(): void {
    announce("two of two");
    announce("two of two again");
  },
  async TestParallelClean(): Promise<void> {
    await time.sleep(time.millisecond);
  },
};

function announce(text: string): void {
  const news = new Chan<string>();
  go(async () => {
    await news.send(text); // want: leaked send-without-receiver
  });
}
