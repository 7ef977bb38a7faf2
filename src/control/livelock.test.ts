import assert from "node:assert/strict";
import { test } from "node:test";
import { LivelockDetector } from "./livelock.js";

/** Moves of the clock, all alike, until the run is taken to repeat itself. */
function movesUntilItRepeats(waiting: number | undefined, inScope: number): number {
  const rounds = new LivelockDetector(inScope);
  for (let moves = 1; moves < 1_000_000; moves++) {
    rounds.note("alike", false, waiting);
    if (rounds.asks(false) && rounds.repeats(false, true)) return moves;
  }
  return Infinity;
}

// The first move is the one that the others are held against.
for (const [waiting, moves] of [[undefined, 601], [1, 601], [2, 1_201], [1_000, 600_001]] as const) {
  test(`within the scope, where ${waiting ?? "nobody says how many"} wait for time: ${moves} moves`, () => assert.equal(movesUntilItRepeats(waiting, 600), moves));
}

test("who comes to something else begins anew", () => {
  const rounds = new LivelockDetector(600);
  for (let i = 0; i < 600; i++) rounds.note("alike", false);
  rounds.note("otherwise", false);
  for (let i = 0; i < 599; i++) rounds.note("otherwise", false);
  assert.equal(rounds.repeats(false, true), false);
  rounds.note("otherwise", false);
  assert.equal(rounds.repeats(false, true), true);
});

test("after the scope a run that is followed further goes round so often more", () => {
  const moves = (isFollowed: boolean): number => {
    const rounds = new LivelockDetector(600, isFollowed);
    for (let i = 1; i < 10_000; i++) {
      rounds.note("alike", true);
      if (rounds.asks(true) && rounds.repeats(true, true)) return i;
    }
    return Infinity;
  };
  assert.deepEqual([moves(false), moves(true)], [65, 65 + 192]);
});
