import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aborted, Chan, context, errgroup, go, outside, rate, recv, retry, runtime, select, semaphore, singleflight, sync, time } from "../../index.js";
import { examineTs } from "../../pipeline/typescript/examine-ts.js";

/** Everything taken, so that each operation below has to wait; `free` gives all back. */
async function occupied() {
  const all = {
    ch: new Chan<number>(), mu: new sync.Mutex(), rw: new sync.RWMutex(), group: new sync.WaitGroup(), once: new sync.Once(),
    places: new semaphore.Weighted(1), limiter: new rate.Limiter(1e-6, 1), errors: new errgroup.ErrGroup(), full: new errgroup.ErrGroup(),
    loads: new singleflight.Singleflight<string, undefined>(), conds: new sync.Mutex(), rest: new Chan<never>(),
  };
  all.full.setLimit(1);
  await all.mu.lock();
  await all.rw.lock();
  await all.group.add(1);
  await all.places.acquire(1);
  await all.limiter.wait();
  const rests = (): Promise<undefined> => all.rest.recv();
  const begun = new sync.WaitGroup();
  const begins = async (): Promise<undefined> => {
    await begun.done();
    return rests();
  };
  await begun.add(2);
  go(() => all.once.do(begins));
  go(() => all.loads.do("key", begins));
  await all.errors.go(rests);
  await all.full.go(rests);
  const sleeper = go(rests);
  await begun.wait();
  const free = async (): Promise<void> => {
    await all.rest.close();
    await sleeper.join();
  };
  return { ...all, cond: new sync.Cond(all.conds), sleeper, free };
}
type Occupied = Awaited<ReturnType<typeof occupied>>;

type Operation = (signal: AbortSignal, all: Occupied) => Promise<unknown>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  send: (signal, { ch }) => ch.send(1, { signal }),
  recv: (signal, { ch }) => ch.recv({ signal }),
  recvOk: (signal, { ch }) => ch.recvOk({ signal }),
  values: async (signal, { ch }) => {
    for await (const _ of ch.values({ signal })) assert.fail("nobody sends");
  },
  "a nil channel's": (signal) => Chan.nil<number>().recv({ signal }),
  select: async (signal, { ch }) => {
    const { index } = await select(recv(ch), aborted(signal));
    assert.equal(index, 1);
    throw signal.reason;
  },
  "Mutex.lock": (signal, { mu }) => mu.lock({ signal }),
  "RWMutex.lock": (signal, { rw }) => rw.lock({ signal }),
  "RWMutex.rlock": (signal, { rw }) => rw.rlock({ signal }),
  "RWMutex.rlocker": (signal, { rw }) => rw.rlocker().lock({ signal }),
  "WaitGroup.wait": (signal, { group }) => group.wait({ signal }),
  "Once.do": (signal, { once }) => once.do(() => undefined, { signal }),
  "Cond.wait": async (signal, { cond, conds }) => {
    await conds.lock();
    try {
      await cond.wait({ signal });
    } finally {
      await conds.unlock(); // held again, whatever ended the wait
    }
  },
  "time.sleep": (signal) => time.sleep(Infinity, { signal }),
  "Weighted.acquire": (signal, { places }) => places.acquire(1, { signal }),
  "Limiter.wait": (signal, { limiter }) => limiter.wait({ signal }),
  "Singleflight.do": (signal, { loads }) => loads.do("key", () => undefined, { signal }),
  "ErrGroup.go": (signal, { full }) => full.go(() => undefined, { signal }),
  "ErrGroup.wait": (signal, { errors }) => errors.wait({ signal }),
  join: (signal, { sleeper }) => sleeper.join({ signal }),
  retry: (signal) => retry(() => Promise.reject(new Error("again")), { signal, delay: "1h", attempts: 2 }),
};

/** What it is rejected with. */
async function reasonOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("an AbortSignal ends every wait, with its own reason", () => {
  const production: Readonly<Record<string, Operation>> = { ...OPERATIONS, outside: (signal: AbortSignal) => outside(new Promise(() => undefined), { signal }) };
  for (const [name, operation] of Object.entries(production)) {
    it(`${name}, in production`, async () => {
      const all = await occupied();
      const before = runtime.numGoroutine();
      const controller = new AbortController();
      const reason = name === "retry" ? new Error("enough") : { word: name }; // whatever it is
      const waiting = go(() => reasonOf(() => operation(controller.signal, all)));
      await time.sleep("1ms");
      controller.abort(reason);
      assert.equal(await waiting.join(), reason, "while it waits");
      assert.equal(await reasonOf(() => operation(controller.signal, all)), reason, "before it waits");
      assert.equal(runtime.numGoroutine(), before, "nobody is left");
      await all.free();
    });
  }

  for (const [name, operation] of Object.entries(OPERATIONS)) {
    it(`${name}, in every schedule`, async () => {
      const body = async (): Promise<void> => {
        const all = await occupied();
        const controller = new AbortController();
        const reason = new Error(name);
        const waiting = go(() => reasonOf(() => operation(controller.signal, all)));
        go(() => controller.abort(reason));
        const got = await waiting.join();
        await all.free();
        // What waits for a time may have had it, on a machine that stalls.
        assert.ok(got === reason || (name === "retry" && (got as Error).message === "again"), String(got));
      };
      const { findings, outcome } = await examineTs(body, { name: "t", budget: 300_000, variables: "private", schedules: 300 });
      assert.deepEqual(findings.map(({ verdict, message }) => `${verdict} ${message ?? ""}`), []);
      assert.equal(outcome, "passed");
    });
  }
});

describe("where the operation and the abort may both come, both are tried", () => {
  const rows: readonly [name: string, body: (signal: AbortSignal, give: (free: () => Promise<unknown>) => void) => Promise<unknown>][] = [
    ["lock", async (signal, give) => {
      const mu = new sync.Mutex();
      await mu.lock();
      give(() => mu.unlock());
      return mu.lock({ signal });
    }],
    ["recv", (signal, give) => {
      const ch = new Chan<number>();
      give(() => ch.send(1, { signal }).catch(() => undefined));
      return ch.recv({ signal });
    }],
    ["acquire", async (signal, give) => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      give(() => places.release(1));
      return places.acquire(1, { signal });
    }],
    ["wait", async (signal, give) => {
      const group = new sync.WaitGroup();
      await group.add(1);
      give(() => group.done());
      return group.wait({ signal });
    }],
  ];
  for (const [name, body] of rows) {
    it(name, async () => {
      const seen = new Set<string>();
      const program = async (): Promise<void> => {
        const controller = new AbortController();
        const gate = new Chan<never>();
        await gate.close();
        const waiting = go(() => reasonOf(() => body(controller.signal, (free) => void go(free))));
        go(async () => {
          await gate.recv(); // what comes before a goroutine's first operation comes as early as it can
          controller.abort();
        });
        seen.add((await waiting.join()) === undefined ? "done" : "aborted");
      };
      const { findings, coverage } = await examineTs(program, { name: "t", budget: 300_000, variables: "private" });
      assert.deepEqual(findings, []);
      assert.equal(coverage.complete, true);
      assert.deepEqual([...seen].sort(), ["aborted", "done"]);
    });
  }
});

describe("a wait whose signal nothing aborts", () => {
  const told = async (body: () => Promise<void>): Promise<readonly string[]> => {
    const { findings } = await examineTs(body, { name: "t" });
    return findings.map(({ verdict, cause, evidence }) => `${verdict} ${cause}: ${evidence.map((line) => line.replace(/ at abort\.test\.[jt]s:\d+/g, "")).join("; ")}`);
  };
  const rows: readonly [what: string, body: () => Promise<void>, expected: readonly string[]][] = [
    ["a receive", async () => {
      go(() => new Chan<number>().recv({ signal: new AbortController().signal }));
    }, ["leaked receive-without-sender: nobody ever sent on this channel; nobody closed it; nothing aborted its AbortSignal"]],
    ["a select", async () => {
      go(() => select(recv(new Chan<number>()), aborted(new AbortController().signal)));
    }, ["leaked select-without-ready-case: none of the cases of the select can become ready; a receive: nobody ever sent on this channel; an AbortSignal: nothing aborted it"]],
    ["a signal that a timer aborts", async () => {
      go(() => new Chan<number>().recv({ signal: AbortSignal.timeout(60_000) }).catch(() => undefined));
    }, []],
    ["a signal of several, one of which aborts", async () => {
      const controller = new AbortController();
      go(() => new Chan<number>().recv({ signal: AbortSignal.any([controller.signal, new AbortController().signal]) }).catch(() => undefined));
      controller.abort();
    }, []],
    ["a context's signal", async () => {
      const [ctx, cancel] = context.withCancel(context.background());
      go(() => new Chan<number>().recv(ctx).catch(() => undefined));
      await cancel();
    }, []],
    ["a context that nothing cancels", async () => {
      const [ctx] = context.withCancel(context.background());
      go(() => ctx.done().recv());
    }, ["leaked missing-cancel: it waits for a context to be done; nothing cancelled it"]],
  ];
  for (const [what, body, expected] of rows) it(what, async () => assert.deepEqual(await told(body), expected));
});

describe("an aborted wait leaves nothing behind", () => {
  it("a writer that gives up lets the readers in", async () => {
    const rw = new sync.RWMutex();
    await rw.rlock();
    const controller = new AbortController();
    const writer = go(() => reasonOf(() => rw.lock({ signal: controller.signal })));
    await time.sleep("1ms");
    const reader = go(() => rw.rlock());
    await time.sleep("1ms");
    controller.abort();
    await writer.join();
    await reader.join();
    assert.equal(await rw.tryRLock(), true);
  });

  it("what was given to it after all stays with it, and the next in the queue is served", async () => {
    const mu = new sync.Mutex();
    await mu.lock();
    const controller = new AbortController();
    const first = go(() => reasonOf(() => mu.lock({ signal: controller.signal })));
    const second = go(() => mu.lock());
    await time.sleep("1ms");
    controller.abort();
    await mu.unlock();
    await second.join();
    assert.notEqual(await first.join(), undefined);
    assert.equal(await mu.tryLock(), false);
  });

  it("a signal that outlives a thousand waits has no listener more", async () => {
    const { signal } = new AbortController();
    const ch = new Chan<number>();
    const listeners = new Set<unknown>();
    let added = 0;
    const counted = new Proxy(signal, {
      get(target, key) {
        if (key === "addEventListener") return (...args: Parameters<AbortSignal["addEventListener"]>) => (added++, listeners.add(args[1]), target.addEventListener(...args));
        if (key === "removeEventListener") return (...args: Parameters<AbortSignal["removeEventListener"]>) => (listeners.delete(args[1]), target.removeEventListener(...args));
        return Reflect.get(target, key, target) as unknown;
      },
    });
    const receiver = go(async () => {
      for (let n = 0; n < 1_000; n++) await ch.recv({ signal: counted });
    });
    for (let n = 0; n < 1_000; n++) await ch.send(n);
    await receiver.join();
    assert.ok(added > 0);
    assert.equal(listeners.size, 0);
  });
});
