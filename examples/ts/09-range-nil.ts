// Row 09: a worker ranges over the channel that it is handed. It is handed nil.
import { Chan, func, go, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  work(Chan.nil<string>());
  await time.sleep(time.second);
  console.log("Done.");
}

function work(texts: RecvChan<string>): RecvChan<void> {
  const finished = new Chan<void>();
  go(() =>
    func(async ({ defer }) => {
      defer(() => console.log("worker exited"));
      defer(() => finished.close());
      for await (const text of texts) { // want: leaked nil-channel x1
        console.log(text);
      }
    }),
  );
  return finished;
}
