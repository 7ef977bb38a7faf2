// What is proved of awaits of ordinary code, at which line, and what is said of it; and what must never be proved.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { PassThrough } from "node:stream";
import { examineTs } from "../pipeline/typescript/examine-ts.js";

const LINES = readFileSync(new URL("../../../src/promises/prover.test.ts", import.meta.url), "utf8").split("\n");
const lineOf = (mark: string): number => LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  constructor(free: number) {
    this.#free = free;
  }
  acquire(): Promise<void> {
    if (this.#free-- > 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve)); // queue
  }
  fails(): void {
    throw new Error("no");
  }
  release(): void {
    this.#free++;
    this.#waiting.shift()?.();
  }
}

/** Runs under a semaphore, which it gives back only where `f` does not throw. */
async function within(semaphore: Semaphore, f: () => Promise<void>): Promise<void> {
  await semaphore.acquire(); // kept error
  await f();
  semaphore.release();
}

/** As a runner keeps the promises of its assertions with the test. */
const asserted: Promise<unknown>[] = [];

const never = (): Promise<void> => new Promise(() => undefined);

async function inner(): Promise<void> {
  await Promise.resolve();
  await never(); // inner
}

async function outer(): Promise<void> {
  await inner(); // outer
}

/** What a row says: verdict and the line's mark of each finding; for the first, who waits in turn. */
const PROVED: Readonly<Record<string, readonly [findings: readonly (readonly [verdict: string, mark: string])[], waiters: readonly string[], body: () => unknown]>> = {
  "of what is no promise, then of one": [[["deadlock", "plain"]], [], async () => {
    await (null as unknown as Promise<void>); // of what is no promise V8 makes one first
    await never(); // plain
  }],
  "a promise that nobody settles": [[["deadlock", "direct"]], [], async () => {
    await never(); // direct
  }],
  "the innermost await, and who waits for it in turn": [[["deadlock", "inner"]], ["outer", "turn"], async () => {
    await outer(); // turn
  }],
  "one of several that Promise.all waits for": [[["deadlock", "inner"]], ["all"], async () => {
    await Promise.all([Promise.resolve(), inner()]); // all
  }],
  "what an async function returns without an await": [[["deadlock", "inner"]], ["returned"], async () => {
    const passed = async (): Promise<void> => inner();
    await passed(); // returned
  }],
  "behind an error that somebody keeps, whose stack nobody has read: it holds what its functions were called on": [[["deadlock", "kept error"]], ["behind the error"], async () => {
    const semaphore = new Semaphore(1);
    const fails = within(semaphore, async () => semaphore.fails());
    asserted.push(fails);
    await fails.catch(() => undefined);
    await within(semaphore, async () => undefined); // behind the error
  }],
  "behind then": [[["deadlock", "inner"]], ["then"], async () => {
    await inner().then(() => 1); // then
  }],
  "a permit that is not given back": [[["deadlock", "second"]], [], async () => {
    const semaphore = new Semaphore(1);
    await semaphore.acquire();
    await semaphore.acquire(); // second
  }],
  "a lock is asked for by the code that holds it": [[["deadlock", "again"]], ["holder", "first"], async () => {
    const semaphore = new Semaphore(1);
    const exclusive = async (work: () => Promise<void>): Promise<void> => {
      await semaphore.acquire(); // again
      await work(); // holder
      semaphore.release();
    };
    await exclusive(() => exclusive(async () => undefined)); // first
  }],
  "after its timer has fired": [[["deadlock", "late"]], [], async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await never(); // late
  }],
  "left by a test that passes": [[["leaked", "inner"]], [], async () => {
    void inner();
    await Promise.resolve();
  }],
  "two are left": [[["leaked", "other"], ["leaked", "inner"]], [], async () => {
    void inner();
    void (async () => {
      await never(); // other
    })();
  }],
};

const kept: (() => void)[] = [];
const emitter = new EventEmitter();

/** A proof would be wrong, or too much is asked: something may settle it, or nobody waits for it. */
const NOT_PROVED: Readonly<Record<string, () => unknown>> = {
  "a variable of the module holds what settles it": async () => await new Promise<void>((resolve) => kept.push(resolve)),
  "a WeakRef of the program's leads to it": async () => {
    const key = {};
    let settle = (): void => undefined;
    const promise = new Promise<void>((resolve) => (settle = resolve));
    const ref = new WeakRef(Object.assign(key, { settle }));
    kept.push(() => (ref.deref() as { settle(): void } | undefined)?.settle());
    await promise;
  },
  "a FinalizationRegistry will settle it": async () => {
    const registry = new FinalizationRegistry<() => void>((settle) => settle());
    kept.push(() => registry.unregister({}));
    await new Promise<void>((resolve) => registry.register({}, resolve));
  },
  "an emitter of the module's": async () => void (await once(emitter, "never")),
  "a signal of the process": async () => await new Promise<void>((resolve) => process.once("SIGUSR2", resolve)),
  "a race that somebody wins": async () => await Promise.race([never(), Promise.resolve()]),
  "a callback of then that never runs": async () => void never().then(() => undefined),
  "a timer": async () => await new Promise((resolve) => setTimeout(resolve, 60_000)),
  "an abort by a timer": async () => await new Promise((resolve) => AbortSignal.timeout(5_000).addEventListener("abort", resolve)),
  "a stream": async () => {
    const stream = new PassThrough();
    setTimeout(() => stream.end("x"), 1);
    for await (const _ of stream);
  },
  "a message": async () => {
    const { port1, port2 } = new MessageChannel();
    const got = new Promise((resolve) => (port1.onmessage = resolve));
    port2.postMessage(1);
    await got;
    port1.close();
  },
  "an async generator that is not read to its end": async () => {
    async function* numbers(): AsyncGenerator<number> {
      yield 1;
      await never();
    }
    for await (const _ of numbers()) break;
  },
};

describe("awaits of ordinary code", () => {
  for (const [name, [wanted, waiters, body]] of Object.entries(PROVED)) {
    it(`proved: ${name}`, async () => {
      const { findings } = await examineTs(body, { schedules: 20 });
      assert.deepEqual(findings.map(({ verdict, blocked }) => [verdict, blocked.line]), wanted.map(([verdict, mark]) => [verdict, lineOf(mark)]));
      assert.ok(findings.every(({ cause, blocked, unreachable }) => cause === "never-settled" && blocked.reason === "await" && unreachable === true));
      const last = waiters.length === 0 ? "" : findings[0]!.evidence.at(-1)!;
      assert.deepEqual([...last.matchAll(/\(prover\.test\.ts:(\d+)\)/g)].map(([, line]) => Number(line)), waiters.map(lineOf));
    });
  }

  for (const [name, body] of Object.entries(NOT_PROVED)) {
    it(`not proved: ${name}`, async () => {
      const { findings } = await examineTs(body, { schedules: 20 });
      assert.deepEqual(findings.map(({ verdict, blocked }) => [verdict, blocked.line]), []);
      process.removeAllListeners("SIGUSR2");
    });
  }

  it("the report says who made the promise", async () => {
    const { findings } = await examineTs(PROVED["a permit that is not given back"]![2]);
    assert.equal(findings[0]!.evidence[0], `nothing that could settle the promise that it awaits is reachable any more; it was made at prover.test.ts:${lineOf("queue")}`);
  });
});
