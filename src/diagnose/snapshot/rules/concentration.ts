import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { servesClients } from "../library-shapes.js";
import { awaitsWork, named, type SnapshotRule, startedAtOnce, userFrame, type View, weigh } from "../suspect-rule.js";

/** Whatever it is, and whosever: this many goroutines at one line are worth a look. */
export const concentration: SnapshotRule = {
  code: "concentration",
  doc: "A large share of all goroutines at one place of the user's or of a dependency, without a better explanation.",
  look(group, view) {
    if (group.kind === "running" || servesClients(group) || startedAtOnce(group, view) || group.count < (view.profile && awaitsWork(group) ? 20 : 5) * view.many || group.count * 2 < view.survey.total) return undefined;
    const own = userFrame(group, view);
    const entry = own ?? entryOf(group, view);
    if (!entry) return undefined;
    const share = Math.floor((100 * group.count) / view.survey.total);
    const evidence = [`${share}% of all goroutines are here`, ...weigh(group, view).evidence];
    if (!own) evidence.push(`all frames are a dependency's: ${named(entry)} is where its code begins`);
    const inner = own ?? group.frame((frame) => view.origin(frame) === "library");
    return { cause: "unknown", confidence: weigh(group, view).confidence === "high" ? "high" : "medium", evidence, ...(inner ? { blamed: inner } : {}) };
  },
};

/** The outermost function that the dependency exports: that is what was called, or started. */
function entryOf(group: GoroutineGroup, view: View): GoroutineGroup["stack"][number] | undefined {
  const own = group.stack.filter((frame) => view.origin(frame) === "library");
  return own.findLast((frame) => /\.[A-Z]\w*$/.test(frame.function)) ?? own.at(-1);
}
