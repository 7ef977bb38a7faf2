import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName } from "../../../model/ids.js";
import { EmptyLoop } from "./empty-loop.js";

const FROM = 100;
const MOST = 10_000;
const ONE = goroutineName("1.1");

/** Receives of nothing until they are taken to go round; `state` after each, `living` goroutines then. */
function roundAt(state: (empty: number) => number, living: (empty: number) => number = () => 2): number {
  let loop = new EmptyLoop(FROM, MOST);
  for (let empty = 1; ; empty++) {
    if (loop.received(ONE, empty, () => state(empty), living(empty))) return empty;
    if (empty % 7 === 0) loop = new EmptyLoop(FROM, MOST, loop.save());
  }
}

test("receives of nothing: the same state again goes round", () => assert.equal(roundAt(() => 7), FROM + 2));
test("receives of nothing: a round of ten", () => assert.equal(roundAt((empty) => empty % 10), FROM + 11));
test("receives of nothing: a loop that counts is ended late", () => assert.equal(roundAt((empty) => empty), MOST));
test("receives of nothing: one that starts a goroutine in each round is not waited for", () => assert.equal(roundAt((empty) => empty, (empty) => empty), FROM));

test("receives of nothing: what was seen before a value came is forgotten", () => {
  const loop = new EmptyLoop(FROM, MOST);
  for (let empty = FROM; empty < FROM + 3; empty++) assert.equal(loop.received(ONE, empty, () => empty, 2), false);
  for (let empty = 1; empty <= FROM; empty++) assert.equal(loop.received(ONE, empty, () => FROM + 1, 2), false);
  assert.equal(loop.received(ONE, FROM + 1, () => FROM + 1, 2), false);
  assert.equal(loop.received(ONE, FROM + 2, () => FROM + 1, 2), true);
});
