import { sameVariable, stillToDo } from "../operands.js";
import { functionOf, operationAt, operationsOf, operationsWithin, sameOperand } from "../syntax.js";
import { at, place } from "../../../model/source/blame.js";
import type { Rule } from "../rule.js";
import { count, placeOf, stateWords, nameOf, type RunIndex, type ObjectUse } from "../run-index.js";
import type { Goroutine } from "../../../model/goroutine/snapshot.js";

export const waitgroupMismatch: Rule = {
  code: "waitgroup-mismatch",
  doc: "The WaitGroup's counter stays above zero: fewer Done than Add.",
  run(goroutine, index) {
    const blocked = goroutine.blockedOn;
    const object = blocked?.op === "wgwait" ? blocked.objects[0]?.object : undefined;
    if (object === undefined) return undefined;
    const changes = index.uses(object).filter(({ op }) => op === "wgadd");
    const added = sum(changes, 1);
    const done = sum(changes, -1);
    const short = blocked?.counter ?? added - done;
    if (short <= 0) return undefined;
    const isErrgroup = isErrgroupWait(goroutine);
    return [
      isErrgroup ? `${short} of the errgroup's ${count(added, "goroutine")} ${short === 1 ? "is" : "are"} not over` : `the WaitGroup's counter is ${short}: ${added} added, ${done} done, ${short} short`,
      ...adders(changes).map((line) => (isErrgroup ? line.replace(/^added/, "started") : line)),
      ...deferredDone(goroutine, index),
      ...idleWorkers(changes, goroutine, index),
    ];
  },
};

const sum = (changes: readonly ObjectUse[], sign: 1 | -1): number =>
  changes.reduce((total, { act }) => total + Math.max(0, sign * (act.detail ?? 0)), 0);

function adders(changes: readonly ObjectUse[]): readonly string[] {
  const places = [...new Set(changes.filter(({ act }) => (act.detail ?? 0) > 0).map(({ act }) => placeOf(act)))];
  return places.length === 0 ? [] : [`added at ${places.join(", ")}`];
}

/** `defer wg.Done()` in the very function that waits: it runs when the function returns, so after the Wait. */
function deferredDone(goroutine: Goroutine, { context }: RunIndex): readonly string[] {
  const frame = place(goroutine.stack);
  const owner = functionOf(context, frame);
  const wait = operationAt(context, frame, ["Wait"]);
  if (owner === undefined || wait === undefined) return [];
  const own = operationsOf(owner).find((one) => one.kind === "Done" && one.deferred && one.line < frame.line && sameOperand(one, wait));
  return own ? [`${frame.function} itself defers Done at line ${own.line}, which runs only after the Wait at ${at(frame)} has returned`] : [];
}

const isErrgroupWait = ({ blockedOn }: Goroutine): boolean => blockedOn?.objects[0]?.label?.kind === "errgroup";

/** Goroutines that the waiting one (or an adder) started and that are still there: they have not called Done. */
function idleWorkers(changes: readonly ObjectUse[], goroutine: Goroutine, index: RunIndex): readonly string[] {
  const stuck = owingDone(changes, goroutine, index);
  if (stuck.length === 0) return [];
  const [first] = stuck;
  const others = stuck.length === 1 ? "" : `; the same goes for ${stuck.length - 1} more started beside it`;
  return [`${nameOf(index, first!.name!)} ${isErrgroupWait(goroutine) ? "is one of them" : "has not called Done"} and ${stateWords(index, first!.name!)}${others}`];
}

/**
 * Blocked goroutines that were to call Done: started by who waits or adds, with a Done in the functions that they are in. Where there are none,
 * those whose functions still have a Done before them on what the Wait is called on by name, if they are not more than are missing.
 */
export function owingDone(changes: readonly ObjectUse[], goroutine: Goroutine, index: RunIndex): readonly Goroutine[] {
  const starters = new Set([goroutine.name, ...changes.map(({ act }) => act.goroutine)]);
  const did = new Set(changes.filter(({ act }) => (act.detail ?? 0) < 0).map(({ act }) => act.goroutine));
  const left = index.snapshot.goroutines.filter((one) => one.name !== undefined && one.name !== goroutine.name && (one.state === "waiting" || one.state === "io") && !did.has(one.name));
  const started = left.filter((one) => starters.has(one.createdBy?.name) && (hasDone(one, index) || isStartedWith(changes, one, index)));
  if (started.length > 0) return started;
  const named = left.filter((one) => stillCallsDone(one, goroutine, index));
  return named.length <= missing(changes, goroutine) ? named : [];
}

const missing = (changes: readonly ObjectUse[], { blockedOn }: Goroutine): number => blockedOn?.counter ?? sum(changes, 1) - sum(changes, -1);

function stillCallsDone(one: Goroutine, { stack }: Goroutine, { context }: RunIndex): boolean {
  const frame = place(stack);
  const wait = operationAt(context, frame, ["Wait"]);
  return wait !== undefined && stillToDo(context, one, ["Done"]).some((done) => sameVariable(done, { file: frame.file, operand: wait }));
}

/** Added and started in one step by the same goroutine: what TypeScript's groups do. */
function isStartedWith(changes: readonly ObjectUse[], { name, createdBy }: Goroutine, index: RunIndex): boolean {
  const startedAt = index.life(name!)?.startedAt;
  return changes.some(({ act, step }) => (act.detail ?? 0) > 0 && act.goroutine === createdBy?.name && step - 1 === startedAt);
}

/** An errgroup's goroutine calls Done in a method that it defers (golang.org/x/sync v0.3 to v0.25, errgroup.go). */
const CALLS_DONE = /^golang\.org\/x\/sync\/errgroup\.\(\*Group\)\.(?:Go|TryGo)\.func\d$/;

/** Has one of the functions on its stack a Done? True where none of them could be read. */
function hasDone({ stack }: Goroutine, { context }: RunIndex): boolean {
  if (stack.some((frame) => CALLS_DONE.test(frame.function))) return true;
  const functions = stack.flatMap((frame) => functionOf(context, frame) ?? []);
  return functions.length === 0 || functions.some((one) => operationsWithin(one).some(({ kind }) => kind === "Done"));
}
