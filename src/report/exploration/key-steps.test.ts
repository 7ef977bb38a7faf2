import assert from "node:assert/strict";
import { it } from "node:test";
import { goroutineName, nanos } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Trace } from "../../model/run/trace.js";
import { keySteps } from "./key-steps.js";

it("of fifty thousand goroutines that are left the first eight are told", () => {
  const names = Array.from({ length: 50_000 }, (_, index) => goroutineName(`1.${index + 1}`));
  const createdBy = { function: "main.main", file: "main.go", line: 7, name: goroutineName("1") };
  const trace = { steps: [], lives: names.map((name) => ({ name, startedAt: -1, createdBy, entry: "main.main.func1" })) } as unknown as Trace;
  const subjects = names.map((name): Goroutine => ({ id: 0, name, count: 1, state: "waiting", age: nanos(0n), waitReason: "select (no cases)", stack: [], createdBy }));
  const { goroutines, steps } = keySteps(trace, { subjects, names: [], objects: new Set() });
  assert.deepEqual([...goroutines], [...names.slice(0, 8), "1"]);
  assert.equal(steps.size, 0);
});
