import { blockedChannel, channelHistory, full, partners } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { count, hasEnded } from "../run-index.js";

export const abandonedSender: Rule = {
  code: "abandoned-sender",
  doc: "Several goroutines send on one channel; the receiver took fewer values and left.",
  run(goroutine, index) {
    const channel = blockedChannel(goroutine, "send");
    if (channel === undefined) return undefined;
    const { sends, receives, waitingSenders } = channelHistory(index, channel);
    const senders = new Set([...sends.map(({ act }) => act.goroutine), ...waitingSenders]);
    if (senders.size < 2 || receives.length === 0) return undefined;
    if (goroutine.unreachable !== true && receives.some(({ act }) => !hasEnded(index, act.goroutine))) return undefined;
    return [
      `${count(senders.size, "goroutine")} send on this channel, ${count(receives.length, "value")} ${receives.length === 1 ? "was" : "were"} received: ${waitingSenders.length} still ${waitingSenders.length === 1 ? "sends" : "send"}`,
      ...partners(index, receives, "received"),
      ...full(index, goroutine, channel),
    ];
  },
};
