import { type SnapshotRule, weigh } from "../suspect-rule.js";

/** A send or a receive on a nil channel, a select without cases: the language itself says that it never goes on. */
export const neverReady: SnapshotRule = {
  code: "never-ready",
  doc: "An operation that can never go on: a nil channel, an empty select outside main.",
  look(group, view) {
    if (group.waitReason.endsWith("(nil chan)")) {
      return { cause: "nil-channel", confidence: "proved", evidence: ["the channel is nil: an operation on it blocks for ever", ...weigh(group, view).evidence] };
    }
    if (group.waitReason !== "select (no cases)" || group.stack.some((f) => f.function === "main.main")) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "select-without-cases", confidence, evidence: ["`select {}` blocks for ever", ...evidence] };
  },
};
