import { DEFAULT_CASE, type Choice } from "../model/choice.js";
import type { ObjectId } from "../model/ids.js";
import { isLook, type OpKind } from "../model/operation.js";

/** What a host keeps of each goroutine to know which ones only look. */
export interface Spinner {
  /** Steps in a row in which it only looked, while no goroutine did anything. */
  spins: number;
  /** What it looked at in them, the newest first. */
  lookedAt: LookedAt | undefined;
  /** Looks since it last looked at something new. */
  again: number;
  /** Its Gosched waits for another goroutine's step. */
  yielded: boolean;
}

/** Never changed: a copy of a goroutine shares it. */
export interface LookedAt {
  readonly object: ObjectId | undefined;
  readonly before: LookedAt | undefined;
  readonly size: number;
}

/** So many looks in a row, while no goroutine does anything, and a goroutine may be spinning. */
export const SPINS = 8;
/** More objects are not remembered: what looks at as many is taken to look again. */
const MOST_OBJECTS = 1_024;

/**
 * It has looked at all of it again and found nothing new. A loop over 128 counters, or calls that read a table, are straight
 * code however many looks they take: beside them the clock moves only on a machine that stalls (otter v2.4.0, Map.Size).
 */
export const isSpinning = ({ spins, again, lookedAt }: Spinner): boolean => spins >= SPINS && again >= (lookedAt?.size ?? 0);

/** Goes on only when nothing better can (`Pending.yielding`). */
export const isYielding = (one: Spinner): boolean => one.yielded || isSpinning(one);

/** A step in which one goroutine looks at something and finds no reason to go on: it will do it again. */
export const isLookStep = (choice: Choice, op: OpKind): boolean =>
  choice.kind === "go" && (choice.case === DEFAULT_CASE || isLook(op));

/**
 * Counts looks. A step that does something gives each goroutine a new chance, and so does the clock's; another's look does
 * not: two goroutines that poll in turn spin as one does.
 */
export class Spinning<G extends Spinner> {
  /** Those who yielded, or have looked in vain at least once: only their chances can change. */
  #restless: Set<G> | undefined;

  /** The last step only looked. */
  looked = false;

  notes(one: G): void {
    (this.#restless ??= new Set()).add(one);
  }

  /** Before a step. `op`: of the first actor; `object`: what that touches first. Calls `changed` for others whose chances it changes. */
  step(choice: Choice, actors: readonly G[], op: OpKind | undefined, object: ObjectId | undefined, changed?: (one: G) => void): void {
    const looks = op !== undefined && isLookStep(choice, op);
    this.looked = looks;
    if (this.#restless !== undefined) this.#others(actors, looks, changed);
    for (const one of actors) {
      if (!looks) startAfresh(one);
      else {
        look(one, object);
        this.notes(one);
      }
    }
  }

  #others(actors: readonly G[], looks: boolean, changed: ((one: G) => void) | undefined): void {
    for (const one of this.#restless!) {
      if (actors.includes(one)) continue;
      if (one.yielded || (!looks && one.spins > 0)) changed?.(one);
      one.yielded = false;
      if (!looks) startAfresh(one);
      if (one.spins === 0) this.#restless!.delete(one);
    }
  }

  restore(all: readonly G[]): void {
    this.#restless = new Set(all.filter(({ spins, yielded }) => spins > 0 || yielded));
  }
}

function look(one: Spinner, object: ObjectId | undefined): void {
  const { lookedAt } = one;
  one.spins++;
  if (isKnown(lookedAt, object)) one.again++;
  else {
    one.again = 0;
    one.lookedAt = { object, before: lookedAt, size: (lookedAt?.size ?? 0) + 1 };
  }
}

function isKnown(lookedAt: LookedAt | undefined, object: ObjectId | undefined): boolean {
  if (lookedAt !== undefined && lookedAt.size >= MOST_OBJECTS) return true;
  for (let one = lookedAt; one !== undefined; one = one.before) if (one.object === object) return true;
  return false;
}

function startAfresh(one: Spinner): void {
  one.spins = 0;
  one.again = 0;
  one.lookedAt = undefined;
}
