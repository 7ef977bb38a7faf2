import { waitsOf } from "../../../model/goroutine-group.js";
import { LIBRARY_SHAPES } from "../library-shapes.js";
import { type SnapshotRule, weigh } from "../suspect-rule.js";

/** Goroutines of a library that belong to a thing which should have been closed, or given back. */
export const libraryShape: SnapshotRule = {
  code: "library-shape",
  doc: "Goroutines by which libraries serve something that was not closed: connections, clients, watchers, timers; by number and age.",
  look(group, view) {
    const shape = LIBRARY_SHAPES.find(({ matches }) => matches(group));
    if (!shape) return undefined;
    const { confidence, evidence } = weigh(group, view);
    const waits = waitsOf(group);
    const aged = shape.idleMinutes === undefined || (waits !== undefined && waits.max > shape.idleMinutes);
    const enough = group.count >= (shape.many ?? view.many) && aged;
    const sure = !enough ? "low" : confidence === "high" && waits !== undefined ? "medium" : "medium";
    const share = group.count * 3 >= view.total ? `they are ${Math.floor((100 * group.count) / view.total)}% of all goroutines, or with their partners most of them` : undefined;
    return { cause: shape.cause, what: shape.what, confidence: sure, evidence: [`${group.count} × ${shape.each}: ${shape.reason}`, ...(share && enough ? [share] : []), ...evidence] };
  },
};
