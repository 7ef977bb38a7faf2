import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import { at, packageOf, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import type { RunIndex } from "../run-index.js";
import { cited, operationAt, selectAt } from "../syntax.js";
import { waitingFor } from "../wait-operation.js";

export const missingCancel: Rule = {
  code: "missing-cancel",
  doc: "It waits for a context's Done channel, and nothing cancelled that context.",
  run(goroutine, index) {
    const op = waitingFor(goroutine);
    if (op !== "recv" && op !== "select") return undefined;
    if (channelsClosed(goroutine, index)) return undefined;
    const where = waitsForContext(goroutine) ? at(place(goroutine.stack)) : doneCase(goroutine, index);
    if (where === undefined) return undefined;
    if (waitsForContext(goroutine)) return [`it waits for a context to be done at ${where}`, "nothing cancelled it"];
    const never = goroutine.blockedOn?.nil ? "its Done channel is nil: this context can never be cancelled" : "nothing cancelled it: no channel that it waits on was ever closed";
    return [`it waits for a context to be done at ${where}`, never];
  },
};

const channelsClosed = (goroutine: Goroutine, index: RunIndex): boolean =>
  (goroutine.blockedOn?.objects ?? []).some(({ object }) => index.uses(object).some(({ op }) => op === "close"));

/** TypeScript's contexts are known as such. What a signal may end, too, waits for something else first. */
const waitsForContext = ({ blockedOn }: Goroutine): boolean =>
  (blockedOn?.op === "recv" ? blockedOn.objects.slice(0, 1) : (blockedOn?.objects ?? [])).some(({ label }) => label?.kind === "context");

const DONE = /\.(?:Done|done)\(\)$/;

/** Where it waits for Done: the user's receive, a case of the user's select, or package context waiting by itself. */
function doneCase({ stack, blockedOn }: Goroutine, { context }: RunIndex): string | undefined {
  const frame = place(stack);
  if (DONE.test(operationAt(context, frame, ["receive"])?.text ?? "")) return cited(context, frame.file, frame.line);
  const cases = selectAt(context, frame);
  // Of a context that can never be cancelled (Background) Done is nil, and is not among what the goroutine waits on.
  const some = (blockedOn?.objects.length ?? 0) < cases.length && blockedOn?.nil !== true;
  const found = some ? undefined : cases.find(({ kind, text }) => kind === "receive" && DONE.test(text));
  if (found) return cited(context, frame.file, found.line);
  return stack.some((inner) => packageOf(inner.function) === "context") ? `${at(frame)} (package context)` : undefined;
}
