import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Act, GoroutineLife, Trace } from "../../model/run/trace.js";
import type { DiagnosisContext } from "./diagnosis-context.js";
import { at, isTestEntry, place, plainDots, userFrame } from "../../model/source/blame.js";

/** An operation that was done on an object: `step` counts from 1, as reports do. */
export interface ObjectUse {
  readonly step: number;
  readonly act: Act;
  /** What was done to this object: for a select the direction of the case that was taken. */
  readonly op: OpKind;
}

/** The end of a run with its history, indexed for the rules' questions. Pure data and lookups. */
export interface RunIndex {
  readonly trace: Trace;
  readonly snapshot: Snapshot;
  readonly outcome: Outcome;
  readonly context: DiagnosisContext;
  /** Everything that was done on an object, in order. */
  uses(object: ObjectId): readonly ObjectUse[];
  life(name: GoroutineName): GoroutineLife | undefined;
  goroutine(name: GoroutineName): Goroutine | undefined;
}

export const NO_TRACE: Trace = { steps: [], lives: [] };

export function runIndex(trace: Trace, snapshot: Snapshot, outcome: Outcome, context: DiagnosisContext): RunIndex {
  const uses = new Map<ObjectId, ObjectUse[]>();
  trace.steps.forEach((step, index) => {
    for (const act of [...step.acts, ...(step.joined ?? [])]) {
      for (const { object, op } of doneBy(act)) {
        const list = uses.get(object);
        if (list) list.push({ step: index + 1, act, op });
        else uses.set(object, [{ step: index + 1, act, op }]);
      }
    }
  });
  const lives = new Map(trace.lives.map((life) => [life.name, life]));
  const goroutines = new Map(snapshot.goroutines.flatMap((g) => (g.name === undefined ? [] : [[g.name, g] as const])));
  return {
    trace,
    snapshot,
    outcome,
    context,
    uses: (object) => uses.get(object) ?? [],
    life: (name) => lives.get(name),
    goroutine: (name) => goroutines.get(name),
  };
}

/** A select lists all its channels but does something to one only: the case that it took. */
export function doneBy(act: Act): Act["accesses"] {
  if (act.op !== "select") return act.accesses;
  if (act.detail === undefined) return act.accesses.length === 1 ? act.accesses : [];
  if (act.accesses.length === 1 && act.detail >= 0) return act.accesses;
  return act.detail < 0 ? [] : act.accesses.slice(act.detail, act.detail + 1);
}

/** `1.2 (main.worker)`: a goroutine in a sentence; main, or the test, by its name. */
export function nameOf(index: RunIndex, name: GoroutineName): string {
  const entry = index.life(name)?.entry || index.goroutine(name)?.stack.findLast((frame) => frame.function !== "runtime.goexit")?.function;
  const { test, scope } = index.context;
  if (test === undefined ? name === "1" : name === scope || (entry !== undefined && isTestEntry(entry))) return test ?? "main";
  return entry === undefined ? `goroutine ${name}` : `goroutine ${name} (${plainDots(namedByLine(index.life(name), entry))})`;
}

/** A function without a name (TypeScript's; Go gives each one) by the line that starts it. */
const namedByLine = (life: GoroutineLife | undefined, entry: string): string => (entry === "func" && life?.createdBy !== undefined && life.createdBy.line > 0 ? `func at ${at(life.createdBy)}` : entry);

/** Where a goroutine is at the end, as the second half of a sentence: `ended at step 4`, `is itself blocked (…)`. */
export function stateWords(index: RunIndex, name: GoroutineName): string {
  const life = index.life(name);
  if (life?.endedAt !== undefined) return `ended at step ${life.endedAt + 1}`;
  const goroutine = index.goroutine(name);
  if (!goroutine) return name === "1" && scopeOver(index.outcome) ? "returned" : "is gone";
  const where = userFrame(goroutine.stack) ?? place(goroutine.stack);
  if (goroutine.state === "waiting" || goroutine.state === "io") {
    return `is itself blocked (${goroutine.waitReason} at ${at(where)})`;
  }
  return `went on elsewhere (at ${at(where)})`;
}

export function scopeOver(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "quiescent":
    case "failed":
    case "skipped":
      return true;
    case "horizon":
    case "computes":
    case "runaway":
      return outcome.scopeOver;
    case "deadlock":
    case "panic":
    case "exit":
    case "unsupported":
      return false;
  }
}

/** Is it certain that this goroutine does nothing any more: ended, or blocked at the end? */
export function hasEnded(index: RunIndex, name: GoroutineName): boolean {
  if (index.life(name)?.endedAt !== undefined) return true;
  const goroutine = index.goroutine(name);
  return goroutine ? goroutine.state === "waiting" : scopeOver(index.outcome);
}

/** `2 goroutines`, `1 value`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** The place of an act in a sentence. */
export const placeOf = (act: Act): string => at(place(act.stack));
