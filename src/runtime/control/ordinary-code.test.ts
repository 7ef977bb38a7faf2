// Ordinary code in a controlled run: timers, callbacks, clocks, randomness, code that runs beside its caller. What ends well
// in production ends well here; what may still be answered from outside is never called a proof.
import assert from "node:assert/strict";
import { createHash, pbkdf2, pbkdf2Sync, randomBytes, randomFill, randomInt, randomUUID, scrypt } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { readFile, stat } from "node:fs";
import { createServer, type Server } from "node:net";
import { gzip, gzipSync } from "node:zlib";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as timers from "node:timers";
import { setImmediate as immediately, setInterval as ticks, setTimeout as wait } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Choice } from "../../model/run/choice.js";
import type { Pending } from "../../model/run/program.js";
import { Chan, errgroup, go, outside, recv, select, sync, time } from "../../index.js";
import { everySchedule } from "../testing/depth-first.js";
import { ControlledProgram } from "./controlled-program.js";

/** The outcomes of all its schedules, each once. */
async function outcomes(body: () => unknown): Promise<readonly string[]> {
  const program = new ControlledProgram(body);
  await everySchedule({ name: program.name, start: (options) => program.start({ ...options, trace: true }) }, 1); // as Unpark begins
  const ends = await everySchedule(program);
  return [...new Set(ends.map(({ outcome, blocked, printed }) => [outcome.kind === "unsupported" ? outcome.what : outcome.kind, ...blocked, printed.trim()].join(" ").trim()))];
}

const WELL: Readonly<Record<string, () => Promise<void>>> = {
  "a timer sends": async () => {
    const c = new Chan<number>();
    setTimeout(() => void c.send(1), 5);
    await c.recv();
  },
  "a timer of node:timers, with arguments": async () => {
    const c = new Chan<number>();
    timers.setTimeout((n: number) => void c.send(n), 5, 7);
    if ((await c.recv()) !== 7) throw new Error("other arguments");
  },
  "setImmediate, nextTick, queueMicrotask": async () => {
    const c = new Chan<number>();
    setImmediate(() => void c.send(1));
    process.nextTick(() => void c.send(2));
    queueMicrotask(() => void c.send(3));
    await c.recv();
    await c.recv();
    await c.recv();
  },
  "timers/promises": async () => {
    await wait(50);
    await immediately();
    let n = 0;
    for await (const _ of ticks(10)) if (++n === 3) break;
  },
  "promisify(setTimeout)": async () => {
    if ((await promisify(setTimeout)(5, "v")) !== "v") throw new Error("other value");
  },
  "a stream's data": async () => {
    const c = new Chan<string>(10);
    Readable.from(["a", "b"]).on("data", (d: string) => void c.send(d));
    const got = `${await c.recv()}${await c.recv()}`;
    if (got !== "ab") throw new Error(`out of order: ${got}`);
  },
  "a pipeline of streams": async () => {
    const upper = new Transform({ transform: (chunk, _, done) => done(null, String(chunk).toUpperCase()) });
    const seen: string[] = [];
    await pipeline(Readable.from(["x", "y"]), upper, async (all) => {
      for await (const one of all) seen.push(String(one));
    });
    if (seen.join("") !== "XY") throw new Error(seen.join(""));
  },
  "an emitter, and once": async () => {
    const emitter = new EventEmitter();
    setTimeout(() => emitter.emit("ready", 3), 10);
    const [three] = (await once(emitter, "ready")) as [number];
    if (three !== 3) throw new Error("not three");
  },
  "AbortSignal.timeout": async () => {
    const c = new Chan<void>(1);
    AbortSignal.timeout(5).addEventListener("abort", () => void c.send());
    await c.recv();
  },
  "a wait that is aborted": async () => {
    const error = (await wait(1e6, undefined, { signal: AbortSignal.timeout(5) }).catch((e: unknown) => e)) as Error;
    if (error.name !== "AbortError") throw error;
  },
  "two functions at once": async () => {
    const c = new Chan<number>();
    await Promise.all([(async () => c.send(1))(), (async () => c.recv())()]);
  },
  "a loop on either side, at once": async () => {
    const c = new Chan<number>();
    const produce = async (): Promise<void> => {
      for (let i = 0; i < 3; i++) await c.send(i);
      await c.close();
    };
    const seen: number[] = [];
    const consume = async (): Promise<void> => {
      for await (const n of c) seen.push(n);
    };
    await Promise.all([produce(), consume()]);
    if (seen.join() !== "0,1,2") throw new Error(seen.join());
  },
  "begun before, awaited after": async () => {
    const c = new Chan<number>(1);
    const sent = c.send(1);
    await c.recv();
    await sent;
  },
  "not awaited: done at once, and in order, as in production": async () => {
    const c = new Chan<number>(2);
    void c.send(1);
    void c.send(2);
    if (c.length !== 2) throw new Error(`${c.length} in it`);
    if ((await c.recv()) !== 1) throw new Error("out of order");
  },
  "a counter that is not awaited": async () => {
    const wg = new sync.WaitGroup();
    void wg.add(2);
    for (let i = 0; i < 2; i++) go(() => void wg.done());
    await wg.wait();
  },
  "allSettled, race and any over channels": async () => {
    const a = new Chan<number>();
    const b = new Chan<number>(1);
    await Promise.allSettled([a.send(1), a.recv()]);
    await Promise.race([b.send(1), time.sleep(time.second)]);
    await Promise.any([b.recv()]);
  },
  "a deferred that another goroutine settles": async () => {
    const { promise, resolve } = deferred<number>();
    go(async () => {
      await time.sleep(time.second);
      resolve(1);
    });
    await promise;
  },
  "a timer that is cleared, by its handle and by its number": async () => {
    const never = (): never => {
      throw new Error("cleared");
    };
    clearTimeout(setTimeout(never, 5));
    clearTimeout(+setTimeout(never, 5));
    const first = setTimeout(() => clearTimeout(second), 5);
    const second = setTimeout(never, 5);
    await time.sleep(20 * time.millisecond);
    void first;
  },
  "an interval clears itself": async () => {
    let n = 0;
    await new Promise<void>((resolve) => {
      const all = setInterval(() => {
        if (++n < 3) return;
        clearInterval(all);
        resolve();
      }, 10);
    });
  },
  "an error group of functions with timers": async () => {
    const [group] = errgroup.withContext((await import("../api/context.js")).background());
    await group.go(() => wait(5));
    await group.go(() => wait(7));
    await group.wait();
  },
  "random bytes that come later": async () => {
    const c = new Chan<number>();
    randomFill(new Uint8Array(4), 1, 2, () => void c.send(1));
    await c.recv();
  },
  "node:crypto's hashes are real": async () => {
    if (createHash("sha256").update("x").digest("hex").length !== 64) throw new Error("no hash");
  },
};

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  return { promise: new Promise<T>((r) => (resolve = r)), resolve };
}

describe("what ends well in production ends well in every schedule", () => {
  for (const [name, body] of Object.entries(WELL)) it(name, async () => assert.deepEqual(await outcomes(body), ["quiescent"]));
});

/** Threads of the platform, of which none of its lists tells. */
const WORK: Readonly<Record<string, (done: () => void) => void>> = {
  ZLIB: (done) => gzip("x", done),
  PBKDF2REQUEST: (done) => pbkdf2("word", "salt", 10, 8, "sha1", done),
  SCRYPTREQUEST: (done) => scrypt("word", "salt", 8, done),
  "HASHREQUEST|digest": (done) => void crypto.subtle.digest("SHA-256", new Uint8Array(1)).then(done),
  compile: (done) => void WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(done),
  FSREQCALLBACK: (done) => readFile("package.json", done),
};

const threads = Object.fromEntries(
  Object.entries(WORK).map(([what, ask]) => [
    `a thread's work: ${what}`,
    [
      new RegExp(`^an answer from outside \\((${what})\\)`),
      async () => {
        const c = new Chan<number>(1);
        ask(() => void c.send(1));
        await c.recv();
      },
    ] as const,
  ]),
);

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

describe("nothing is proved while an answer from outside may come", () => {
  const LINES: Readonly<Record<string, readonly [kind: RegExp, body: () => unknown]>> = {
    "a file, by callback": [
      /^an answer from outside \(FSREQCALLBACK\), asked for at .*ordinary-code\.test\.ts:\d+, may still let goroutine 1/,
      async () => {
        const c = new Chan<number>(1);
        readFile("package.json", () => void c.send(1));
        await c.recv();
      },
    ],
    "a file, and only another goroutine waits": [
      /^an answer from outside \(FSREQCALLBACK\)/,
      async () => {
        const c = new Chan<number>();
        readFile("package.json", () => void c.send(1));
        go(() => c.recv());
      },
    ],
    ...threads,
    "a server that listens": [
      /^an answer from outside \((TCPSERVERWRAP|GETADDRINFOREQWRAP)\)/,
      async () => {
        const c = new Chan<number>();
        servers.push(createServer(() => void c.send(1)).listen(0, "127.0.0.1"));
        await c.recv();
      },
    ],
    "a plain promise that nobody settles": [/^goroutine 1 \(.*\) awaits a promise at .*ordinary-code\.test\.ts:\d+ that unpark does not control/, async () => await new Promise(() => undefined)],
  };
  for (const [name, [kind, body]] of Object.entries(LINES)) {
    it(name, async () => {
      for (const said of await outcomes(body)) assert.match(said, kind);
    });
  }
});

it("what a thread did at once, or has answered, is no work any more: a deadlock is one", async () => {
  const said = await outcomes(async () => {
    gzipSync("x");
    pbkdf2Sync("word", "salt", 10, 8, "sha1");
    await outside(promisify(gzip)("x"));
    await outside(crypto.subtle.digest("SHA-256", new Uint8Array(1)));
    await new Chan<number>().recv();
  });
  assert.deepEqual(said, ["deadlock 1 chan receive"]);
});

describe("a callback of a run that is over is none of the next one's code", () => {
  const ends = async (body: () => unknown): Promise<string | undefined> => (await everySchedule(new ControlledProgram(body, { patience: 1e6 })))[0]!.outcome.kind;

  it("what a run asked for, and did not wait for, has come when it is over", async () => {
    let came = 0;
    const asks: readonly ((done: () => void) => void)[] = [(done) => readFile("package-lock.json", done), (done) => void WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(done)];
    for (const ask of asks) await ends(() => ask(() => came++));
    assert.equal(came, 2);
  });

  it("in a turn that a step waits for", async () => {
    let late = (): void => undefined;
    await ends(() => {
      const c = new Chan<number>(1);
      late = (): void => void c.send(1);
    });
    const waits = (): Promise<void> =>
      outside(
        new Promise<void>((resolve) =>
          stat("package.json", () => {
            late();
            resolve();
          }),
        ),
      );
    assert.equal(await ends(waits), "quiescent");
  });
});

describe("all clocks are one, and randomness repeats", () => {
  it("Date.now, new Date, Date(), performance.now, hrtime, node:timers move by what is slept", async () => {
    const said = await outcomes(async () => {
      const read = (): readonly number[] => [Date.now(), +new Date(), performance.now(), Number(process.hrtime.bigint()) / 1e6, Date.parse(Date())];
      const before = read();
      await time.sleep(10 * time.second);
      await wait(5_000);
      console.log(read().map((now, i) => Math.round((now - before[i]!) / 100) / 10).join());
    });
    assert.deepEqual(said, ["quiescent 15,15,15,15,15"]);
  });

  it("dates stay dates", async () => {
    const said = await outcomes(() => console.log(new Date() instanceof Date, new Date(5).getTime()));
    assert.deepEqual(said, ["quiescent true 5"]);
  });

  it("crypto", async () => {
    const draw = (): unknown => console.log(randomUUID(), crypto.randomUUID(), randomBytes(4).toString("hex"), randomInt(1000), crypto.getRandomValues(new Uint8Array(2)).join(), Math.random());
    assert.deepEqual(await outcomes(draw), await outcomes(draw));
    assert.match((await outcomes(draw))[0]!, /^quiescent [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
  });

  it("outside of a run they are the platform's", () => {
    assert.ok(Math.abs(Date.now() - new Date().getTime()) < 1_000 && Date.now() > Date.UTC(2024));
    assert.notEqual(randomUUID(), randomUUID());
  });
});

describe("an error that ends the run is nobody's to swallow", () => {
  const kept = new Chan<number>(1);
  const SWALLOWED: Readonly<Record<string, () => unknown>> = {
    "try and catch": async () => {
      try {
        await kept.send(1);
      } catch {
        /* swallowed */
      }
    },
    allSettled: () => Promise.allSettled([kept.recv()]),
    "in a goroutine, with catch": () => go(() => kept.recv().catch(() => undefined)),
    "in a select": () => select(recv(kept)).catch(() => undefined),
  };
  for (const [name, body] of Object.entries(SWALLOWED)) {
    it(name, async () => {
      const outcome = (await everySchedule(new ControlledProgram(body)))[0]!.outcome as { kind: string; message?: string };
      assert.equal(outcome.kind, "panic");
      assert.match(outcome.message!, /was not made in this run/);
    });
  }
});

it("what a timer's callback sets going is done before the next timer that is due fires, as in production", async () => {
  const body = async (log: string[]): Promise<void> => {
    const ch = new Chan<number>(1);
    go(async () => {
      await ch.recv();
      log.push("woken");
    });
    setTimeout(() => {
      log.push("first");
      void ch.send(1);
      void Promise.resolve().then(() => log.push("microtask"));
    }, 1_000);
    setTimeout(() => log.push("second"), 1_000);
    setTimeout(() => log.push("earlier"), 10); // Node reads the clock at each call: on a busy machine a call may come milliseconds after the one before
    await wait(1_010);
  };
  const production: string[] = [];
  await body(production);
  const natural: string[] = [];
  const run = await new ControlledProgram(() => body(natural)).start();
  // Without a stall: a goroutine that can go on goes first.
  for (let able = ways(run); able.length > 0; able = ways(run)) await run.take(able[0]!);
  assert.deepEqual(natural, production);
  assert.deepEqual(natural, ["earlier", "first", "microtask", "woken", "second"]);
});

const ways = (run: { pending(): readonly Pending[] }): readonly Choice[] => run.pending().flatMap(({ alternatives }) => alternatives);
