// Code that never lets go of its thread: ended within the budget, and named by its line; what comes after it goes on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Chan, go, time } from "../../index.js";
import { examineTs, type ExploreTools } from "./examine-ts.js";

const LINES = readFileSync(new URL("../../../../src/pipeline/typescript/runaway.test.ts", import.meta.url), "utf8").split("\n");
const lineOf = (mark: string): number => LINES.findIndex((line) => line.endsWith(`// ${mark}`)) + 1;

const CASES: Readonly<Record<string, readonly [at: string | undefined, goroutine: string, body: () => unknown]>> = {
  "a goroutine awaits in a loop": [
    "goroutine",
    "1.1",
    async () => {
      go(async () => {
        for (;;) await Promise.resolve(); // goroutine
      });
      await time.sleep(time.nanosecond);
    },
  ],
  "main waits for a flag that only a timer sets": [
    "flag",
    "1",
    async () => {
      let ready = false;
      setTimeout(() => (ready = true), 5);
      while (!ready) await Promise.resolve(); // flag
    },
  ],
  "in one order only": [
    "order",
    "1",
    async () => {
      const c = new Chan<number>(2);
      go(() => c.send(1));
      go(() => c.send(2));
      if ((await c.recv()) === 2) for (;;) await Promise.resolve(); // order
    },
  ],
  "a loop without an await": [
    undefined,
    "1",
    async () => {
      await time.sleep(time.nanosecond);
      for (;;);
    },
  ],
};

describe("what never lets go of its thread is a runaway", () => {
  for (const [name, [at, goroutine, body]] of Object.entries(CASES)) {
    it(name, async () => {
      const { findings } = await examineTs(body, { budget: 600, patience: 300 });
      const [finding] = findings;
      assert.deepEqual([findings.length, finding?.verdict, finding?.cause], [1, "runaway", "loop-without-exit"]);
      assert.match(finding!.evidence[0]!, /^it ran for \d+ ms without an operation .* is not proved$/);
      if (at !== undefined) assert.equal(finding!.blocked.line, lineOf(at));
      assert.ok(goroutine.length > 0);
    });
  }
  it("the next one is not touched", async () => {
    const { outcome, findings, coverage } = await examineTs(async () => void (await Promise.all([time.sleep(time.nanosecond), time.sleep(2 * time.nanosecond)])), { budget: 300_000 });
    assert.deepEqual([outcome, findings, coverage.complete], ["passed", [], true]);
  });
  it("a patience much smaller than the budget: it ends, by itself or by an error that names both", async () => {
    const body = async ({ outside }: ExploreTools): Promise<void> => {
      const ask = outside("ask");
      await Promise.all(Array.from({ length: 7 }, () => ask()));
    };
    const said = await examineTs(body, { budget: 1_000, patience: 100 }).then(({ outcome, limits }) => `${outcome}: ${limits.join("\n")}`, (error: Error) => error.message);
    assert.match(said, /^(?:passed|runaway): |raise the budget, or patience/);
  });
  it("nor is what comes after an exploration, however long it takes", async () => {
    await examineTs(() => undefined, { patience: 100 });
    const end = performance.now() + 250;
    while (performance.now() < end);
  });
});
