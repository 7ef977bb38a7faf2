import { blockedChannel, channelHistory, partners } from "../channel-history.js";
import { at, place } from "../../../model/blame.js";
import type { Rule } from "../rule.js";
import { asGo, lineAt } from "../source.js";

export const rangeNeverClosed: Rule = {
  code: "range-never-closed",
  doc: "It ranges over a channel that is never closed, so the loop never ends.",
  run(goroutine, scene) {
    const channel = blockedChannel(goroutine, "recv");
    const frame = place(goroutine.stack);
    const text = lineAt(scene.context, frame);
    if (channel === undefined || text === undefined || !/^for\b.*\brange\b/.test(asGo(text))) return undefined;
    const { sends, closes } = channelHistory(scene, channel);
    if (closes.length > 0) return undefined;
    return [`the loop at ${at(frame)} (${text}) ends only when the channel is closed, and nobody closed it`, ...partners(scene, sends, "sent")];
  },
};
