import type { ObjectId } from "../../../model/ids.js";
import type { Creator, Goroutine } from "../../../model/snapshot.js";
import type { Frame } from "../../../model/stack.js";
import { blockedChannel, channelHistory, here } from "../channel-history.js";
import { place } from "../../../model/blame.js";
import type { DiagnosisContext } from "../diagnosis-context.js";
import type { Rule } from "../rule.js";
import { hasEnded, stateWords, nameOf, type RunIndex } from "../run-index.js";
import { channelName, enclosing, functionAround, isFunction, lineAt, receivesFrom, sendsTo, type SourceLine } from "../source.js";

/**
 * The other half stands in the source of the function that started the goroutine, behind the `go` statement, but that
 * function left by another path: the trace shows that nobody did the other half, and the stacks that nobody will.
 */
export const earlyReturn: Rule = {
  code: "early-return",
  doc: "The function that would have done the other half returned before, by another path.",
  run(goroutine, scene) {
    const op = goroutine.blockedOn?.op;
    if (op !== "send" && op !== "recv") return undefined;
    const channel = blockedChannel(goroutine, op);
    const creator = goroutine.createdBy;
    if (channel === undefined || creator?.name === undefined || untouched(scene, channel, op) === false) return undefined;
    const other = otherHalf(goroutine, creator, op, scene);
    if (!other || stillInside(scene, creator)) return undefined;
    return [
      `${creator.function}, which started it, ${op === "send" ? "receives" : "sends or closes"} at line ${other.line} (${other.text}), but returned by another path before that line`,
      `${nameOf(scene, creator.name)} ${stateWords(scene, creator.name)}; nobody else ${op === "send" ? "received" : "sent"} for ${here(goroutine)}`,
    ];
  },
};

function untouched(scene: RunIndex, channel: ObjectId, op: "send" | "recv"): boolean {
  const { sends, receives, closes } = channelHistory(scene, channel);
  return op === "send" ? receives.length === 0 : sends.length === 0 && closes.length === 0;
}

function otherHalf(goroutine: Goroutine, creator: Creator, op: "send" | "recv", { context }: RunIndex): SourceLine | undefined {
  const frame = place(goroutine.stack);
  const name = channelName(lineAt(context, frame) ?? "");
  const started = lineAt(context, creator) ?? "";
  // In a closure the channel has the same name; a named function's parameter goes by the arguments of the go statement.
  const names = [name, ...(started.match(/[A-Za-z_][\w.]*/g) ?? [])].filter((n): n is string => n !== undefined && n !== "go");
  const inside = new Set(functionAround(context, frame).map(({ line }) => line));
  const literal = frame.function.startsWith(`${creator.function}.`);
  const own = headerOf(context, creator, creator.line);
  return functionAround(context, creator)
    .filter(({ line }) => line > creator.line && !(literal && frame.file === creator.file && inside.has(line)))
    .filter(({ line }) => headerOf(context, creator, line) === own) // what stands in another function literal is another's to do
    .find(({ text }) => names.some((n) => (op === "send" ? receivesFrom(text, n) : sendsTo(text, n))));
}

/** Is the starting function still on its goroutine's stack (it may yet do the other half), or unknown? */
function stillInside(scene: RunIndex, creator: Creator): boolean {
  const starter = creator.name === undefined ? undefined : scene.goroutine(creator.name);
  if (starter) return starter.stack.some((frame) => frame.function === creator.function);
  return creator.name === undefined || !hasEnded(scene, creator.name);
}

/** The line that opens the innermost function around a line. */
const headerOf = (context: DiagnosisContext, frame: Frame, line: number): number | undefined =>
  enclosing(context, { ...frame, line }).find(({ text }) => isFunction(text, frame.file))?.line;
