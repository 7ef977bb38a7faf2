import { isTestCode, place } from "../../model/source/blame.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Act, Trace } from "../../model/run/trace.js";
import { doneBy } from "./run-index.js";

/**
 * The test failed because a time-out of its own won: each time the clock moved, only code of the test went on by that, the last time
 * by a timer's channel. What such a test leaves, the rest of it would have ended. A time-out of the code under test is that code's own.
 */
export function testGaveUp({ steps }: Trace, outcome: Outcome): boolean {
  const moves = steps.flatMap(({ choice }, i) => (choice.kind === "clock" ? [i] : []));
  if (outcome.kind !== "failed" || moves.length === 0) return false;
  const given = new Set(steps.flatMap(({ acts, joined = [] }) => [...acts, ...joined]).flatMap((act) => doneBy(act).flatMap(({ object, op }) => (op === "send" || op === "close" ? [object] : []))));
  // Nobody in the program gives to a timer's channel.
  const fired = (act: Act): boolean => doneBy(act).some(({ object, op }) => op === "recv" && act.note === undefined && !given.has(object));
  return moves.every((move, n) => {
    const byClock = steps.slice(move + 1, moves[n + 1]).flatMap(({ acts }) => acts).filter((act) => act.op === "sleep" || fired(act));
    const isLast = n === moves.length - 1;
    return byClock.length > 0 && byClock.every((act) => isTestCode(place(act.stack))) && (!isLast || byClock.some(fired));
  });
}
