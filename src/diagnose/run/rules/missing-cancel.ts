import type { Goroutine } from "../../../model/snapshot.js";
import { selectCases } from "../../../model/select-case.js";
import { at, packageOf, place } from "../../../model/blame.js";
import type { Rule } from "../rule.js";
import type { RunIndex } from "../run-index.js";
import { asGo, lineAt } from "../source.js";
import { waitingFor } from "../wait-operation.js";

export const missingCancel: Rule = {
  code: "missing-cancel",
  doc: "It waits for a context's Done channel, and nothing cancelled that context.",
  run(goroutine, scene) {
    const op = waitingFor(goroutine);
    if (op !== "recv" && op !== "select") return undefined;
    if (channelsClosed(goroutine, scene)) return undefined;
    const where = doneCase(goroutine, scene);
    if (where === undefined) return undefined;
    const never = goroutine.blockedOn?.nil ? "its Done channel is nil: this context can never be cancelled" : "nothing cancelled it: no channel that it waits on was ever closed";
    return [`it waits for a context to be done at ${where}`, never];
  },
};

const channelsClosed = (goroutine: Goroutine, scene: RunIndex): boolean =>
  (goroutine.blockedOn?.objects ?? []).some(({ object }) => scene.uses(object).some(({ op }) => op === "close"));

const DONE = /<-\s*[\w.()]*\bDone\(\)/;

/** Where it waits for Done: the user's receive, a case of the user's select, or package context waiting by itself. */
function doneCase({ stack }: Goroutine, { context }: RunIndex): string | undefined {
  const frame = place(stack);
  const text = lineAt(context, frame);
  if (text !== undefined && DONE.test(asGo(text))) return `${at(frame)} (${text})`;
  const found = selectCases(context.lines(frame.file) ?? [], frame.line).find((line) => DONE.test(asGo(line.text)));
  if (found) return `${at({ ...frame, line: found.line })} (${found.text})`;
  return stack.some((inner) => packageOf(inner.function) === "context") ? `${at(frame)} (package context)` : undefined;
}
