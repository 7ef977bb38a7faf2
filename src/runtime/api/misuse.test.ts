// Every misuse fails as in Go: with a typed error that names the goroutine and both places, in production and, as a
// panic of the run, under control.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import {
  Chan, CloseOfClosedChannel, CloseOfNilChannel, FatalError, go, NegativeWaitGroup, runtime, RuntimeError, semaphore, SendOnClosedChannel, sync, time,
} from "../../index.js";
import { ControlledProgram } from "../control/controlled-program.js";

const FILE = "src/runtime/api/misuse.test.ts";
const LINES = readFileSync(new URL(`../../../../${FILE}`, import.meta.url), "utf8").split("\n");
const lineOf = (mark: string): number => LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

interface Misuse {
  readonly name: string;
  readonly type: abstract new (...args: never[]) => Error;
  readonly message: string;
  /** Is there a first place? It is marked with `1: name`; the misuse itself with `2: name`. */
  readonly first: boolean;
  readonly body: () => Promise<unknown>;
}

const MISUSES: readonly Misuse[] = [
  {
    name: "send on a closed channel",
    type: SendOnClosedChannel,
    message: "send on closed channel",
    first: true,
    body: async () => {
      const ch = new Chan<number>(1);
      await ch.close(); // 1: send on a closed channel
      await ch.send(1); // 2: send on a closed channel
    },
  },
  {
    name: "a second close",
    type: CloseOfClosedChannel,
    message: "close of closed channel",
    first: true,
    body: async () => {
      const ch = new Chan<number>();
      await ch.close(); // 1: a second close
      await ch.close(); // 2: a second close
    },
  },
  {
    name: "close of nil",
    type: CloseOfNilChannel,
    message: "close of nil channel",
    first: false,
    body: async () => {
      await Chan.nil<number>().close(); // 2: close of nil
    },
  },
  {
    name: "a Done too many",
    type: NegativeWaitGroup,
    message: "sync: negative WaitGroup counter",
    first: true,
    body: async () => {
      const wg = new sync.WaitGroup();
      await wg.add(1);
      await wg.done(); // 1: a Done too many
      await wg.done(); // 2: a Done too many
    },
  },
  {
    name: "unlock of an unlocked Mutex",
    type: FatalError,
    message: "sync: unlock of unlocked mutex",
    first: true,
    body: async () => {
      const mu = new sync.Mutex();
      await mu.lock();
      await mu.unlock(); // 1: unlock of an unlocked Mutex
      await mu.unlock(); // 2: unlock of an unlocked Mutex
    },
  },
  {
    name: "Unlock of an RWMutex that is not locked",
    type: FatalError,
    message: "sync: Unlock of unlocked RWMutex",
    first: true,
    body: async () => {
      const mu = new sync.RWMutex();
      await mu.lock();
      await mu.unlock(); // 1: Unlock of an RWMutex that is not locked
      await mu.unlock(); // 2: Unlock of an RWMutex that is not locked
    },
  },
  {
    name: "RUnlock without RLock",
    type: FatalError,
    message: "sync: RUnlock of unlocked RWMutex",
    first: true,
    body: async () => {
      const mu = new sync.RWMutex();
      await mu.rlock();
      await mu.runlock(); // 1: RUnlock without RLock
      await mu.runlock(); // 2: RUnlock without RLock
    },
  },
  {
    name: "more given back than taken",
    type: FatalError,
    message: "semaphore: released more than held",
    first: true,
    body: async () => {
      const places = new semaphore.Weighted(3);
      await places.acquire(2);
      await places.release(2); // 1: more given back than taken
      await places.release(1); // 2: more given back than taken
    },
  },
];

/** Not the runtime's errors, but the language's: the argument is wrong. */
const ARGUMENTS: readonly (readonly [name: string, call: () => unknown, message: RegExp])[] = [
  ["a channel of size -1", () => new Chan(-1), /makechan: size out of range: -1/],
  ["a channel of size 1.5", () => new Chan(1.5), /makechan: size out of range: 1\.5/],
  ["a ticker that does not tick", () => time.newTicker(0), /non-positive interval for NewTicker/],
  ["half a WaitGroup", () => new sync.WaitGroup().add(0.5), /WaitGroup\.add: 0\.5 is not an integer/],
];

describe("each misuse, in production", () => {
  before(() => runtime.setTraceback(true));
  after(() => runtime.setTraceback(false));
  for (const { name, type, message, first, body } of MISUSES) {
    it(name, async () => {
      const error = await thrownBy(body);
      assert.ok(error instanceof type, String(error));
      assert.ok(error instanceof RuntimeError);
      assert.equal(error.message, message);
      assert.ok(typeof error.goroutine === "number" && error.goroutine > 1, "in which goroutine");
      assert.match(error.stack!, new RegExp(`${FILE}:${lineOf(`2: ${name}`)}:`));
      if (first) assert.match(error.other!, new RegExp(`${FILE}:${lineOf(`1: ${name}`)}\\)$`));
      else assert.equal(error.other, undefined);
    });
  }
  for (const [name, call, message] of ARGUMENTS) it(name, async () => assert.rejects(async () => call(), message));
});

describe("each misuse, under control: the run panics, at the place of the misuse", () => {
  for (const { name, message, type, body } of MISUSES) {
    it(name, async () => {
      const run = await new ControlledProgram(() => go(body)).start();
      while (run.outcome() === undefined) await run.take(run.pending().find((one) => one.alternatives.length > 0)!.alternatives[0]!);
      const outcome = run.outcome()!;
      assert.equal(outcome.kind, "panic");
      if (outcome.kind !== "panic") return;
      assert.equal(outcome.message, `${type === FatalError ? "fatal error" : "panic"}: ${message}`);
      assert.equal(outcome.goroutine, "1.1");
      assert.match(outcome.stack[0]!.file, /misuse\.test\.[jt]s$/);
      assert.equal(outcome.stack[0]!.line, lineOf(`2: ${name}`));
    });
  }
});

const thrownBy = (body: () => Promise<unknown>): Promise<unknown> =>
  new Promise((resolve) => {
    go(async () => {
      try {
        await body();
        resolve(undefined);
      } catch (error) {
        resolve(error);
      }
    });
  });
