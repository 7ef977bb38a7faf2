import { LIBRARY_SHAPES } from "../library-shapes.js";
import { countOf, type SnapshotRule, weigh } from "../suspect-rule.js";

/** Goroutines of a library that belong to a thing which should have been closed, or given back. */
export const libraryShape: SnapshotRule = {
  code: "library-shape",
  doc: "Goroutines by which libraries serve something that was not closed: connections, clients, watchers, timers; by number and age.",
  look(group, view) {
    const shape = LIBRARY_SHAPES.find(({ matches }) => matches(group));
    if (!shape) return undefined;
    const { confidence, evidence } = weigh(group, view);
    const { used } = shape;
    const left = used === undefined ? group.count : group.count - countOf(view.groups, (other) => other.kind !== "running" && other.stack.some((frame) => used.test(frame.function)));
    if (left <= 0) return undefined;
    const waits = group.waits;
    const aged = shape.idleMinutes === undefined || (waits !== undefined && waits.max > shape.idleMinutes);
    const enough = left >= (shape.many ?? view.many) && aged;
    const { busy } = shape;
    const inTurn = busy !== undefined && (waits?.max ?? 0) < view.longMinutes && view.groups.some(busy);
    const sure = !enough || inTurn ? "low" : confidence === "high" && waits !== undefined ? "medium" : "medium";
    const share = group.count * 3 >= view.survey.total ? `they are ${Math.floor((100 * group.count) / view.survey.total)}% of all goroutines, or with their partners most of them` : undefined;
    return { cause: shape.cause, what: shape.what, confidence: sure, evidence: [`${left} × ${shape.each}: ${shape.reason}`, ...(share && enough ? [share] : []), ...evidence] };
  },
};
