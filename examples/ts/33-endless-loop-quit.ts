// Row 33: the loop of row 32 with a channel that ends it.
import { Chan, go, recv, runtime, select, time, type RecvChan } from "../../src/index.js";

export async function main(): Promise<void> {
  const quit = new Chan<void>();
  const finished = new Chan<void>();
  go(async () => {
    await loop(quit);
    await finished.close();
  });
  await time.sleep(3 * time.second);
  await quit.close();
  await finished.recv();
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}

async function loop(quit: RecvChan<void>): Promise<void> {
  for (let n = 1; ; n++) {
    const got = await select(recv(quit), recv(time.after(time.second)));
    if (got.index === 0) {
      console.log("stopped");
      return;
    }
    console.log("tick", n);
  }
}
