import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, context, errgroup, go, panic, rate, retry, singleflight, sync, time } from "../../index.js";
import { ControlledProgram } from "../control/controlled-program.js";
import { everySchedule } from "../testing/depth-first.js";

/** What the program prints in each schedule, and who is left; each ending once. */
async function endings(body: () => unknown): Promise<readonly string[]> {
  const ends = await everySchedule(new ControlledProgram(body), 100_000);
  return [...new Set(ends.map(({ outcome, printed, blocked }) => [outcome.kind, ...printed.trim().split("\n"), ...blocked].filter(Boolean).join(" ")))].sort();
}

/** The same of one schedule: the clock moves when nobody can go on. */
async function natural(body: () => unknown): Promise<readonly string[]> {
  const [end] = await everySchedule(new ControlledProgram(body), 1);
  return [[end!.outcome.kind, ...end!.printed.trim().split("\n"), ...end!.blocked].filter(Boolean).join(" ")];
}

describe("singleflight.Singleflight", () => {
  it("in every schedule: what overlaps shares one call, what does not runs again, and no order hangs", async () => {
    const got = await endings(async () => {
      const flights = new singleflight.Singleflight<string, number>();
      const wg = new sync.WaitGroup();
      let calls = 0;
      const told: string[] = [];
      for (let i = 0; i < 2; i++) {
        await wg.go(async () => {
          const { value, shared } = await flights.do("k", () => ++calls);
          told.push(`${value}${shared ? " shared" : ""}`);
        });
      }
      await wg.wait();
      console.log(told.sort().join(", "));
    });
    assert.deepEqual(got, ["quiescent 1 shared, 1 shared", "quiescent 1, 2"]);
  });

  it("an error is every asker's; the next call runs", async () => {
    const flights = new singleflight.Singleflight<string, number>();
    const gate = new Chan<void>();
    const asked = [1, 2].map(() => flights.do("k", async () => {
      await gate.recv();
      throw new Error("down");
    }));
    await gate.send();
    for (const one of asked) await assert.rejects(one, /down/);
    assert.deepEqual(await flights.do("k", () => 3), { value: 3, shared: false });
  });

  it("keys are apart, and forget lets the next one run beside", async () => {
    const flights = new singleflight.Singleflight<string, string>();
    const gate = new Chan<void>();
    const slow = flights.do("a", async () => (await gate.recv(), "slow"));
    assert.deepEqual(await flights.do("b", () => "other"), { value: "other", shared: false });
    await flights.forget("a");
    assert.deepEqual(await flights.do("a", () => "fast"), { value: "fast", shared: false });
    await gate.send();
    assert.deepEqual(await slow, { value: "slow", shared: false });
  });
});

describe("rate.Limiter, in virtual time", () => {
  it("the burst at once, then one for each distance; what is waited for is in turn", async () => {
    const got = await natural(async () => {
      const limiter = new rate.Limiter(rate.every("100ms"), 2);
      const begun = time.now();
      for (let i = 0; i < 4; i++) await limiter.wait();
      console.log(Math.round(time.since(begun) / time.millisecond), await limiter.allow());
      await time.sleep("10s");
      console.log([await limiter.allow(2), await limiter.allow()].join());
    });
    assert.deepEqual(got, ["quiescent 200 false true,false"]);
  });

  it("a context that is over gives its tokens back", async () => {
    const got = await natural(async () => {
      const limiter = new rate.Limiter(1, 1);
      await limiter.wait();
      const [ctx, cancel] = context.withTimeout(context.background(), "10ms");
      const begun = time.now();
      await limiter.wait(ctx).catch((error: Error) => console.log(error.message));
      await limiter.wait();
      console.log(Math.round(time.since(begun) / time.millisecond));
      await cancel();
    });
    assert.deepEqual(got, ["quiescent context deadline exceeded 1000"]);
  });

  it("what is no limit, no burst, or more than the burst is an error that says so", async () => {
    for (const limit of [0, -1, NaN]) assert.throws(() => new rate.Limiter(limit, 1), /^RangeError: rate.Limiter: limit is/);
    for (const burst of [0, 1.5, NaN]) assert.throws(() => new rate.Limiter(1, burst), /^RangeError: rate.Limiter: burst is/);
    await assert.rejects(new rate.Limiter(1, 1).wait(context.background(), 2), /2 tokens are more than the burst of 1/);
    const free = new rate.Limiter(Infinity, 1);
    await free.wait(context.background(), 1_000);
    assert.equal(await free.allow(1_000), true);
  });
});

describe("retry, in virtual time", () => {
  it("waits longer each time, and gives what the first attempt gives that does not throw", async () => {
    const got = await natural(async () => {
      const begun = time.now();
      const at: number[] = [];
      const value = await retry((attempt) => {
        at.push(Math.round(time.since(begun) / time.millisecond));
        return attempt < 4 ? panic("busy") : attempt;
      }, { attempts: 5, delay: "100ms", jitter: 0, most: "250ms" });
      console.log(value, at.join());
    });
    assert.deepEqual(got, ["quiescent 4 0,100,300,550"]);
  });

  it("the last error; one that is not worth it; a context that is over while it waits", async () => {
    let calls = 0;
    const fails = (attempt: number): never => panic(`${++calls} ${attempt}`);
    await assert.rejects(retry(fails, { attempts: 3, delay: 0 }), /^Panic: 3 3$/);
    await assert.rejects(retry(fails, { when: () => false }), /^Panic: 4 1$/);
    const [ctx, cancel] = context.withCancel(context.background());
    go(cancel);
    await assert.rejects(retry(fails, { ctx, delay: "1h" }), /^Canceled: context canceled$/);
    assert.equal(calls, 5);
    for (const attempts of [0, NaN]) await assert.rejects(retry(fails, { attempts }), /RangeError: retry: attempts is/);
    await assert.rejects(retry(fails, { delay: NaN }), /RangeError: retry, delay: duration is NaN/);
    await assert.rejects(retry(fails, { attempts: undefined, delay: "1ns", jitter: undefined }), /^Panic: 8 3$/);
  });
});

describe("errgroup.scope", () => {
  it("in every schedule: all are over when it returns, and its context with them", async () => {
    const got = await endings(async () => {
      let over = 0;
      let kept: context.Context | undefined;
      const value = await errgroup.scope(context.background(), async (group, ctx) => {
        kept = ctx;
        for (let i = 0; i < 2; i++) await group.go(() => void over++);
        return "value";
      });
      console.log(value, over, kept?.err()?.message);
    });
    assert.deepEqual(got, ["quiescent value 2 context canceled"]);
  });

  it("the body's own error cancels the others, and is thrown when they are over", async () => {
    const got = await endings(async () => {
      let ended = false;
      await errgroup.scope(context.background(), async (group, ctx) => {
        await group.go(async () => {
          await ctx.done().recv();
          ended = true;
        });
        throw new Error("body");
      }).catch((error: Error) => console.log(error.message, ended));
    });
    assert.deepEqual(got, ["quiescent body true"]);
  });
});
