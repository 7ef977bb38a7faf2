import { packageOf, place, shortSymbol } from "../../../model/source/blame.js";
import type { ObjectKind } from "../../../model/run/object-kind.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import { channelHistory, full, lastTaker, partners, senders, here } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { count, type RunIndex } from "../run-index.js";
import { selectAt } from "../syntax.js";

export const selectWithoutReadyCase: Rule = {
  code: "select-without-ready-case",
  doc: "None of a select's cases can become ready: nobody does the other half of any of them.",
  run(goroutine, index) {
    const blocked = goroutine.blockedOn;
    if (blocked?.op !== "select" || blocked.nil || blocked.objects.length === 0) return undefined;
    // The runtime has an order of its own for the cases, so they are told apart by what they do, not by a number.
    const cases = blocked.objects.map(({ object, op, label }) => {
      if (label !== undefined) return NEVER[label.kind];
      const history = channelHistory(index, object);
      const { receives } = history;
      const other = op === "send" ? [...partners(index, receives, "received"), ...full(index, goroutine, object)] : [...senders(index, history), ...lastTaker(index, goroutine, receives)];
      return `a ${op === "send" ? "send" : "receive"}: ${other.join("; ")}`;
    });
    return [`none of the cases of the select ${whichSelect(goroutine, index)} can become ready`, ...new Set(cases), ...nilCases(goroutine, index)];
  },
};

/** A select of a library's, which the user's line calls, does not stand at that line. */
function whichSelect(goroutine: Goroutine, { context }: RunIndex): string {
  const frame = place(goroutine.stack);
  const inner = goroutine.stack.find(({ function: name }) => packageOf(name) !== "runtime");
  const isCalled = inner !== undefined && inner !== frame && inner.function !== frame.function && selectAt(context, frame).length === 0;
  return isCalled ? `in ${shortSymbol(inner.function)}, called at ${here(goroutine)},` : `at ${here(goroutine)}`;
}

const NEVER: Readonly<Record<ObjectKind, string>> = {
  context: "a context: nothing ended it",
  AbortSignal: "an AbortSignal: nothing aborted it",
  goroutine: "a goroutine: it has not ended",
  errgroup: "an errgroup: it is not over",
};

/** Cases that the source has and the goroutine does not wait at: their channels are nil. */
function nilCases({ stack, blockedOn }: Goroutine, { context }: RunIndex): readonly string[] {
  const all = selectAt(context, place(stack));
  const nil = all.length - (blockedOn?.objects.length ?? 0);
  if (nil <= 0) return [];
  // Which of several receives it is nothing says (client-go's startResync: the other one).
  const receives = all.filter(({ kind }) => kind === "receive");
  const isDone = receives.length - (blockedOn?.objects.filter(({ op }) => op === "recv").length ?? 0) === nil && receives.every(({ text }) => /\.Done\(\)$/.test(text));
  const done = isDone ? ", as Done of context.Background is" : "";
  return [`${nil} of its ${count(all.length, "case")} ${nil === 1 ? "is on a channel that is" : "are on channels that are"} nil${done}`];
}
