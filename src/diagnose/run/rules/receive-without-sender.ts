import { blockedChannel, channelHistory, endings, lastTaker, passedBy, senders } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { hasEnded } from "../run-index.js";

export const receiveWithoutSender: Rule = {
  code: "receive-without-sender",
  doc: "It receives from a channel on which nobody sends any more, and which nobody closed.",
  run(goroutine, index) {
    const channel = blockedChannel(goroutine, "recv");
    if (channel === undefined) return undefined;
    const joined = goroutine.blockedOn?.objects[0]?.label;
    if (joined?.kind === "goroutine") return [`it waits for the end of ${joined.name}`, ...endings(goroutine)];
    const history = channelHistory(index, channel);
    const { sends, receives } = history;
    if (goroutine.unreachable !== true && sends.some(({ act }) => !hasEnded(index, act.goroutine))) return undefined;
    return [...senders(index, history), ...passedBy(index, channel, "send"), ...lastTaker(index, goroutine, receives), "nobody closed it", ...endings(goroutine)];
  },
};
