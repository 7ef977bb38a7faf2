import type { GoroutineName } from "../../model/ids.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { OpKind } from "../../model/run/operation.js";
import { at, isStandard, isTestCode, isTestFunction, place } from "../../model/source/blame.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { Act, GoroutineLife, Trace } from "../../model/run/trace.js";
import { doneBy } from "./run-index.js";

/**
 * A test that fails leaves out what stands behind: of a goroutine that another run of the same test shows to be ended by that, its
 * leak says nothing of the code under test (a server that the test stops in its last line).
 *
 * L1. `passing` is a run in which the goroutine of that name ended. Somebody made it possible that it went on there from where it is
 *     left in `failing`: who closed, sent or received before, on the same object; and so on, back to a line of the test itself.
 * L2. That line lies behind the last one that the test came to in `failing`, in the same function: it would have been the next to run.
 *     A deferred call's line is where the function was left, which both runs have.
 * L3. It, or the goroutine that it comes from, was started in a call of the test's before the one that failed. What that one started and left
 *     behind nobody else can end: a constructor that gives an error, and no object to close.
 */
export function isLeftOut({ name, stack }: Pick<Goroutine, "name" | "stack">, failing: Trace, passing: Trace): boolean {
  if (name === undefined || passing.lives.find((life) => life.name === name)?.endedAt === undefined) return false;
  const line = wokenByTest(name, place(stack), passing);
  const acts = line === undefined ? [] : failing.steps.flatMap((step) => step.acts).filter((act) => testLine(act.stack)?.function === line.function);
  const last = acts.at(-1);
  return last !== undefined && line!.line > testLine(last.stack)!.line && startedBefore(name, acts.findLast(({ stack }) => !isLeaving(stack)), failing);
}

/** L3 */
function startedBefore(name: GoroutineName, failed: Act | undefined, { lives }: Trace): boolean {
  const lifeOf = (wanted: GoroutineName | undefined): GoroutineLife | undefined => lives.find((one) => one.name === wanted);
  let life = lifeOf(name);
  while (life !== undefined && testLine(life.startedFrom ?? []) === undefined) life = lifeOf(life.createdBy?.name);
  return life !== undefined && failed !== undefined && testFrames(life.startedFrom!) !== testFrames(failed.stack);
}

/** Where the test's own code stands, its helpers too. */
const testFrames = (stack: Stack): string => stack.filter((frame) => isTestCode(frame) && !isStandard(frame)).map(at).join(" ");

/** It says that it has failed, or runs what is deferred. */
const isLeaving = (stack: Stack): boolean => stack.some(({ function: name }) => name === "runtime.Goexit" || name.startsWith("testing.(*common)."));

/** Back over so many goroutines at most. */
const LINKS = 64;

/** What a goroutine may wait for until another one comes to a line: a lock is given back by whoever has it. */
const WAITS: ReadonlySet<OpKind> = new Set<OpKind>(["recv", "send", "select", "wgwait", "condwait", "netread", "netrecv", "netaccept"]);

function wokenByTest(name: GoroutineName, wait: Frame, { steps }: Trace): Frame | undefined {
  const acts = steps.flatMap((step) => [...step.acts, ...(step.joined ?? [])]);
  const isWait = (act: Act): boolean => at(place(act.stack)) === at(wait);
  let [who, until, isLink] = [name, acts.length, isWait];
  for (let link = 0; link < LINKS; link++) {
    const waited = acts.findLastIndex((act, index) => index < until && act.goroutine === who && WAITS.has(act.op) && isLink(act));
    const giver = waited < 0 ? undefined : givenBy(acts, waited);
    if (giver === undefined) return undefined;
    const line = testLine(acts[giver]!.stack);
    if (line !== undefined) return line;
    [who, until, isLink] = [acts[giver]!.goroutine, giver, () => true];
  }
  return undefined;
}

/** The act of another goroutine that made this one possible: the last on the same object. A send and a receive that meet stand side by side. */
function givenBy(acts: readonly Act[], at: number): number | undefined {
  const { goroutine } = acts[at]!;
  const objects = new Set(doneBy(acts[at]!).map(({ object }) => object));
  const isGiver = (act: Act | undefined): boolean => act !== undefined && act.goroutine !== goroutine && doneBy(act).some(({ object }) => objects.has(object));
  if (isGiver(acts[at + 1]) && acts[at]!.op === "send") return at + 1;
  const before = acts.findLastIndex((act, index) => index < at && isGiver(act));
  return before < 0 ? undefined : before;
}

/** Where the test itself stands, in the function that `go test` calls (or a subtest's); undefined for who is not the test's goroutine. */
function testLine(stack: Stack): Frame | undefined {
  const own = stack.findLast((frame) => !/^(?:testing\.|runtime\.)/.test(frame.function));
  const isCalled = stack.some(({ function: name }) => name === "testing.tRunner");
  return own !== undefined && isCalled && isTestCode(own) && isTestFunction(own.function) ? own : undefined;
}
