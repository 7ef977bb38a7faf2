import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import { at, isStandard, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import type { RunIndex } from "../run-index.js";
import { functionOf } from "../syntax.js";
import { waitingFor } from "../wait-operation.js";
import { receiveWithoutSender } from "./receive-without-sender.js";
import { sendWithoutReceiver } from "./send-without-receiver.js";

/** The operations that a deferred call should not wait for; a deferred Wait or Unlock has causes of its own. */
const CHANNEL = new Set(["send", "recv", "select"]);

export const blockingDefer: Rule = {
  code: "blocking-defer",
  doc: "A deferred call blocks on a channel while its function returns, so the function never ends.",
  run(goroutine, index) {
    const op = waitingFor(goroutine);
    if (op === undefined || !CHANNEL.has(op)) return undefined;
    const told = byStack(goroutine) ?? bySource(goroutine, index);
    return told && [...told, ...(sendWithoutReceiver.run(goroutine, index) ?? receiveWithoutSender.run(goroutine, index) ?? [])];
  },
};

/** The compiler's wrapper of a deferred call, or the runtime running the deferred calls (runtime/panic.go). */
function byStack({ stack, waitReason }: Goroutine): readonly string[] | undefined {
  const runs = stack.findIndex(
    ({ function: name }) => /\.deferwrap\d+$/.test(name) || name === "runtime.deferreturn" || name === "runtime.gopanic" || name === "runtime.Goexit",
  );
  if (runs < 0) return undefined;
  const outer = stack.slice(runs + 1).find((frame) => !isStandard(frame)) ?? stack[runs]!;
  return [`${waitReason} at ${at(place(stack))} is in a call that ${outer.function} deferred: ${outer.function} is returning and never ends`];
}

/** An open-coded deferred closure has no frame of its own kind: the source says that the literal is a deferred one. */
function bySource({ stack, waitReason }: Goroutine, { context }: RunIndex): readonly string[] | undefined {
  const frame = place(stack);
  const owner = functionOf(context, frame)?.syntax;
  if (owner?.use !== "defer") return undefined;
  return [`${waitReason} at ${at(frame)} is in the function deferred at line ${owner.start}: the deferring function is returning and never ends`];
}
