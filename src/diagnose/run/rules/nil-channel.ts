import { lineAt } from "../syntax.js";
import { at, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import { waitingFor } from "../wait-operation.js";

const CHANNEL = new Set(["send", "recv", "select"]);

export const nilChannel: Rule = {
  code: "nil-channel",
  doc: "A send, a receive or every case of a select is on a nil channel, which is never ready.",
  run(goroutine, { context }) {
    const op = waitingFor(goroutine);
    const nil = goroutine.waitReason.includes("(nil chan)") || goroutine.blockedOn?.nil === true;
    if (!nil || op === undefined || !CHANNEL.has(op) || goroutine.waitReason.startsWith("select (no cases)")) return undefined;
    const frame = place(goroutine.stack);
    const text = lineAt(context, frame);
    const here = text === undefined ? at(frame) : `${at(frame)} (${text})`;
    return [
      op === "select"
        ? `every channel of the select at ${at(frame)} is nil: none of its cases can ever be ready`
        : `the channel at ${here} is nil: nobody can ever ${op === "send" ? "receive from" : "send on"} it`,
    ];
  },
};
