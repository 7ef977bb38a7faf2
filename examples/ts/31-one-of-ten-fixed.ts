// Row 31: the ten workers of row 30 under a context: who has not delivered when it is cancelled leaves.
import { Chan, context, go, recv, runtime, select, send, time } from "../../src/index.js";

export async function main(): Promise<void> {
  const [ctx, cancel] = context.withCancel(context.background());
  const results = new Chan<string>();
  for (let i = 0; i < 10; i++) {
    go(async () => {
      await time.sleep(5 * time.second);
      await select(send(results, "result"), recv(ctx.done()));
    });
  }
  console.log(await results.recv());
  await cancel();
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}
