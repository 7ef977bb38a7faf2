import { servesConnection, type SnapshotRule, softened, userFrame, weigh } from "../suspect-rule.js";

/** A select of which no case is ready. Servers' loops look like this for their whole life: age alone says nothing. */
export const blockedSelect: SnapshotRule = {
  code: "blocked-select",
  doc: "Goroutines of the user's blocked in a select, by number; loops that live as long as the program stay quiet.",
  look(group, view) {
    if (group.kind !== "select" || group.waitReason === "select (no cases)" || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    if (group.count < view.many && !view.tests.told(group)) return undefined;
    return { cause: "select-without-ready-case", confidence: servesConnection(group, view) ? "low" : softened(group, view, confidence), evidence: ["no case of the select is ready", ...evidence] };
  },
};
