import { blockedChannel, channelHistory, lastTaker, partners } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { hasEnded } from "../run-index.js";

export const receiveWithoutSender: Rule = {
  code: "receive-without-sender",
  doc: "It receives from a channel on which nobody sends any more, and which nobody closed.",
  run(goroutine, scene) {
    const channel = blockedChannel(goroutine, "recv");
    if (channel === undefined) return undefined;
    const { sends, receives } = channelHistory(scene, channel);
    if (goroutine.unreachable !== true && sends.some(({ act }) => !hasEnded(scene, act.goroutine))) return undefined;
    return [...partners(scene, sends, "sent"), ...lastTaker(scene, goroutine, receives), "nobody closed it"];
  },
};
