import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goroutineName } from "../../../model/ids.js";
import type { GuestOp } from "../../../model/run/operation.js";
import { newGoroutine, type GuestGoroutine } from "../../guest/guest-goroutine.js";
import { codeOf } from "../../guest/op-codes.js";
import { beginsBlock, continuesBlock, endsAcquiring, heldAfter, isLibrary } from "./library-blocks.js";

/** How many steps a sequence of operations takes: each is the library's (true), the user's (false), or nobody knows. */
function steps(sequence: readonly (readonly [GuestOp, boolean | undefined])[]): number {
  const goroutine = newGoroutine(goroutineName("1"), 0, 0, undefined, 0);
  let count = 0;
  for (const [op, library] of sequence) {
    Object.assign(goroutine, { op, code: codeOf(op), library: library === true });
    if (continuesBlock(goroutine, library)) {
      if (endsAcquiring(goroutine)) goroutine.acquiring = false;
      continue;
    }
    count++;
    goroutine.acquiring = beginsBlock(goroutine);
  }
  return count;
}

describe("what of the library's operations is one step", () => {
  const table: readonly [string, readonly (readonly [GuestOp, boolean | undefined])[], number][] = [
    ["a critical section", [["lock", true], ["unlock", true]], 1],
    ["with one operation inside", [["lock", true], ["load", true], ["unlock", true]], 1],
    ["with two: the second could see what others do in between", [["lock", true], ["load", true], ["store", true], ["unlock", true]], 2],
    ["two locks, one operation", [["lock", true], ["lock", true], ["close", undefined], ["unlock", true], ["unlock", true]], 1],
    ["one section after the other", [["lock", true], ["unlock", true], ["lock", true], ["unlock", true]], 2],
    ["a reader's lock does not move, a reader's unlock does", [["rlock", true], ["runlock", true]], 1],
    ["a writer's lock", [["wlock", true], ["wacquire", true], ["store", true], ["wunlock", true]], 1],
    ["a send waits", [["lock", true], ["send", undefined], ["unlock", true]], 2],
    ["the user's own section keeps its steps", [["lock", false], ["load", false], ["unlock", false]], 3],
    ["the user's operation in the library's section", [["lock", true], ["load", false], ["unlock", true]], 2],
    ["the library's unlock after the user's operation", [["store", false], ["unlock", true]], 1],
    ["a lock that is tried does not move", [["trylock", true], ["unlock", true]], 1],
  ];
  for (const [title, sequence, expected] of table) it(`${title}: ${expected}`, () => assert.equal(steps(sequence), expected));

  it("a deferred unlock is known by the lock that was taken", () => {
    const goroutine = { ...newGoroutine(goroutineName("1"), 0, 0, undefined, 0), op: "lock" as GuestGoroutine["op"], code: codeOf("lock"), object: 8 };
    const held = heldAfter(goroutine, true);
    assert.deepEqual(held, [8]);
    assert.deepEqual(heldAfter({ ...goroutine, held, op: "unlock", code: codeOf("unlock") }, false), []);
    assert.deepEqual(heldAfter(goroutine, false), []);
  });

  it("packages of the library", () => {
    assert.deepEqual(["net/http.(*conn).serve", "context.WithCancel", "network.F", "contextual.F", "main.main"].map(isLibrary), [true, true, false, false, false]);
  });
});
