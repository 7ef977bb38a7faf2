import { type SnapshotRule, softened, userFrame, weigh } from "../suspect-rule.js";

/** A Cond that is not signalled. The idle workers of a pool wait like this for hours. */
export const condition: SnapshotRule = {
  code: "condition",
  doc: "Goroutines in Cond.Wait; the idle workers of a pool look alike and stay a note.",
  look(group, view) {
    if (group.kind !== "cond" || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "cond-never-signalled", confidence: softened(group, view, confidence), evidence: ["it waits for a condition to be signalled, as idle workers do, too", ...evidence] };
  },
};
