import { type SnapshotRule, weigh } from "../suspect-rule.js";

/** A send that nobody takes. A healthy receiver is slow for moments, not for minutes. */
export const blockedSend: SnapshotRule = {
  code: "blocked-send",
  doc: "Goroutines blocked in a channel send, by number and age; the snapshot does not show who should receive.",
  look(group, view) {
    if (group.kind !== "send") return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "send-without-receiver", confidence, evidence };
  },
};
