import { count as counted } from "../../../base/numerals.js";
import { MARK } from "../../../model/goroutine/frame-marks.js";
import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { causeOfWait } from "../cause-of-wait.js";
import { type GraphRule, named, type RuleFinding, userFrame, type View, weigh } from "../suspect-rule.js";

/** golang.org/x/sync/singleflight: one caller runs the function (doCall), the others of the same key wait for it in Do. */
const FLIGHT = /\bsingleflight\.\(\*Group(?:\[\.\.\.\])?\)\.(?:Do|DoChan|doCall)$/;
const RUNS = /\bsingleflight\.\(\*Group(?:\[\.\.\.\])?\)\.doCall(?:\.func\d)?$/;

/** The call that hangs is the cause; those that wait for it are as many as came since. */
export const singleFlight: GraphRule = {
  code: "single-flight",
  doc: "A call of singleflight that is blocked, and those that wait for its answer.",
  find(view): readonly RuleFinding[] {
    if ((view.survey.marks & MARK.singleFlight) === 0) return [];
    const inFlight = view.groups.filter((group) => (group.marks & MARK.singleFlight) !== 0 && group.kind !== "running" && group.stack.some((frame) => FLIGHT.test(frame.function)));
    const calls = inFlight.filter((group) => group.stack.some((frame) => RUNS.test(frame.function)));
    const waiting = inFlight.filter((group) => !calls.includes(group) && group.kind === "waitgroup");
    const [first] = calls;
    if (!first || waiting.length === 0) return [];
    // Which key each waits for is not in the text: with several calls, each may be the one.
    return calls.length === 1 ? [findingOf(first, waiting, view)] : [];
  },
};

function findingOf(call: GoroutineGroup, waiting: readonly GoroutineGroup[], view: View): RuleFinding {
  const count = waiting.reduce((n, group) => n + group.count, 0);
  const own = userFrame(call, view);
  const evidence = [
    `${counted(count, "goroutine")} ${count === 1 ? "waits" : "wait"} in singleflight for the answer of the one call that runs${own ? `: ${named(own)}` : ""}`,
    `that call is blocked in '${call.waitReason || call.kind}'`,
  ];
  const oldest = Math.max(0, ...[call, ...waiting].map((group) => group.waits?.max ?? 0));
  if (oldest > 0) evidence.push(`the longest has waited for ${oldest} minute${oldest === 1 ? "" : "s"}`);
  const weight = weigh(call, view);
  const sure = weight.confidence !== "low" || oldest >= view.longMinutes;
  return { groups: [call], behind: sure ? waiting : [], judgement: { cause: causeOfWait(call), what: "the one call that others wait for is blocked", confidence: sure ? (count >= view.many && oldest >= view.longMinutes ? "high" : "medium") : "low", evidence } };
}
