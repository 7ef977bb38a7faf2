import { DEFAULT_CASE, type Choice } from "../model/run/choice.js";
import type { ObjectId } from "../model/ids.js";
import { isLook, type OpKind } from "../model/run/operation.js";

/** What a host keeps of each goroutine to know which ones only look. */
export interface Spinner {
  /** Steps in a row in which it only looked, while no goroutine did anything. */
  spins: number;
  /** What it looked at in them, the newest first. */
  lookedAt: LookedAt | undefined;
  /** Looks since it last looked at something new. */
  again: number;
  /** The clock has moved while it was spinning, and it has done nothing since: it waits for time to pass. */
  passedBy: boolean;
  /** Its Gosched waits for another goroutine's step. */
  yielded: boolean;
  /** Receives in a row that brought nothing, for the channel was closed, since the last from a channel that it had not found so: no end of its own is in sight. */
  empty: number;
  /** The closed channels of these receives, the newest first. */
  emptied: LookedAt | undefined;
  /** The same, since the clock last moved. */
  drained: number;
  /** The cases that it took in them: a bit each. */
  cases: number;
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

/** In straight code it looks less often, whatever at (quiet-machine/pollers.ts). */
const STRAIGHT = 32;

/**
 * It spins, but for so short a time that it may be straight code: a loop that logs once for each of twelve features reads the same two
 * atomics in each round (client-go v0.37.2, envvar.go). Others go on before it, but the clock does not.
 */
export const mayBeStraight = (one: Spinner): boolean => !one.yielded && !one.passedBy && one.spins < STRAIGHT && isSpinning(one);

/** So many receives that bring nothing, and a goroutine goes round on what is always ready; then so many for each move of the clock. */
const EMPTY = { first: 64, again: 8 } as const;

/**
 * It goes round on a closed channel, and does something in each round: takes a lock, counts, starts a goroutine. Nobody but time
 * can end that, where another case of its select, or one of those goroutines, waits for a timer (nhooyr.io/websocket v1.8.7,
 * timeoutLoop: each round starts a close that gives up after 5 s).
 */
export const isDraining = ({ empty, drained }: Spinner): boolean => empty >= EMPTY.first && drained >= EMPTY.again;

/** Goes on only when nothing better can (`Pending.yielding`). */
export const isYielding = (one: Spinner): boolean => one.yielded || isSpinning(one);

/** A step in which one goroutine looks at something and finds no reason to go on: it will do it again. */
const isLookStep = (choice: Choice, op: OpKind): boolean =>
  choice.kind === "go" && (choice.case === DEFAULT_CASE || isLook(op));

/**
 * Counts looks. A step that does something gives each goroutine a new chance, and so does the clock's; another's look does
 * not: two goroutines that poll in turn spin as one does.
 */
export class Spinning<G extends Spinner> {
  /** Who has looked in vain since somebody did something: a step that does something changes their chances. */
  readonly #lookers = new Set<G>();
  /** Who yielded: each step changes theirs. */
  readonly #yielded = new Set<G>();
  /** Who has received nothing since the clock moved: its next move changes theirs. */
  readonly #drainers = new Set<G>();

  /** The last step only looked. */
  looked = false;

  /** It has yielded, looked or received nothing. */
  notes(one: G): void {
    if (one.spins > 0) this.#lookers.add(one);
    if (one.yielded) this.#yielded.add(one);
    if (one.drained > 0) this.#drainers.add(one);
  }

  /** Before a step. `op`: of the first actor; `object`: what that touches first. Calls `changed` for others whose chances it changes. */
  step(choice: Choice, actors: readonly G[], op: OpKind | undefined, object: ObjectId | undefined, changed?: (one: G) => void): void {
    const looks = op !== undefined && isLookStep(choice, op);
    this.looked = looks;
    if (this.#yielded.size > 0) this.#nobodyYields(actors, changed);
    if (choice.kind === "clock") this.#passesBy();
    if (!looks && this.#lookers.size > 0) this.#nobodyLooks(actors, changed);
    if (choice.kind === "clock") this.#nobodyDrains(changed);
    for (const one of actors) {
      if (looks) look(one, object);
      else does(one);
      this.notes(one);
    }
  }

  /** In the step at hand it has done more than look, though nobody was asked. `changed`: as for `step`. */
  acted(one: G, changed: (one: G) => void): void {
    this.looked = false;
    does(one);
    this.#nobodyLooks([one], changed);
  }

  #passesBy(): void {
    for (const one of this.#lookers) if (isSpinning(one)) one.passedBy = true;
  }

  #nobodyYields(but: readonly G[], changed: ((one: G) => void) | undefined): void {
    for (const one of this.#yielded) {
      this.#yielded.delete(one);
      if (!one.yielded || but.includes(one)) continue;
      one.yielded = false;
      changed?.(one);
    }
  }

  #nobodyLooks(but: readonly G[], changed: ((one: G) => void) | undefined): void {
    for (const one of this.#lookers) {
      if (one.spins === 0 || but.includes(one)) continue;
      startAfresh(one);
      changed?.(one);
    }
    this.#lookers.clear();
  }

  #nobodyDrains(changed: ((one: G) => void) | undefined): void {
    for (const one of this.#drainers) {
      one.drained = 0;
      changed?.(one);
    }
    if (this.#drainers.size > 0) this.#drainers.clear();
  }

  restore(all: readonly G[]): void {
    for (const set of [this.#lookers, this.#yielded, this.#drainers]) if (set.size > 0) set.clear();
    for (const one of all) this.notes(one);
  }
}

/**
 * A step of a channel operation or of a sleep is about to be taken. `from`: the closed channel of which it receives nothing; undefined: it
 * brings something. Who receives from a thousand closed channels, one after the other, does not go round (gocron v2.21.2, stopScheduler).
 */
export function received(one: Spinner, choice: Choice, from: ObjectId | undefined): void {
  if (from === undefined) {
    one.empty = one.drained = one.cases = 0;
    one.emptied = undefined;
    return;
  }
  const isNew = !isAmong(one.emptied, from);
  // What goes through more channels than are remembered, each closed once, is no round.
  if (isNew) one.emptied = withObject((one.emptied?.size ?? 0) < MOST_OBJECTS ? one.emptied : undefined, from);
  one.empty = isNew ? 1 : one.empty + 1;
  one.drained = isNew ? 1 : one.drained + 1;
  one.cases |= bitOf(choice);
}

/**
 * A select picks one of the cases that are ready at random: who goes round on a closed channel takes another case that is
 * ready, sooner or later. So those come first that it has not taken.
 */
export function fairWays(one: Spinner, ways: readonly Choice[]): readonly Choice[] {
  const others = ways.length < 2 ? NONE : ways.filter((way) => (one.cases & bitOf(way)) === 0);
  return others.length === 0 ? ways : others;
}

const NONE: readonly Choice[] = [];
const bitOf = (choice: Choice): number => (choice.kind === "go" && typeof choice.case === "number" && choice.case > 0 ? 1 << Math.min(30, choice.case) : 1);

function look(one: Spinner, object: ObjectId | undefined): void {
  const { lookedAt } = one;
  one.spins++;
  if (isKnown(lookedAt, object)) one.again++;
  else {
    one.again = 0;
    one.lookedAt = withObject(lookedAt, object);
  }
}

const withObject = (before: LookedAt | undefined, object: ObjectId | undefined): LookedAt => ({ object, before, size: (before?.size ?? 0) + 1 });

function isKnown(lookedAt: LookedAt | undefined, object: ObjectId | undefined): boolean {
  return (lookedAt !== undefined && lookedAt.size >= MOST_OBJECTS) || isAmong(lookedAt, object);
}

function isAmong(lookedAt: LookedAt | undefined, object: ObjectId | undefined): boolean {
  for (let one = lookedAt; one !== undefined; one = one.before) if (one.object === object) return true;
  return false;
}

function does(one: Spinner): void {
  one.passedBy = false;
  startAfresh(one);
}

function startAfresh(one: Spinner): void {
  one.spins = 0;
  one.again = 0;
  one.lookedAt = undefined;
}
