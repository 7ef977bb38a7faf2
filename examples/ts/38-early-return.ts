// Row 38: a worker is started, and an error on the way makes the function return before it has received the result.
import { Chan, go, rand, recv, runtime, select, time } from "../../src/index.js";

type Check = () => Promise<Error | undefined>;

export async function main(): Promise<void> {
  const got = await load(() => Promise.resolve(new Error("no configuration")));
  if (got instanceof Error) console.log("error:", got.message);
  await time.sleep(time.second);
  console.log("goroutines", runtime.numGoroutine());
}

async function load(check: Check): Promise<number | Error | undefined> {
  const result = new Chan<number>();
  go(async () => {
    await result.send(42); // want(main, TestCoin, TestSlowCheck): leaked early-return x1
  });
  const error = await check();
  if (error !== undefined) return error;
  return await result.recv();
}

export const tests = {
  async TestHappyPath(): Promise<void> {
    const got = await load(() => Promise.resolve(undefined));
    if (got !== 42) throw new Error(`got ${String(got)}`);
  },
  /** The check fails for one of two random numbers. */
  async TestCoin(): Promise<void> {
    await load(async () => ((await rand.choose(2)) === 1 ? new Error("tails") : undefined));
  },
  /** The check answers after a millisecond and has a second to do so: it fails only when it is held up. */
  async TestSlowCheck(): Promise<void> {
    await load(async () => {
      const checked = new Chan<void>();
      go(async () => {
        await time.sleep(time.millisecond);
        await checked.close();
      });
      const got = await select(recv(checked), recv(time.after(time.second)));
      return got.index === 0 ? undefined : new Error("the check took too long");
    });
  },
};
