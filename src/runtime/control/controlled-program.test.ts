import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, context, go, otherwise, rand, recv, runtime, select, send, sync, time } from "../../index.js";
import { everySchedule } from "../testing/depth-first.js";
import { ControlledProgram } from "./controlled-program.js";

const outcomes = async (body: () => unknown): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome, printed, blocked } of await everySchedule(new ControlledProgram(body))) {
    const key = [outcome.kind === "panic" ? outcome.message : outcome.kind, printed.trim(), ...blocked].join("|");
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};

describe("a controlled program: schedules that can be counted by hand", () => {
  it("one meeting is one schedule: waiting is no event", async () => {
    const ends = await everySchedule(
      new ControlledProgram(async () => {
        const ch = new Chan<number>();
        go(() => ch.send(1));
        console.log(await ch.recv());
      }),
    );
    assert.deepEqual(ends.map((e) => [e.schedule, e.outcome.kind, e.printed]), [["1.1>1", "quiescent", "1\n"]]);
  });

  it("three senders into one buffered channel: 3! = 6", async () => {
    const ends = await everySchedule(
      new ControlledProgram(() => {
        const ch = new Chan<number>(3);
        for (let i = 0; i < 3; i++) go(() => ch.send(i));
      }),
    );
    assert.equal(ends.length, 6);
  });

  it("two goroutines that each lock and unlock once: lock, unlock, lock, unlock, twice", async () => {
    const ends = await everySchedule(
      new ControlledProgram(() => {
        const mu = new sync.Mutex();
        for (let i = 0; i < 2; i++) {
          go(async () => {
            await mu.lock();
            await mu.unlock();
          });
        }
      }),
    );
    assert.deepEqual(ends.map((e) => e.schedule), ["1.1 1.1 1.2 1.2", "1.2 1.2 1.1 1.1"]);
  });

  it("a sender that nobody receives from leaks, and says why", async () => {
    const got = await outcomes(() => {
      const ch = new Chan<number>();
      go(() => ch.send(1));
    });
    assert.deepEqual(got, { "quiescent||1.1 chan send": 1 });
  });

  it("main blocked for ever is a deadlock", async () => {
    assert.deepEqual(await outcomes(() => new Chan<void>().recv()), { "deadlock||1 chan receive": 1 });
  });

  it("a default is taken while a partner has only come near; the meeting is the other way", async () => {
    const got = await outcomes(async () => {
      const ch = new Chan<number>();
      go(() => ch.send(1));
      console.log((await select(recv(ch), otherwise)).index);
    });
    assert.deepEqual(got, { "quiescent|0": 1, "quiescent|-1|1.1 chan send": 1 });
  });

  it("closing while another sends panics in some schedules, with Go's words", async () => {
    const got = await outcomes(async () => {
      const ch = new Chan<number>(1);
      go(() => ch.send(1));
      await ch.close();
    });
    assert.deepEqual(got, { "quiescent|": 1, "panic: send on closed channel|": 1 });
  });

  it("time is virtual: a timeout and a result race, and an hour costs nothing", async () => {
    const got = await outcomes(async () => {
      const ch = new Chan<string>();
      go(async () => {
        await time.sleep(time.hour / 10);
        await ch.send("slow");
      });
      const first = await select(recv(ch), recv(time.after(time.second)));
      console.log(first.index);
    });
    // The clock may move on twice before the select is served: a real machine may stall for as long.
    assert.deepEqual(Object.keys(got).sort(), ["quiescent|0", "quiescent|1|1.1 chan send"]);
  });

  it("a random input is a choice", async () => {
    const got = await outcomes(async () => console.log(await rand.choose(3)));
    assert.deepEqual(got, { "quiescent|0": 1, "quiescent|1": 1, "quiescent|2": 1 });
  });

  it("Cond: the signal of one who holds the lock wakes the waiter, or comes too early", async () => {
    const got = await outcomes(async () => {
      const mu = new sync.Mutex();
      const cond = new sync.Cond(mu);
      go(async () => {
        await mu.lock();
        await cond.wait();
        await mu.unlock();
        console.log("woken");
      });
      await mu.lock();
      await cond.signal();
      await mu.unlock();
    });
    assert.equal(got["quiescent|woken"]! > 0, true);
    assert.equal(got["quiescent||1.1 sync.Cond.Wait"]! > 0, true);
    assert.equal(Object.keys(got).length, 2);
  });

  it("a cancelled context ends who waits for it; a forgotten one does not", async () => {
    const worker = (ctx: context.Context) => async () => {
      await ctx.done().recv();
      console.log(ctx.err()?.message);
    };
    assert.deepEqual(
      Object.keys(
        await outcomes(async () => {
          const [ctx, cancel] = context.withCancel(context.background());
          go(worker(ctx));
          await cancel();
        }),
      ),
      ["quiescent|context canceled"],
    );
    assert.deepEqual(
      await outcomes(() => {
        const [ctx] = context.withCancel(context.background());
        go(worker(ctx));
      }),
      { "quiescent||1.1 chan receive": 1 },
    );
    assert.deepEqual(
      Object.keys(
        // Who sets the deadline off may stall until main's cancel is there.
        await outcomes(async () => {
          const [ctx, cancel] = context.withTimeout(context.background(), time.second);
          go(worker(ctx));
          await time.sleep(2 * time.second);
          await cancel();
        }),
      ).sort(),
      ["quiescent|context canceled", "quiescent|context deadline exceeded"],
    );
  });
});

const setTimeoutOfBefore = globalThis.setTimeout;

describe("a controlled program: what goes wrong is said", () => {
  const only = async (body: () => unknown) => (await everySchedule(new ControlledProgram(body)))[0]!.outcome;

  it("a foreign promise: which goroutine, and after what", async () => {
    const outcome = await only(async () => {
      await runtime.gosched();
      await new Promise((resolve) => setTimeoutOfBefore(resolve, 1));
    });
    assert.equal(outcome.kind, "unsupported");
    assert.match((outcome as { what: string }).what, /goroutine 1 .* awaits a promise .*controlled-program\.test.*outside/);
  });

  it("outside(…) declares it", async () => {
    const outcome = await only(async () => {
      const ch = new Chan<number>(1);
      await runtime.outside(new Promise((resolve) => setTimeoutOfBefore(resolve, 1)));
      await ch.send(1);
    });
    assert.equal(outcome.kind, "quiescent");
  });


  it("an object of another world", async () => {
    const outside = new Chan<number>(1);
    const outcome = await only(() => outside.send(1));
    assert.match((outcome as { message: string }).message, /was not made in this run/);
  });

  it("an endless ticker meets the horizon", async () => {
    const outcome = await only(async () => {
      go(async () => {
        for await (const _ of time.tick(time.minute));
      });
    });
    assert.deepEqual(outcome, { kind: "horizon", scopeOver: true, cutShort: 1, limit: "time", watched: 600_000_000_000n });
  });

  for (const [what, waits] of [["a timer", () => time.newTimer(10 / 3).c.recv()], ["a sleep", () => time.sleep(10 / 3)]] as const) {
    it(`${what} that is due between two nanoseconds fires at the next one`, async () => {
      const begun: time.Time[] = [];
      const outcome = await only(async () => {
        begun.push(time.now());
        await waits();
        if (time.since(begun[0]!) < 3) throw new Error("too early");
      });
      assert.equal(outcome.kind, "quiescent");
    });
  }

  it("the same schedule gives the same run, names included", async () => {
    const program = new ControlledProgram(async () => {
      const ch = new Chan<number>();
      for (let i = 0; i < 2; i++) go(() => ch.send(i));
      console.log(await ch.recv(), await select(recv(ch), send(new Chan<number>(1), 1)));
    });
    assert.deepEqual(await everySchedule(program), await everySchedule(program));
  });
});
