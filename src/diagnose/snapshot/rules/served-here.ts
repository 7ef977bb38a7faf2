import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { causeOfWait } from "../cause-of-wait.js";
import { isHung, named, userFrame, waitsInside, type GraphRule, type View } from "../suspect-rule.js";
import { ROUND_TRIP } from "./http-call.js";
import { inHandler, isProfileHandler } from "./stale-handler.js";
import { has } from "../suspect-rule.js";

/**
 * A test, or a program of several services in one process, hangs: calls wait for an answer, and the process's own server has
 * a handler that is blocked on something inside of the process. The handler is the cause, the calls wait for it.
 */
export const servedHere: GraphRule = {
  code: "served-here",
  doc: "A handler of the process's own HTTP server that is blocked, and the process's own calls that may wait for its answer; of a process that hung.",
  find(view) {
    if (!isHung(view)) return [];
    const calls = view.groups.filter((group) => group.kind !== "running" && has(group, ...ROUND_TRIP));
    const handlers = view.groups.filter((group) => inHandler(group) && waitsInside(group) && !isProfileHandler(group) && !calls.includes(group));
    if (calls.length === 0 || handlers.length === 0) return [];
    return handlers.map((group) => ({
      groups: [group],
      behind: calls,
      judgement: { cause: causeOfWait(group), what: "a handler of this process's own server is blocked", confidence: handlers.length === 1 ? "high" : "medium", evidence: [factOf(group, view)] },
    }));
  },
};

function factOf(group: GoroutineGroup, view: View): string {
  const own = userFrame(group, view);
  return `a request to this process's own server is served in ${own ? named(own) : "a handler"}, which is blocked in '${group.waitReason || group.kind}': calls that wait for an answer may wait for this one`;
}
