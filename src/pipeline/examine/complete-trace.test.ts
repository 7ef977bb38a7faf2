import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName, nanos, objectId } from "../../model/ids.js";
import { goChoice } from "../../model/run/choice.js";
import type { Trace } from "../../model/run/trace.js";
import { completeTrace } from "./complete-trace.js";

const frame = (name: string, file = "/src/a.go") => ({ function: name, file, line: 1 });
const STARTERS = ["sync.(*WaitGroup).Go.func1", "golang.org/x/sync/errgroup.(*Group).Go.func1", "golang.org/x/sync/errgroup.(*Group).TryGo.func1"];

for (const entry of STARTERS) {
  test(`a goroutine of ${entry} is named by what was given to it, seen in its acts or where it is left`, () => {
    const [acted, left, neither] = [goroutineName("1.1"), goroutineName("1.2"), goroutineName("1.3")];
    const acts = [{ goroutine: acted, op: "lock" as const, accesses: [{ object: objectId(1), op: "lock" as const }], stack: [frame("a.f.func1"), frame(entry)] }];
    const lives = [acted, left, neither].map((name) => ({ name, entry, startedAt: -1 }));
    const trace: Trace = { steps: [{ choice: goChoice(acted), acts, time: nanos(0n) }], lives };
    const goroutines = [{ name: left, count: 1, state: "waiting" as const, waitReason: "chan receive", stack: [frame("a.g.func1"), frame(entry)] }];
    const snapshot = { provenance: { source: "t", how: "run" }, losses: [], goroutines };
    assert.deepEqual(completeTrace(trace, snapshot).lives.map((life) => life.entry), ["a.f.func1", "a.g.func1", entry]);
  });
}
