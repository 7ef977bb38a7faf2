import type { Rule } from "../rule.js";
import { count, placeOf, stateWords, nameOf, type ObjectUse } from "../run-index.js";

export const condNeverSignalled: Rule = {
  code: "cond-never-signalled",
  doc: "It waits on a sync.Cond, and no Signal or Broadcast woke it: none came after it began to wait, or those that came woke others.",
  run(goroutine, index) {
    const blocked = goroutine.blockedOn;
    const object = blocked?.op === "condwait" ? blocked.objects[0]?.object : undefined;
    if (object === undefined) return undefined;
    const uses = index.uses(object);
    const wakes = uses.filter(({ op }) => op === "condsignal" || op === "condbroadcast");
    const began = uses.findLast(({ op, act }) => op === "condwait" && act.goroutine === goroutine.name)?.step;
    if (wakes.length === 0) return ["nobody ever called Signal or Broadcast on this condition"];
    const last = wakes.at(-1)!;
    const by = `the last by ${nameOf(index, last.act.goroutine)} at ${placeOf(last.act)} (step ${last.step}), which ${stateWords(index, last.act.goroutine)}`;
    const late = began === undefined ? [] : wakes.filter(({ step }) => step > began);
    return [`${count(wakes.length, "wake-up")} of this condition, ${by}`, missed(late, began)];
  },
};

function missed(late: readonly ObjectUse[], began: number | undefined): string {
  if (late.length === 0) return `none came after it began to wait${began === undefined ? "" : ` (step ${began})`}: the wake-up came too early`;
  return `${count(late.length, "wake-up")} came after it began to wait (step ${began}), and went to other waiters`;
}
