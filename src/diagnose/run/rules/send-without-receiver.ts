import { blockedChannel, channelHistory, endings, full, partners, passedBy } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { hasEnded } from "../run-index.js";

export const sendWithoutReceiver: Rule = {
  code: "send-without-receiver",
  doc: "It sends on a channel from which nobody receives any more.",
  run(goroutine, index) {
    const channel = blockedChannel(goroutine, "send");
    if (channel === undefined) return undefined;
    const { receives } = channelHistory(index, channel);
    // A receiver that still goes on might come back: then there is no evidence that it will not.
    if (goroutine.unreachable !== true && receives.some(({ act }) => !hasEnded(index, act.goroutine))) return undefined;
    return [...partners(index, receives, "received"), ...passedBy(index, channel, "recv"), ...full(index, goroutine, channel), ...endings(goroutine)];
  },
};
