import { channelHistory, partners, here } from "../channel-history.js";
import type { Rule } from "../rule.js";

export const selectWithoutReadyCase: Rule = {
  code: "select-without-ready-case",
  doc: "None of a select's cases can become ready: nobody does the other half of any of them.",
  run(goroutine, scene) {
    const blocked = goroutine.blockedOn;
    if (blocked?.op !== "select" || blocked.nil || blocked.objects.length === 0) return undefined;
    const cases = blocked.objects.map(({ object, op }, index) => {
      const { sends, receives } = channelHistory(scene, object);
      const other = op === "send" ? partners(scene, receives, "received") : partners(scene, sends, "sent");
      return `case ${index + 1} (${op === "send" ? "send" : "receive"}): ${other.join("; ")}`;
    });
    return [`none of the cases of the select at ${here(goroutine)} can become ready`, ...new Set(cases)];
  },
};
