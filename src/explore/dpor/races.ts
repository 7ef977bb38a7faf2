import { commutes, conflicts, isPlain } from "./dependence.js";
import type { StepEvent, HappensBefore, ThreadId } from "./happens-before.js";
import { isOffer, type DependencyAccess } from "./object-access.js";

/**
 * An earlier step that a later operation (done just now, or still pending) could also have come before: `initials` are
 * the ways to begin the other order, one of which has to be tried in the state before `earlier`.
 */
export interface Race {
  readonly earlier: StepEvent;
  /** Events after `earlier` that could also come first (their procs and choices); in order of the run. */
  readonly initials: readonly StepEvent[];
  /** The later operation's own goroutine could also come first. */
  readonly self: boolean;
}

/** Had `p` been stopped before the same operation in the state before event `index`, without an alternative? */
type BlockedAtEvent = (p: ThreadId, index: number) => boolean;

/**
 * Races of an operation of `p` that touches `touches` with the events of `history` (Abdulla, Aronis, Jonsson, Sagonas,
 * "Source sets: a foundation for optimal dynamic partial order reduction", 2014/2017, section 5).
 *
 * Different from the paper: waiting is no event here, so an operation may be pending for ever and still have to be tried
 * earlier; it is compared at the end of the run. R1–R3 say when an earlier event is no race:
 * R1. It happened before the last event of `p` (then `p` knows of it), or the table says that nothing is to reverse.
 * R2. It happened before a later event that remains: that one is reversed first.
 * R3. `p` stood before this very operation already and could not go on, and nothing that does not depend on the event
 *     could have changed that.
 */
export function racesOf(history: HappensBefore, p: ThreadId, touches: readonly DependencyAccess[], blockedAt: BlockedAtEvent): Race[] {
  const clock = history.clockOf(p);
  const found: StepEvent[] = [];
  for (const touch of touches) {
    const object = history.objectHistory(touch.object);
    if (!object) continue;
    for (const [proc, entries] of object) {
      if (proc === p) continue;
      for (let i = entries.length - 1; i >= 0; ) {
        const entry = entries[i]!;
        const plain = isPlain(entry.touch, touch);
        if (entry.index < (clock[proc] ?? 0)) break; // R1
        if (!conflicts(entry.touch, touch)) {
          i = plain ? entry.otherKind : i - 1; // R1
          continue;
        }
        i--;
        const event = history.events[entry.index]!;
        if (event.procs.includes(p)) break;
        if (history.lastOf(p) < entry.index && blockedAt(p, entry.index) && !couldChange(history, event, touches)) continue; // R3
        if (!found.includes(event)) found.push(event);
        break;
      }
    }
  }
  const races: Race[] = [];
  for (const earlier of found) {
    const shielded = found.some((e) => e.index > earlier.index && history.happenedBefore(earlier.index, e.clock)); // R2
    if (!shielded) races.push(reverse(history, earlier, clock, touches));
  }
  return races;
}

/** R3: an event after `event` that does not depend on it and touches one of the objects. */
function couldChange(history: HappensBefore, event: StepEvent, touches: readonly DependencyAccess[]): boolean {
  for (const touch of touches) {
    for (const entries of history.objectHistory(touch.object)?.values() ?? []) {
      for (let i = entries.length - 1; i >= 0 && entries[i]!.index > event.index; i--) {
        if (!history.happenedBefore(event.index, history.events[entries[i]!.index]!.clock)) return true;
      }
    }
  }
  return false;
}

/** After so many events the search for initials is given up; those found suffice, at the price of redundant runs. */
const FAR = 256;

/**
 * v = what comes after `earlier` and does not depend on it, then the operation of `p`; its initials are those events of v
 * that nothing in v happened before. (Nothing that `p` knows of depends on `earlier`, or this were no race.)
 */
function reverse(history: HappensBefore, earlier: StepEvent, clock: Int32Array, touches: readonly DependencyAccess[]): Race {
  const { events } = history;
  const proc = earlier.procs[0]!;
  const initials: StepEvent[] = [];
  const end = Math.min(events.length, earlier.index + 1 + FAR);
  for (let j = earlier.index + 1; j < end; j++) {
    const event = events[j]!;
    if (earlier.index < (event.clock[proc] ?? 0)) continue; // depends on `earlier`
    if (!initials.some((first) => history.happenedBefore(first.index, event.clock))) initials.push(event);
  }
  return { earlier, initials, self: !knowsOfLater(clock, earlier.index) && !touchedSince(history, earlier, touches) };
}

function knowsOfLater(clock: Int32Array, index: number): boolean {
  for (let p = 0; p < clock.length; p++) if (clock[p]! - 1 > index) return true;
  return false;
}

/** Has a step that does not depend on `earlier` done anything to the objects since, with which the touches do not commute? */
function touchedSince(history: HappensBefore, earlier: StepEvent, touches: readonly DependencyAccess[]): boolean {
  for (const mine of touches) {
    for (const entries of history.objectHistory(mine.object)?.values() ?? []) {
      for (let i = entries.length - 1; i >= 0 && entries[i]!.index > earlier.index; i--) {
        const { touch, index } = entries[i]!;
        if (isOffer(touch) || (!isOffer(mine) && commutes(touch, mine))) continue;
        if (!history.happenedBefore(earlier.index, history.events[index]!.clock)) return true;
      }
    }
  }
  return false;
}
