// What production does, apart from what Go says: each row is a mistake that was made.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { scheduler } from "../core/current-runtime.js";
import { atomic, Chan, context, go, otherwise, recv, runtime, select, semaphore, send, sync, time } from "../../index.js";

const INDEX = new URL("../../index.js", import.meta.url).href;

describe("AsyncLocalStorage flows into whatever was started, from where it was started", () => {
  const als = new AsyncLocalStorage<string>();
  const WAYS: Readonly<Record<string, (see: () => void) => unknown>> = {
    go: (see) => go(see),
    "go, many": (see) => {
      for (let i = 0; i < 5; i++) go(see);
    },
    "go in go": (see) => go(() => go(see)),
    "after a receive": (see) => {
      const c = new Chan<number>();
      go(async () => {
        await c.recv();
        see();
      });
      go(() => c.send(1));
    },
    "after a select, a lock, a wait": (see) => {
      const c = new Chan<number>(1);
      const mu = new sync.Mutex();
      const wg = new sync.WaitGroup();
      go(async () => {
        await wg.add(1);
        go(() => wg.done());
        await mu.lock();
        await select(recv(c), send(c, 1));
        await wg.wait();
        see();
      });
    },
    "after a sleep": (see) =>
      go(async () => {
        await time.sleep(time.millisecond);
        see();
      }),
    afterFunc: (see) => time.afterFunc(time.millisecond, see),
    "a context's end": (see) => {
      const [ctx, cancel] = context.withCancel(context.background());
      context.afterFunc(ctx, see);
      void cancel();
    },
    "WaitGroup.go": (see) => new sync.WaitGroup().go(see),
  };
  for (const [name, start] of Object.entries(WAYS)) {
    it(name, async () => {
      const wrong: string[] = [];
      let seen = 0;
      for (const user of ["alice", "bob", "carol"]) {
        als.run(user, () =>
          start(() => {
            seen++;
            if (als.getStore() !== user) wrong.push(`${user}: ${als.getStore()}`);
          }),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(wrong, []);
      assert.ok(seen >= 3);
    });
  }
});

describe("a duration that is no number is an error that names it; Infinity is never", () => {
  const wrong = Number(undefined);
  const THROWN: Readonly<Record<string, () => unknown>> = {
    "time.after": () => time.after(wrong),
    "time.newTimer": () => time.newTimer(wrong),
    "time.newTicker": () => time.newTicker(wrong),
    "time.afterFunc": () => time.afterFunc(wrong, () => undefined),
  };
  for (const [name, call] of Object.entries(THROWN)) it(name, () => assert.throws(call, { name: "RangeError", message: new RegExp(`^${name}: duration is NaN`) }));
  it("time.sleep, Timer.reset reject", async () => {
    await assert.rejects(time.sleep(wrong), /^RangeError: time\.sleep: duration is NaN/);
    await assert.rejects(time.newTimer(time.hour).reset(wrong), /Timer\.reset: duration is NaN/);
    await assert.rejects(time.sleep("5" as unknown as number), /duration is 5; it is a number/);
  });
  it("a text says its unit, and means the same as the product", async () => {
    for (const [text, nanoseconds] of [["500ms", 500e6], ["1.5s", 1.5e9], ["1h30m", 5400e9], ["2m5s", 125e9], ["7ns", 7], ["3us", 3e3], ["3µs", 3e3]] as const) assert.equal(time.parseDuration(text), nanoseconds);
    assert.deepEqual([time.ms(500), time.seconds(2), time.minutes(3), time.hours(1)], [500 * time.millisecond, 2 * time.second, 3 * time.minute, time.hour]);
    const now = time.now();
    assert.equal(now.add("1s").sub(now), time.second);
    for (const wrong of ["", "5", "ms", "5 ms", "5d", "-", "1s5", "1e3ms"]) {
      assert.throws(() => time.parseDuration(wrong), { name: "RangeError", message: new RegExp(`^time.parse: duration is ${wrong}; it is a number of nanoseconds`) });
      await assert.rejects(time.sleep(wrong as "1s"), RangeError);
    }
    const [ctx, cancel] = context.withTimeout(context.background(), "1ms");
    const got = await select(recv(ctx.done()), recv(time.after("1h")));
    assert.equal(got.index, 0);
    await cancel();
  });
  it("the others wake up all the same", async () => {
    assert.throws(() => time.after(wrong));
    await time.sleep(time.millisecond);
  });
  it("nothing that is to come after Infinity comes", async () => {
    const [ctx, cancel] = context.withTimeout(context.background(), Infinity);
    const got = await select(recv(time.after(Infinity)), recv(time.newTimer(1e30).c), recv(ctx.done()), recv(time.after(time.millisecond)));
    assert.equal(got.index, 3);
    assert.equal(ctx.err(), undefined);
    await cancel();
    assert.ok(time.now().add(Infinity).unixNano > time.now().add(time.hour).unixNano);
  });
});

describe("what returns a promise never throws", () => {
  const closed = new Chan<number>(1);
  void closed.close();
  const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
    "send on closed": () => closed.send(1),
    "close of closed": () => closed.close(),
    "close of nil": () => Chan.nil<number>().close(),
    "select sends on closed": () => select(send(closed, 1), otherwise),
    "select of what is no channel": () => select(recv({} as never)),
    "unlock of unlocked": () => new sync.Mutex().unlock(),
    "Unlock of unlocked": () => new sync.RWMutex().unlock(),
    "RUnlock of unlocked": () => new sync.RWMutex().runlock(),
    "a Done too many": () => new sync.WaitGroup().done(),
    "released too much": () => new semaphore.Weighted(1).release(1),
  };
  for (const [name, call] of Object.entries(CALLS)) {
    it(name, async () => {
      const promise = call();
      await assert.rejects(promise);
    });
  }
  it("what works goes on working", async () => assert.equal(await new atomic.Int(1).add(1), 2));
});

describe("what is due is done in the order of its time, and who is woken goes on before the next", () => {
  const stall = (ms: number): void => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  const first = async (): Promise<string> => {
    const answers = new Chan<string>(2);
    const ask = (name: string, ms: number): void =>
      void go(async () => {
        await time.sleep(ms * time.millisecond);
        await answers.send(name);
      });
    ask("slow", 20);
    ask("fast", 10);
    const got = await select(recv(answers), recv(time.after(30 * time.millisecond)));
    return got.index === 0 ? got.value! : "timeout";
  };
  it("after a stall, and after one that began at once", async () => {
    const late = first();
    await new Promise((resolve) => setImmediate(resolve));
    stall(60);
    assert.equal(await late, "fast");
    const atOnce = first();
    stall(60);
    assert.equal(await atOnce, "fast");
  });
});

describe("an unrecovered panic", () => {
  const run = (listens: boolean): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const listener = listens ? `process.on("uncaughtException", (e) => console.log("heard", e.message));` : "";
    const program = `import { go } from ${JSON.stringify(INDEX)}; ${listener} go(async function worker() { throw new Error("boom"); }); setTimeout(() => console.log("alive"), 20);`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  };
  it("is an uncaught exception where somebody listens", () => assert.deepEqual([run(true).status, run(true).stdout], [0, "heard boom\nalive\n"]));
  it("ends the process with exit code 2 where nobody does", () => {
    const { status, stderr } = run(false);
    assert.equal(status, 2);
    assert.match(stderr, /^panic: boom\n\ngoroutine 2 \[running\]:/);
  });
});

describe("stacks of some only", () => {
  const captured = async (on: boolean | { readonly every: number }): Promise<number> => {
    const gate = new Chan<void>();
    runtime.setTraceback(on);
    for (let i = 0; i < 8; i++) go(async function waits() {
      await gate.recv();
    });
    await new Promise((resolve) => setTimeout(resolve));
    runtime.setTraceback(false);
    const waiting = [...scheduler.all].filter(({ entry }) => entry === "waits");
    const count = waiting.flatMap(({ createdAt, stoppedAt }) => [createdAt, stoppedAt]).filter((one) => one !== undefined).length;
    await gate.close();
    return count;
  };
  for (const [on, expected] of [[false, 0], [true, 16], [{ every: 1 }, 16], [{ every: 4 }, 4], [{ every: 100 }, 1], [true, 16]] as const) {
    it(`setTraceback(${JSON.stringify(on)}): ${expected} of 16`, async () => assert.equal(await captured(on), expected));
  }
  it("what is no number of times is an error that says so", () => {
    for (const every of [0, -1, 1.5, NaN]) assert.throws(() => runtime.setTraceback({ every }), /^RangeError: runtime.setTraceback: every is/);
  });
});
