import type { Access } from "../../../model/run/operation.js";
import { at, place, shortSymbol } from "../../../model/source/blame.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../../model/goroutine/stack.js";
import type { OperationSyntax } from "../../../model/source/syntax.js";
import { channelHistory } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { nameOf, placeOf, stateWords, type ObjectUse, type RunIndex } from "../run-index.js";
import { cited, functionOf, operationAt, operationsWithin, sameOperand, selectAt, type FunctionIn } from "../syntax.js";

/**
 * A channel as a semaphore: a function takes a value (or a place in the buffer) and puts it back further down, and left in
 * between. The trace shows who took the last one and that it was not put back; the source shows where that would have been.
 */
export const notGivenBack: Rule = {
  code: "early-return",
  doc: "The function that took the last value, or the last place, returned before the line that gives it back.",
  run(goroutine, index) {
    for (const waited of goroutine.blockedOn?.nil === false ? goroutine.blockedOn.objects : []) {
      const told = lost(goroutine, waited, index);
      if (told !== undefined) return told;
    }
    return undefined;
  },
};

function lost(goroutine: Goroutine, { object, op }: Access, index: RunIndex): readonly string[] | undefined {
  if (op !== "send" && op !== "recv") return undefined;
  const { sends, receives, closes } = channelHistory(index, object);
  const taken = (op === "recv" ? receives : sends).at(-1);
  if (taken === undefined || closes.length > 0) return undefined;
  const frame = place(taken.act.stack);
  const owner = functionOf(index.context, frame);
  const take = owner && takes(index, frame, op);
  if (owner === undefined || take === undefined) return undefined;
  const back = givesBack(owner, take, op);
  if (back === undefined || !hasLeft(index, taken, frame, goroutine)) return undefined;
  if ((op === "recv" ? sends : receives).some(({ step, act }) => step > taken.step && act.goroutine === taken.act.goroutine)) return undefined;
  const what = op === "recv" ? "received the last value" : "sent the last value that the channel has room for";
  const returns = owner.syntax.returns.filter((line) => line > Math.max(take.line, take.select > 0 ? take.selectEnd : 0) && line < back.line);
  return [
    `${shortSymbol(frame.function)} ${what} at ${at({ ...frame, line: take.line })} (step ${taken.step}), and returned before it ${op === "recv" ? "sent one" : "received one"} back at ${cited(index.context, frame.file, back.line)}`,
    ...(returns.length === 1 ? [`between the two it can return at ${cited(index.context, frame.file, returns[0]!)}`] : []),
    `${nameOf(index, taken.act.goroutine)} took it at ${placeOf(taken.act)} and ${stateWords(index, taken.act.goroutine)}`,
  ];
}

/** The operation in the source: the only one of its kind in that line, or the only such case of the select there. */
function takes(index: RunIndex, frame: Frame, op: "send" | "recv"): OperationSyntax | undefined {
  const kind = op === "send" ? "send" : "receive";
  const alone = operationAt(index.context, frame, [kind]);
  if (alone !== undefined) return alone;
  const cases = selectAt(index.context, frame).filter((one) => one.kind === kind && !/\.(?:Done|done)\(\)$/.test(one.text));
  return cases.length === 1 ? cases[0] : undefined;
}

/** Further down in the same function, by itself: neither deferred, for that would have run, nor a case of a select. */
function givesBack(owner: FunctionIn, take: OperationSyntax, op: "send" | "recv"): OperationSyntax | undefined {
  const kind = op === "recv" ? "send" : "receive";
  const all = operationsWithin(owner).filter((one) => one.kind === kind && sameOperand(one, take));
  if (all.some((one) => one.deferred || one.function !== owner.number)) return undefined;
  return all.find((one) => one.line > take.line);
}

/** Has the call that took it returned? Its goroutine is over, or stands in another call. */
function hasLeft(index: RunIndex, { act }: ObjectUse, frame: Frame, blocked: Goroutine): boolean {
  if (index.life(act.goroutine)?.endedAt !== undefined) return true;
  const now = act.goroutine === blocked.name ? blocked : index.goroutine(act.goroutine);
  if (now === undefined) return false;
  const outer = (stack: Stack): string => stack.slice(stack.findIndex((one) => one.function === frame.function) + 1).map((one) => `${one.function}:${one.line}`).join(" ");
  return !now.stack.some((one) => one.function === frame.function) || outer(now.stack) !== outer(act.stack);
}
