// Row 40: the only sender closes the channel, and the receiver ranges over it.
import { Chan, func, go, sync } from "../../src/index.js";

export async function main(): Promise<void> {
  const values = new Chan<number>();
  const wg = new sync.WaitGroup();
  await wg.add(2);
  go(() =>
    func(async ({ defer }) => {
      defer(() => wg.done());
      defer(() => values.close());
      for (let i = 1; i <= 3; i++) await values.send(i);
    }),
  );
  go(() =>
    func(async ({ defer }) => {
      defer(() => wg.done());
      for await (const value of values) console.log("got", value);
      console.log("all received");
    }),
  );
  await wg.wait();
}
