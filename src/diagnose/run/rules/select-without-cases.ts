import { at, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";

export const selectWithoutCases: Rule = {
  code: "select-without-cases",
  doc: "`select {}` blocks for ever by definition.",
  run(goroutine) {
    if (!goroutine.waitReason.startsWith("select (no cases)")) return undefined;
    return [`the select at ${at(place(goroutine.stack))} has no cases: it blocks for ever by definition`];
  },
};
