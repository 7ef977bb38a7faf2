import assert from "node:assert/strict";
import { it } from "node:test";
import { goroutineName } from "../../model/ids.js";
import type { GoroutineLife, Trace } from "../../model/run/trace.js";
import { readableSteps } from "./steps.js";

/** `goroutines` that are started and end one after the other; each look at a life's first step is counted. */
function story(goroutines: number): { readonly looks: () => number; readonly trace: Trace } {
  let looks = 0;
  const createdBy = { function: "main.main", file: "main.go", line: 7, name: goroutineName("1") };
  const lives = Array.from({ length: goroutines }, (_, index): GoroutineLife => ({
    name: goroutineName(`1.${index + 1}`),
    entry: "main.main.func1",
    createdBy,
    endedAt: 2 * index + 1,
    get startedAt() {
      looks++;
      return 2 * index;
    },
  }));
  const steps = Array.from({ length: 2 * goroutines }, () => ({ choice: { kind: "go", goroutine: goroutineName("1"), case: -1 }, acts: [], time: 0n }));
  return { looks: () => looks, trace: { steps, lives } as unknown as Trace };
}

it("each goroutine's start and end is told at its step, and each life is looked at as often, however many steps there are", () => {
  const counts = [10, 1_000].map((goroutines) => {
    const { looks, trace } = story(goroutines);
    const steps = readableSteps({ trace, snapshot: { goroutines: [] } as never, lines: () => undefined }, undefined, Infinity);
    assert.equal(steps.length, 2 * goroutines);
    assert.deepEqual(steps.slice(2, 4).map(({ number, text }) => `${number} ${text}`), ["3 starts goroutine 1.2 (main.main.func1)", "4 ends"]);
    return looks() / goroutines;
  });
  assert.equal(counts[0], counts[1]);
});
