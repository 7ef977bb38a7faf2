import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, context, go, otherwise, recv, runtime, select, sync, time, atomic } from "../../index.js";
import type { Outcome } from "../../model/run/outcome.js";
import { ControlledProgram } from "./controlled-program.js";
import { loopLimits } from "../../control/loop-limits.js";
import { ROUNDS } from "./run-length.js";

/** As the natural run and what a search has found are followed, and as schedules are tried. */
const NATURAL = { steps: 200_000 };
const LENGTHS = loopLimits(NATURAL.steps);
const SHORT = loopLimits(undefined);

/** Each goroutine in turn, the clock last. */
async function run(body: () => unknown, options: { readonly steps?: number } = NATURAL): Promise<readonly [outcome: Outcome, steps: number]> {
  const one = await new ControlledProgram(async () => void (await body())).start(options);
  let steps = 0;
  for (let turn = 0; one.outcome() === undefined; steps++) {
    const able = one.pending().filter(({ alternatives }) => alternatives.length > 0);
    const goroutines = able.filter(({ op }) => op !== "clock");
    const next = goroutines.length > 0 ? goroutines[turn++ % goroutines.length]! : able[0]!;
    await one.take(next.alternatives[0]!);
  }
  return [one.outcome()!, steps];
}

const kind = (outcome: Outcome): string => (outcome.kind === "runaway" ? `runaway ${outcome.goroutine}` : outcome.kind === "horizon" ? `horizon ${outcome.limit}` : outcome.kind);

describe("a run that comes to nothing is ended, and the one that goes round is named", () => {
  const rows: readonly [what: string, body: () => unknown, outcome: string, steps: number][] = [
    ["two poll in turn, each with a default", async () => {
      const never = new Chan<number>();
      const poll = async (): Promise<void> => {
        for (;;) if ((await select(recv(never), otherwise)).ok) return;
      };
      go(poll);
      await poll();
    }, "runaway 1.1", LENGTHS.fruitless],
    ["two read a flag in turn, and yield", async () => {
      const flag = new atomic.Atomic(false);
      const poll = async (): Promise<void> => {
        while (!(await flag.load())) await runtime.gosched();
      };
      go(poll);
      await poll();
    }, "runaway 1", LENGTHS.fruitless],
    ["two try a lock in turn that nobody gives back", async () => {
      const mutex = new sync.Mutex();
      await mutex.lock();
      const poll = async (): Promise<void> => {
        while (!(await mutex.tryLock())) await runtime.gosched();
      };
      go(poll);
      go(poll);
    }, "runaway 1.2", LENGTHS.fruitless],
    ["a closed channel is received from for ever, with a lock in between", async () => {
      const closed = new Chan<number>();
      const mutex = new sync.Mutex();
      await closed.close();
      for (;;) {
        await closed.recv();
        await mutex.lock();
        await mutex.unlock();
      }
    }, "runaway 1", 3 * LENGTHS.endless],
    ["a context that is done", async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      await cancel();
      for (;;) await select(recv(ctx.done()), recv(new Chan()));
    }, "runaway 1", LENGTHS.endless],
    ["a main that sleeps for ever", async () => {
      for (;;) await time.sleep(time.millisecond);
    }, "horizon time", 2 * ROUNDS],
    ["a ticker that is left behind", async () => {
      const ticker = time.newTicker(time.second);
      go(async () => {
        for await (const _ of ticker.c) continue;
      });
    }, "horizon time", 2 * (64 + 192)],
  ];
  for (const [what, body, outcome, about] of rows) {
    it(what, async () => {
      const [got, steps] = await run(body);
      assert.equal(kind(got), outcome);
      assert.ok(steps >= about - 1 && steps <= about + 10, `${steps} steps, about ${about} expected`);
    });
  }
});

describe("what counts, waits for one that goes on, or polls for a while is not ended", () => {
  const rows: readonly [what: string, body: () => unknown][] = [
    ["polls 1,000 times at a ticker", async () => {
      for (let i = 0; i < 1_000; i++) await time.sleep("10ms");
    }],
    ["looks 2,000 times", async () => {
      const never = new Chan<number>();
      for (let i = 0; i < 2_000; i++) await select(recv(never), otherwise);
    }],
    ["drains 2,000 times what is closed", async () => {
      const closed = new Chan<number>();
      await closed.close();
      for (let i = 0; i < 2_000; i++) await closed.recv();
    }],
    ["looks 6,000 times", async () => {
      const never = new Chan<number>();
      for (let i = 0; i < 6_000; i++) await select(recv(never), otherwise);
    }],
    ["two look 20,000 times each", async () => {
      const never = new Chan<number>();
      const looks = async (): Promise<void> => {
        for (let i = 0; i < 20_000; i++) await select(recv(never), otherwise);
      };
      go(looks);
      await looks();
    }],
    ["drains 20,000 times what is closed", async () => {
      const closed = new Chan<number>();
      await closed.close();
      for (let i = 0; i < 20_000; i++) await closed.recv();
    }],
    ["polls until another has counted", async () => {
      const count = new atomic.Atomic(0);
      go(async () => {
        for (let i = 1; i <= 3_000; i++) await count.store(i);
      });
      while ((await count.load()) < 3_000) await runtime.gosched();
    }],
  ];
  for (const [what, body] of rows) it(what, async () => assert.equal(kind((await run(body))[0]), "quiescent"));
});

describe("while schedules are tried nobody is followed as far: what is found so is followed further before it is told", () => {
  const rows: readonly [what: string, body: () => unknown, steps: number][] = [
    ["looks", async () => {
      const never = new Chan<number>();
      for (let i = 0; i < 6_000; i++) await select(recv(never), otherwise);
    }, SHORT.fruitless],
    ["receives of what is closed", async () => {
      const closed = new Chan<number>();
      await closed.close();
      for (let i = 0; i < 6_000; i++) await closed.recv();
    }, SHORT.endless],
  ];
  for (const [what, body, about] of rows) {
    it(what, async () => {
      const [outcome, steps] = await run(body, {});
      assert.equal(kind(outcome), "runaway 1");
      assert.ok(steps >= about - 1 && steps <= about + 10, `${steps} steps, about ${about} expected`);
    });
  }
});
