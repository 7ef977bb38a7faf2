// Row 02: a goroutine counts seconds until its context is cancelled; at three seconds its timer and main's are due together.
import { Chan, context, go, recv, select, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const [ctx, cancel] = context.withCancel(context.background());
  const finished = new Chan<void>();
  go(async () => {
    await count(ctx);
    await finished.close();
  });
  await time.sleep(3 * time.second);
  await cancel();
  await finished.recv();
  console.log("main exit");
}

async function count(ctx: context.Context): Promise<void> {
  for (let times = 1; ; times++) {
    const got = await select(recv(ctx.done()), recv(time.after(time.second)));
    if (got.index === 0) {
      console.log("goroutine exit");
      return;
    }
    console.log("wait times", times);
  }
}
