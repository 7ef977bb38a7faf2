import type { ObjectId } from "../../../model/ids.js";
import { place } from "../../../model/source/blame.js";
import type { Creator, Goroutine } from "../../../model/goroutine/snapshot.js";
import type { Frame } from "../../../model/goroutine/stack.js";
import type { OperationSyntax } from "../../../model/source/syntax.js";
import { blockedChannel, channelHistory, here } from "../channel-history.js";
import type { Rule } from "../rule.js";
import { hasEnded, nameOf, stateWords, type RunIndex } from "../run-index.js";
import { waitsAt } from "../operands.js";
import { caseTaken, cited, functionOf, operationAt, operationsWithin } from "../syntax.js";

/**
 * The other half stands in the source of the function that started the goroutine, behind the `go` statement, but that
 * function left by another path: the trace shows that nobody did the other half, and the stacks that nobody will.
 */
export const earlyReturn: Rule = {
  code: "early-return",
  doc: "The function that would have done the other half returned before, by another path.",
  run(goroutine, index) {
    const op = goroutine.blockedOn?.op;
    if (op !== "send" && op !== "recv") return undefined;
    const channel = blockedChannel(goroutine, op);
    const creator = goroutine.createdBy;
    if (channel === undefined || creator?.name === undefined || untouched(index, channel, op) === false) return undefined;
    const other = otherHalf(goroutine, creator, op, index);
    if (!other || stillInside(index, creator)) return undefined;
    const left = lastStepIn(index, goroutine);
    return [
      `${creator.function}, which started it, ${op === "send" ? "receives" : other.kind === "close" ? "closes the channel" : "sends"} at ${cited(index.context, creator.file, other.line)}, but returned by another path${other.select > 0 ? "" : " before that line"}`,
      ...(left === undefined ? [] : [`its last step there was at ${left}`]),
      `${nameOf(index, creator.name)} ${stateWords(index, creator.name)}; no other goroutine ${op === "send" ? `received what ${here(goroutine)} sends` : `sent what ${here(goroutine)} waits for`}`,
    ];
  },
};

function untouched(index: RunIndex, channel: ObjectId, op: "send" | "recv"): boolean {
  const { sends, receives, closes } = channelHistory(index, channel);
  return op === "send" ? receives.length === 0 : sends.length === 0 && closes.length === 0;
}

/** The operation in the creator's own body, behind the go statement, on the variable that the goroutine waits at. */
function otherHalf(goroutine: Goroutine, creator: Creator, op: "send" | "recv", { context }: RunIndex): OperationSyntax | undefined {
  const frame = place(goroutine.stack);
  const owner = functionOf(context, creator);
  if (owner === undefined || operationAt(context, frame, op === "send" ? ["send"] : ["receive", "range"]) === undefined) return undefined;
  // A variable that a closure shares with its function, or an argument of the go statement.
  const wanted = waitsAt(context, goroutine, frame, op).filter(({ file }) => file === creator.file);
  const kinds = op === "send" ? ["receive", "range"] : ["send", "close"];
  const found = operationsWithin(owner).filter(
    (one) => one.line > creator.line && kinds.includes(one.kind) && !one.deferred && wanted.some(({ operand }) => operand.variable !== "" && operand.variable === one.variable),
  );
  return found.some(({ function: number }) => number !== owner.number) ? undefined : found[0]; // a deferred literal would have run
}

/** Is the starting function still on its goroutine's stack (it may yet do the other half), or unknown? */
function stillInside(index: RunIndex, creator: Creator): boolean {
  const starter = creator.name === undefined ? undefined : index.goroutine(creator.name);
  if (starter) return starter.stack.some((frame) => frame.function === creator.function);
  return creator.name === undefined || !hasEnded(index, creator.name);
}

/**
 * The last line behind the go statement in which the creator's function did something that others could notice, in the
 * call that started the goroutine: until that line is passed again, or starts another one.
 */
function lastStepIn(index: RunIndex, { createdBy, name }: Goroutine): string | undefined {
  const startedAt = name === undefined ? undefined : index.life(name)?.startedAt;
  if (createdBy === undefined || startedAt === undefined) return undefined;
  const again = index.trace.lives.find((life) => life.startedAt > startedAt && life.createdBy?.line === createdBy.line && life.createdBy.name === createdBy.name);
  const steps = index.trace.steps.slice(startedAt + 1, again === undefined ? undefined : again.startedAt + 1);
  let last: Frame | undefined;
  for (const act of steps.flatMap(({ acts }) => acts.filter(({ goroutine }) => goroutine === createdBy.name))) {
    const frame = act.stack.find((one) => one.function === createdBy.function);
    if (frame === undefined) continue;
    if (frame.line <= createdBy.line) break;
    const taken = act.op === "select" && (act.detail ?? -1) >= 0 && frame.file.endsWith(".go") ? caseTaken(index.context, frame, act.detail!) : undefined;
    last = { ...frame, line: taken?.line ?? frame.line };
  }
  return last && cited(index.context, last.file, last.line);
}
