import type { GoroutineName } from "../../../model/ids.js";
import type { Frame } from "../../../model/goroutine/stack.js";
import type { Rule } from "../rule.js";
import { heirs, type LockHold } from "../lock-ownership.js";
import { nameOf, placeOf, stateWords, type ObjectUse, type RunIndex } from "../run-index.js";

/**
 * golang.org/x/sync/semaphore: each Acquire and each Release of one takes its mutex first, so the trace shows who acquired it and
 * did not release it. Nothing is said where that is not certain: beside a TryAcquire, or an Acquire that gave up (it locks twice).
 */
export const semaphoreNotReleased: Rule = {
  code: "mutex-never-unlocked",
  doc: "The semaphore's places are held by goroutines that have ended, or are blocked themselves, without releasing them.",
  run({ name, stack }, index) {
    if (!stack.some(isAcquire)) return undefined;
    const locks = locksOf(index);
    const own = locks.findLast(({ act }) => act.goroutine === name && act.stack.some(isAcquire));
    if (own === undefined) return undefined;
    const mutex = own.act.accesses[0]?.object;
    const uses = locks.filter(({ act }) => act.accesses[0]?.object === mutex);
    const lines = new Set(uses.flatMap(({ act }) => act.stack.filter(isAcquire).map(({ line }) => line)));
    if (lines.size > 1 || uses.some(({ act }) => act.stack.some((frame) => frame.function === `${WEIGHTED}.TryAcquire`))) return undefined;
    const held = uses.reduce<readonly LockHold[]>((before, use) => (use.act.stack.some(isAcquire) ? [...before, holdOf(use)] : released(before, use)), []).filter((hold) => !isStillThere(index, hold, uses));
    if (held.length === 0 || held.some((hold) => heirs(index, hold).some((heir) => !waitsForOne(index, heir)))) return undefined;
    return held.slice(-MOST_TOLD).map(({ goroutine, act, step }) => `${nameOf(index, goroutine)} acquired the semaphore at ${placeOf(act)} (step ${step}), has not released it, and ${stateWords(index, goroutine)}`);
  },
};

const WEIGHTED = "golang.org/x/sync/semaphore.(*Weighted)";
const MOST_TOLD = 3;

const isAcquire = ({ function: symbol }: Frame): boolean => symbol === `${WEIGHTED}.Acquire`;

/** All locks within the package. */
const locksOf = ({ trace }: RunIndex): readonly ObjectUse[] =>
  trace.steps.flatMap(({ acts, joined = [] }, i) => [...acts, ...joined].flatMap((act): readonly ObjectUse[] => (act.op === "lock" && act.stack.some((frame) => frame.function.startsWith(WEIGHTED)) ? [{ step: i + 1, act, op: "lock" }] : [])));

const holdOf = ({ act, step }: ObjectUse): LockHold => ({ goroutine: act.goroutine, step, act, mode: "places" });

/** Who releases gives back its own; else the oldest one's. */
function released(held: readonly LockHold[], { act }: ObjectUse): readonly LockHold[] {
  const own = held.findLastIndex(({ goroutine }) => goroutine === act.goroutine);
  return held.filter((_, at) => at !== Math.max(own, 0));
}

/** The last Acquire of one that stands in it: it waits, and holds nothing by that. */
function isStillThere(index: RunIndex, hold: LockHold, uses: readonly ObjectUse[]): boolean {
  return waitsForOne(index, hold.goroutine) && uses.findLast(({ act }) => act.goroutine === hold.goroutine)?.step === hold.step;
}

const waitsForOne = (index: RunIndex, name: GoroutineName): boolean => index.goroutine(name)?.stack.some(isAcquire) === true;
