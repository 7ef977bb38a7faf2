// Row 10: the worker of row 09 listens to a second channel as well, which a canceller closes after a second.
import { Chan, func, go, recv, select, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  const cancelled = new Chan<void>();
  const finished = work(cancelled, Chan.nil<string>());
  go(async () => {
    await time.sleep(time.second);
    console.log("cancelling the worker");
    await cancelled.close();
  });
  await finished.recv();
  console.log("Done.");
}

function work(cancelled: RecvChan<void>, texts: RecvChan<string>): RecvChan<void> {
  const finished = new Chan<void>();
  go(() =>
    func(async ({ defer }) => {
      defer(() => finished.close());
      defer(() => console.log("worker exited"));
      for (;;) {
        const got = await select(recv(texts), recv(cancelled));
        if (got.index === 1) return;
        console.log(got.value);
      }
    }),
  );
  return finished;
}
