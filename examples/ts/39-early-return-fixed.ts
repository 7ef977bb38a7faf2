// Row 39: the worker of row 38 works under a context, which is cancelled on every path.
import { Chan, context, go, rand, recv, runtime, select, send, time } from "../../src/index.js";

type Check = () => Promise<Error | undefined>;

export async function main(): Promise<void> {
  const got = await load(() => Promise.resolve(new Error("no configuration")));
  if (got instanceof Error) console.log("error:", got.message);
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}

async function load(check: Check): Promise<number | Error | undefined> {
  await using scope = context.withCancel(context.background());
  const { ctx } = scope;
  const result = new Chan<number>();
  go(async () => {
    await select(send(result, 42), recv(ctx.done()));
  });
  const error = await check();
  if (error !== undefined) return error;
  return await result.recv();
}

export const tests = {
  async TestCoin(): Promise<void> {
    await load(async () => ((await rand.choose(2)) === 1 ? new Error("tails") : undefined));
  },
};
