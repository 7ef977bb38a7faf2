// Row 03: a goroutine panics because a file is missing; its deferred recover prints the reason, and it ends.
import { openSync } from "node:fs";
import { func, go, panic, sync } from "../../src/index.js";

export async function main(): Promise<void> {
  const wg = new sync.WaitGroup();
  await wg.add(1);
  go(() =>
    func(({ defer, recover }) => {
      defer(() => wg.done());
      defer(() => {
        const reason = recover();
        if (reason !== undefined) console.log("goroutine exit by panic:", reason);
      });
      open("/no/such/file.txt");
    }),
  );
  await wg.wait();
  console.log("main exit");
}

/** Go's words for Node's error. */
function open(path: string): void {
  try {
    openSync(path, "r");
  } catch (error) {
    panic(`open ${path}: ${/: (.*), open/.exec((error as Error).message)![1]}`);
  }
}
