import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Chan, go, outside } from "../../index.js";
import { defaultPlatform } from "../core/platform.js";
import { MicrotaskEnd } from "./microtask-end.js";
import { ControlledProgram } from "./controlled-program.js";

const FILE = new URL("../../../../src/runtime/control/foreign-await.test.ts", import.meta.url);
const LINES = readFileSync(FILE, "utf8").split("\n");
const lineOf = (mark: string): number => LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

async function what(body: () => unknown): Promise<string> {
  const run = await new ControlledProgram(body).start();
  while (run.outcome() === undefined) await run.take(run.pending().find((one) => one.alternatives.length > 0)!.alternatives[0]!);
  const outcome = run.outcome()!;
  return outcome.kind === "unsupported" ? outcome.what : outcome.kind;
}

/** The answer comes from a timer that was set outside of any run. */
const soon = (): Promise<void> => new Promise((resolve) => setTimeoutOfBefore(resolve, 1));
const setTimeoutOfBefore = globalThis.setTimeout;

async function nested(): Promise<void> {
  await Promise.resolve();
  await readFile(FILE); // nested
}

async function inner(): Promise<void> {
  await soon(); // inner
}

const CASES: readonly (readonly [mark: string, goroutine: string, body: () => unknown])[] = [
  [
    "first",
    "1 (main)",
    async () => {
      await soon(); // first
    },
  ],
  [
    "after",
    "1 (main)",
    async () => {
      const ch = new Chan<number>(1);
      await ch.send(1);
      await ch.recv();
      await soon(); // after
    },
  ],
  ["inner", "1 (main)", async () => inner()],
  [
    "nested",
    "1 (main)",
    async () => {
      await new Chan<number>(1).send(1);
      await nested();
    },
  ],
  [
    "all",
    "1.1 (worker)",
    async () => {
      const ch = new Chan<number>();
      go(async function worker() {
        await ch.recv();
        const answers = [soon(), soon().then(() => 1)];
        await Promise.all(answers); // all
      });
      await ch.send(1);
      await ch.recv();
    },
  ],
];

describe("a promise that the runtime does not control is named by the line that awaits it", () => {
  for (const [mark, goroutine, body] of CASES) {
    it(mark, async () => {
      const sentence = await what(Object.defineProperty(body, "name", { value: "main" }));
      const place = `${FILE.pathname}:${lineOf(mark)}`;
      assert.equal(
        sentence,
        `goroutine ${goroutine} awaits a promise at ${place} that unpark does not control; await it through outside(…), or replace it by a channel`,
      );
    });
  }

  it("done again it awaits nothing foreign: then the last operation is named", async () => {
    let cache: Promise<void> | undefined;
    const sentence = await what(async () => {
      if (cache !== undefined) return;
      await (cache = soon());
    });
    assert.match(sentence, /awaits a promise that unpark does not control, before its first operation; await it through outside/);
  });

  it("outside(…) declares it", async () => {
    assert.equal(await what(() => outside(soon())), "quiescent");
  });

  it("what is awaited after it is declared by nothing", async () => {
    const sentence = await what(async () => {
      await outside(soon());
      await soon(); // later
    });
    assert.match(sentence, new RegExp(`awaits a promise at .*:${lineOf("later")} `));
  });
});

describe("where nothing comes before every message (a browser), the event loop is kept from turning", () => {
  const { afterMicrotasks: _, ...browser } = defaultPlatform();
  const first = (end: MicrotaskEnd, other: (done: (what: string) => void) => void, stopped = false): Promise<string> =>
    new Promise((resolve) => {
      end.wait(() => resolve("no microtask is left"), () => stopped);
      other(resolve);
    });

  it("a message, a timer or a tick comes later than that", async () => {
    const end = new MicrotaskEnd(browser);
    for (const wait of [setImmediate, setTimeout, (done: () => void) => process.nextTick(done)]) {
      assert.equal(await first(end, (done) => wait(() => done("answer"))), "no microtask is left");
    }
  });

  const microtasks = (many: number) => (done: (what: string) => void): void => {
    void (async () => {
      for (let i = 0; i < many; i++) await Promise.resolve();
      done("there");
    })();
  };
  it("ten thousand microtasks are waited for, thirty of a goroutine that has stopped", async () => {
    assert.equal(await first(new MicrotaskEnd(browser), microtasks(10_000)), "there");
    assert.equal(await first(new MicrotaskEnd(browser), microtasks(30), true), "there");
  });
});
