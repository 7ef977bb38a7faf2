import assert from "node:assert/strict";
import { it } from "node:test";
import { goroutineName, nanos, objectId } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { DEFAULT_CASE } from "../../model/run/choice.js";
import type { Trace } from "../../model/run/trace.js";
import { keySteps } from "./key-steps.js";

it("of fifty thousand goroutines that are left the first eight are told", () => {
  const names = Array.from({ length: 50_000 }, (_, index) => goroutineName(`1.${index + 1}`));
  const createdBy = { function: "main.main", file: "main.go", line: 7, name: goroutineName("1") };
  const trace = { steps: [], lives: names.map((name) => ({ name, startedAt: -1, createdBy, entry: "main.main.func1" })) } as unknown as Trace;
  const subjects = names.map((name): Goroutine => ({ id: 0, name, count: 1, state: "waiting", age: nanos(0n), waitReason: "select (no cases)", stack: [], createdBy }));
  const { goroutines, steps } = keySteps(trace, { subjects, names: [], objects: [], isTold: () => true });
  assert.deepEqual([...goroutines], [...names.slice(0, 8), "1"]);
  assert.equal(steps.size, 0);
});

it("that the standard library asked and found nothing is no step; that the program did is", () => {
  const [me, channel] = [goroutineName("1"), objectId(7)];
  const look = (fn: string, file: string): unknown => ({ choice: { kind: "go", goroutine: me }, acts: [{ goroutine: me, op: "select", detail: DEFAULT_CASE, accesses: [{ object: channel, op: "select" }], stack: [{ function: fn, file, line: 1 }] }] });
  const trace = { steps: [look("net.isClosedChan", "/usr/lib/go/src/net/pipe.go"), look("example.com/p.drop", "drop.go"), look("net.isClosedChan", "/usr/lib/go/src/net/pipe.go")], lives: [] } as unknown as Trace;
  assert.deepEqual([...keySteps(trace, { subjects: [], names: [me], objects: [channel], isTold: () => true }).steps], [1]);
});
