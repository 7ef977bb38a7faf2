import { blockedChannel, channelHistory, senders } from "../channel-history.js";
import { place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import { cited, operationAt } from "../syntax.js";

export const rangeNeverClosed: Rule = {
  code: "range-never-closed",
  doc: "It ranges over a channel that is never closed, so the loop never ends.",
  run(goroutine, index) {
    const channel = blockedChannel(goroutine, "recv");
    const frame = place(goroutine.stack);
    if (channel === undefined || operationAt(index.context, frame, ["range", "receive"])?.kind !== "range") return undefined;
    const history = channelHistory(index, channel);
    if (history.closes.length > 0) return undefined;
    return [`the loop at ${cited(index.context, frame.file, frame.line)} ends only when the channel is closed, and nobody closed it`, ...senders(index, history)];
  },
};
