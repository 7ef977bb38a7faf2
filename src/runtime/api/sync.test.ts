// errgroup, semaphore, the Once functions and `await using`: in production as written, and over all schedules where the
// order is what matters.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, context, errgroup, go, recv, runtime, select, semaphore, sync, time } from "../../index.js";
import { isOf } from "../../model/run/operation.js";
import { ControlledProgram } from "../control/controlled-program.js";
import { everySchedule } from "../testing/depth-first.js";

/** What the program prints in each schedule, and who is left; each ending once. */
async function endings(body: () => unknown): Promise<readonly string[]> {
  const ends = await everySchedule(new ControlledProgram(body), 100_000);
  return [...new Set(ends.map(({ outcome, printed, blocked }) => [outcome.kind, ...printed.trim().split("\n"), ...blocked].filter(Boolean).join(" ")))].sort();
}

const fails = (text: string) => async (): Promise<never> => {
  throw new Error(text);
};

describe("errgroup", () => {
  it("wait gives the first error, after all have ended", async () => {
    const ended: number[] = [];
    const group = new errgroup.ErrGroup();
    for (let i = 0; i < 5; i++) {
      await group.go(async () => {
        for (let k = 0; k <= i; k++) await runtime.gosched();
        ended.push(i);
        if (i === 2 || i === 4) throw new Error(`task ${i}`);
      });
    }
    await assert.rejects(group.wait(), /^Error: task 2$/);
    assert.equal(ended.length, 5);
  });

  it("what is thrown and is no error becomes one; without errors nothing is thrown", async () => {
    const group = new errgroup.ErrGroup();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what users may do
    await group.go(() => { throw "a word"; });
    await assert.rejects(group.wait(), /^Error: a word$/);
    await new errgroup.ErrGroup().wait();
  });

  it("in every schedule the first to fail is the one reported, and its context is over by then", async () => {
    const got = await endings(async () => {
      const [group, ctx] = errgroup.withContext(context.background());
      await group.go(fails("a"));
      await group.go(async () => {
        await ctx.done().recv();
        throw context.cause(ctx)!;
      });
      await group.wait().catch((error: Error) => console.log(error.message, ctx.err()?.message));
    });
    assert.deepEqual(got, ["quiescent a context canceled"]);
  });

  it("two that fail: either may be first", async () => {
    const got = await endings(async () => {
      const group = new errgroup.ErrGroup();
      const gate = new sync.Mutex();
      for (const name of ["a", "b"]) {
        await group.go(async () => {
          await gate.lock();
          await gate.unlock();
          throw new Error(name);
        });
      }
      await group.wait().catch((error: Error) => console.log(error.message));
    });
    assert.deepEqual(got, ["quiescent a", "quiescent b"]);
  });

  it("setLimit: never more at once, in any schedule", async () => {
    const got = await endings(async () => {
      let inside = 0;
      let most = 0;
      const group = new errgroup.ErrGroup();
      group.setLimit(1);
      for (let i = 0; i < 2; i++) {
        await group.go(async () => {
          most = Math.max(most, ++inside);
          await runtime.gosched();
          inside--;
        });
      }
      await group.wait();
      console.log(most);
    });
    assert.deepEqual(got, ["quiescent 1"]);
  });

  it("tryGo starts nothing when no place is free", async () => {
    const group = new errgroup.ErrGroup();
    group.setLimit(1);
    const stop = new Chan<void>();
    assert.equal(await group.tryGo(() => stop.recv()), true);
    assert.equal(await group.tryGo(() => assert.fail("not started")), false);
    await stop.send();
    await group.wait();
    assert.equal(await group.tryGo(() => undefined), true);
    await group.wait();
  });
});

describe("semaphore.Weighted", () => {
  it("a trace calls each operation by its own name", async () => {
    const program = new ControlledProgram(async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      await places.tryAcquire(1);
      const [ctx, cancel] = context.withCancel(context.background());
      await cancel();
      await places.acquire(1, ctx).catch(() => undefined);
      await places.release(1);
    });
    const run = await program.start({ trace: true });
    while (run.outcome() === undefined) await run.take(run.pending().find(({ alternatives }) => alternatives.length > 0)!.alternatives[0]!);
    const ops = run.trace()!.steps.flatMap(({ acts }) => acts.map(({ op }) => op)).filter((op) => isOf(op, "semaphore"));
    assert.deepEqual(ops, ["semacquire", "trysemacquire", "semacquire", "semwait", "semleave", "semrelease"]);
  });

  it("first come, first served: a large request is not starved by small ones", async () => {
    const order: string[] = [];
    const places = new semaphore.Weighted(3);
    const wg = new sync.WaitGroup();
    await places.acquire(2);
    for (const [name, weight] of [["large", 3], ["small", 1]] as const) {
      await wg.go(async () => {
        await places.acquire(weight);
        order.push(name);
        await places.release(weight);
      });
      await runtime.gosched();
    }
    assert.equal(await places.tryAcquire(1), false); // room for it, but another was there first
    await places.release(2);
    await wg.wait();
    assert.deepEqual(order, ["large", "small"]);
  });

  it("acquire is left when its context is over, and what was behind it goes on", async () => {
    const places = new semaphore.Weighted(2);
    await places.acquire(1);
    const [ctx, cancel] = context.withCancel(context.background());
    const left = new Chan<Error>(1);
    const behind = new Chan<string>(1);
    go(async () => places.acquire(2, ctx).catch((error: Error) => left.send(error)));
    await runtime.gosched();
    go(async () => {
      await places.acquire(1);
      await behind.send("in");
    });
    await cancel();
    assert.ok((await left.recv()) instanceof context.Canceled);
    assert.equal(await behind.recv(), "in");
  });

  it("a hopeless request waits for its context alone, and keeps nobody out", async () => {
    const places = new semaphore.Weighted(1);
    const [ctx] = context.withTimeout(context.background(), time.millisecond);
    await assert.rejects(places.acquire(2, ctx), context.DeadlineExceeded);
    await places.acquire(1);
  });

  it("granted or cancelled, in every schedule exactly one of the two, and no place is lost", async () => {
    const got = await endings(async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      const [ctx, cancel] = context.withCancel(context.background());
      const over = new Chan<string>(1);
      go(async () => {
        const word = await places.acquire(1, ctx).then(() => "granted", () => "left");
        if (word === "granted") await places.release(1);
        await over.send(word);
      });
      go(() => cancel());
      await places.release(1);
      const word = await over.recv();
      console.log(word, await places.tryAcquire(1));
    });
    assert.deepEqual(got, ["quiescent granted true", "quiescent left true"]);
  });
});

describe("the Once functions", () => {
  it("onceValue and onceValues compute once; everybody gets it, also who comes while it is computed", async () => {
    let calls = 0;
    const value = sync.onceValue(async () => {
      await runtime.gosched();
      return ++calls;
    });
    assert.deepEqual(await Promise.all([0, 1, 2].map(() => inGoroutine(value))), [1, 1, 1]);
    const both = sync.onceValues(() => ["a", ++calls] as const);
    assert.deepEqual([await both(), await both()], [["a", 2], ["a", 2]]);
  });

  it("what it throws is thrown to every caller, and it is not tried again", async () => {
    let calls = 0;
    const value = sync.onceValue(() => {
      throw new Error(`call ${++calls}`);
    });
    await assert.rejects(value(), /call 1/);
    await assert.rejects(value(), /call 1/);
    const run = sync.onceFunc(() => {
      throw new Error(`run ${++calls}`);
    });
    await assert.rejects(run(), /run 2/);
    await assert.rejects(run(), /run 2/);
  });

  it("Once.do returns after the one that runs it, and a panic in it counts as done", async () => {
    const once = new sync.Once();
    await assert.rejects(once.do(fails("first")), /first/);
    await once.do(() => assert.fail("a second time"));
    assert.deepEqual(
      await endings(async () => {
        const once = new sync.Once();
        let done = false;
        const wg = new sync.WaitGroup();
        for (let i = 0; i < 2; i++) {
          await wg.go(async () => {
            await once.do(async () => {
              await runtime.gosched();
              done = true;
            });
            console.log(done);
          });
        }
        await wg.wait();
      }),
      ["quiescent true true"],
    );
  });
});

describe("await using", () => {
  it("unlocks where the block ends, also by a throw", async () => {
    const mu = new sync.Mutex();
    const rw = new sync.RWMutex();
    const inside = async (): Promise<never> => {
      await using _a = await mu.lock();
      await using _b = await rw.lock();
      assert.equal(await mu.tryLock(), false);
      assert.equal(await rw.tryRLock(), false);
      throw new Error("out");
    };
    await assert.rejects(inside(), /out/);
    assert.equal(await mu.tryLock(), true);
    {
      await using _read = await rw.rlock();
      assert.equal(await rw.tryLock(), false);
      assert.equal(await rw.tryRLock(), true);
      await rw.runlock();
    }
    assert.equal(await rw.tryLock(), true);
  });

  it("cancels where the block ends", async () => {
    let ctx: context.Context;
    {
      await using scope = context.withCancel(context.background());
      ctx = scope.ctx;
      assert.equal(ctx.err(), undefined);
    }
    assert.ok(ctx.err() instanceof context.Canceled);
    assert.equal((await select(recv(ctx.done()))).ok, false);
  });
});

const inGoroutine = <T>(body: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => go(() => body().then(resolve, reject)));
