// Row 41: five goroutines close one channel. Through a Once exactly one of them does, in every schedule; without it the
// second to come panics.
import { Chan, func, go, sync } from "../../src/index.js";

export async function main(args: readonly string[]): Promise<void> {
  const done = new Chan<void>();
  const once = new sync.Once();
  const wg = new sync.WaitGroup();
  for (let i = 0; i < 5; i++) {
    await wg.add(1);
    go(() =>
      func(async ({ defer }) => {
        defer(() => wg.done());
        if (args.includes("-once")) await once.do(() => done.close());
        else await done.close(); // want: panics x1
      }),
    );
  }
  await done.recv();
  await wg.wait();
  console.log("closed");
}
