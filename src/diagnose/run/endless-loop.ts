import type { Cause } from "../../model/finding/cause.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { LoopSyntax, OperationSyntax } from "../../model/source/syntax.js";
import { isStandard } from "../../model/source/blame.js";
import type { DiagnosisContext } from "./diagnosis-context.js";
import type { RunIndex } from "./run-index.js";
import { cited, functionOf, operationsOf, type FunctionIn } from "./syntax.js";

interface EndlessLoop {
  readonly cause: Extract<Cause, "loop-without-exit" | "never-stopped">;
  readonly evidence: readonly string[];
}

/** Why a goroutine goes on and on. */
export function runawayOf({ stack }: Goroutine, { outcome, context }: RunIndex): EndlessLoop {
  if (outcome.kind !== "runaway") return endlessLoop(stack, AT_THE_HORIZON, context);
  return endlessLoop(stack, outcome.milliseconds === undefined ? SPINS : spinning(outcome.milliseconds), context);
}

/** `goesOn`: how that showed. Whether a loop has a way out, the syntax tree says; where there is none, it is taken for one without. */
export function endlessLoop(stack: Stack, goesOn: string, context: DiagnosisContext): EndlessLoop {
  const way = wayOut(stack, context);
  return way === undefined ? { cause: "loop-without-exit", evidence: [goesOn] } : { cause: "never-stopped", evidence: [goesOn, way] };
}

export const spinning = (milliseconds: number | undefined): string =>
  milliseconds === undefined
    ? "it goes round for ever without an operation that another goroutine could notice"
    : `it ran for ${milliseconds} ms without an operation that another goroutine could notice, and was ended then: that it would never have come to one is not proved`;

const AT_THE_HORIZON = "it was still going when the horizon of virtual time was reached, with its scope long over: nothing made it end";
export const SPINS = "it goes round for ever: all that it waits for is ready each time (a closed channel or connection, a done context) or is only looked at, and nothing that could go on would change that";

/** Of the loops that the goroutine stands in, the outermost one that something can end. */
function wayOut(stack: Stack, context: DiagnosisContext): string | undefined {
  for (const frame of stack.filter((one) => !isStandard(one)).reverse()) {
    const owner = functionOf(context, frame);
    const loops = owner === undefined ? [] : owner.file.loops.filter((loop) => loop.function === owner.number && loop.start <= frame.line && frame.line <= loop.end);
    for (const loop of loops) {
      const way = wayOutOf(loop, owner!, frame, context);
      if (way !== undefined) return way;
    }
  }
  return undefined;
}

function wayOutOf(loop: LoopSyntax, owner: FunctionIn, { file }: Frame, context: DiagnosisContext): string | undefined {
  const leaving = casesThatLeave(loop, owner).map(({ line }) => cited(context, file, line));
  if (leaving.length > 0) return `its loop ends by ${leaving.slice(0, CITED).join(" or ")}, which it never took`;
  if (loop.condition !== "") return `its loop goes on while what stands at ${cited(context, file, loop.start)} is true`;
  return loop.exits.length === 0 ? undefined : `its loop has a way out at ${cited(context, file, loop.exits[0]!)}, which it never took`;
}

const CITED = 2;

/** Receives of a select in the loop whose case leaves it; a tick is not what somebody does. */
const casesThatLeave = ({ start, end }: LoopSyntax, owner: FunctionIn): readonly OperationSyntax[] =>
  operationsOf(owner).filter(({ leaves, kind, line, text }) => leaves === true && kind === "receive" && start <= line && line <= end && !TICKS.test(text));

const TICKS = /(?:\.C|\btime\.(?:After|Tick)\(.*\))$/;
