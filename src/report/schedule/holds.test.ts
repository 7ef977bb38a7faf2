// Who holds which lock, from the steps of a run: each row a run in words, `goroutine operation object`, and what holds() says
// of it, `object: goroutine from-to` with steps from 0.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { OPERATIONS } from "../../model/run/operation.js";
import type { Act, Trace, TraceStep } from "../../model/run/trace.js";
import { holds } from "./holds.js";

function act(words: string): Act {
  const [goroutine = "", word = "", object = ""] = words.split(" ");
  const op = OPERATIONS.find((one) => one === word);
  assert.ok(op, word);
  return { goroutine: goroutine as GoroutineName, op, accesses: [{ object: object.charCodeAt(0) as ObjectId, op }], stack: [] };
}

/** Steps are parted by `;`, what a step does besides by `+`. */
function trace(run: string): Trace {
  const steps = run.split("; ").map((step): TraceStep => {
    const [first = "", ...joined] = step.split(" + ");
    return { choice: { kind: "run", goroutine: "1" } as never, acts: [act(first)], joined: joined.map(act), time: 0n as never };
  });
  return { steps, lives: [] };
}

const ROWS: readonly (readonly [string, string, readonly string[]])[] = [
  ["a mutex, given back", "1 lock m; 1.1 send c; 1 unlock m", ["m: 1 0-2"]],
  ["a mutex, never given back", "1 lock m; 1 send c", ["m: 1 0-"]],
  ["taken again by another", "1 lock m; 1 unlock m; 1.1 lock m", ["m: 1 0-1", "m: 1.1 2-"]],
  ["a mutex, unlocked by another goroutine", "1 lock m; 1.1 unlock m", ["m: 1 0-1"]],
  ["two readers; one leaves", "1 rlock r; 1.1 rlock r; 1 runlock r", ["r: 1 0-2", "r: 1.1 1-"]],
  ["a reader twice: the inner one leaves first", "1 rlock r; 1 rlock r; 1 runlock r", ["r: 1 0-", "r: 1 1-2"]],
  ["a writer that still waits holds nothing", "1 rlock r; 1.1 wlock r", ["r: 1 0-"]],
  ["a writer", "1 wlock r; 1 wacquire r; 1 wunlock r", ["r: 1 1-2"]],
  ["TryLock that an unlock follows", "1 trylock m; 1 send c; 1 unlock m", ["m: 1 0-2"]],
  ["TryLock that no unlock follows: nobody knows", "1 trylock m; 1 send c", []],
  ["a Once whose function is running", "1 once o; 1.1 send c", ["o: 1 0-"]],
  ["locks within a step", "1 send c + 1 lock m; 1 recv c + 1 unlock m", ["m: 1 0-1"]],
];

for (const [name, run, expected] of ROWS) {
  test(`holds: ${name}`, () => {
    const found = holds(trace(run)).map(({ access, goroutine, from, to }) => `${String.fromCharCode(Number(access.object))}: ${goroutine} ${from}-${to ?? ""}`);
    assert.deepEqual(found, expected);
  });
}
