import assert from "node:assert/strict";
import { test } from "node:test";
import { goChoice, type Choice } from "../model/run/choice.js";
import { goroutineName, nanos } from "../model/ids.js";
import type { Pending } from "../model/run/program.js";
import { DEFAULT_CLOCK, FairnessFilter, LAZY_CLOCK, type ClockPolicy } from "./fairness.js";

const spins = (more: Partial<Pending>): Pending => ({ goroutine: goroutineName("1.1"), op: "load", accesses: [], alternatives: [goChoice(goroutineName("1.1"))], yielding: true, ...more });
const MOVES: Choice = { kind: "clock" };
const clock: Pending = { goroutine: undefined, op: "clock", accesses: [], alternatives: [MOVES], time: nanos(1_000_000_000n) };

/** Who may go on, and whether the clock's move is one of a machine that stalls. */
function said(policy: ClockPolicy, more: Partial<Pending>): readonly [readonly string[], number] {
  const filter = new FairnessFilter(policy);
  const may = filter.permit([spins(more), clock]).flatMap(({ op, alternatives }) => (alternatives.length > 0 ? [op] : []));
  filter.chose(MOVES);
  return [may, filter.stalls];
}

test("beside one that spins the clock moves, and that is no stall; beside one that may be straight code it moves only on a machine that stalls", () => {
  assert.deepEqual(said(LAZY_CLOCK, {}), [["clock"], 0]);
  assert.deepEqual(said(DEFAULT_CLOCK, {}), [["clock"], 0]);
  assert.deepEqual(said(LAZY_CLOCK, { mayBeStraight: true })[0], ["load"]);
  assert.deepEqual(said(DEFAULT_CLOCK, { mayBeStraight: true }), [["load", "clock"], 1]);
});
