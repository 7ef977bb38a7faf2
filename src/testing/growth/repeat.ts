import { frameOf } from "../../runtime/observe/stack-trace.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { RepeatedAwaits } from "./awaits.js";
import { CollectionWatch } from "./collections.js";
import { fastForward } from "./fast-forward.js";
import { HandleWatch } from "./handles.js";
import { ListenerWatch } from "./listeners.js";
import { atRest } from "./at-rest.js";
import { isUsers, type LeftKind, type LeftThing } from "./left-thing.js";

export interface RepeatOptions {
  /** At most so many repetitions. */
  readonly repeat: number;
  /** At most so many real milliseconds for them. */
  readonly budget: number;
}

/** What grew with each repetition, by kind and by the line that added it. */
export interface GrownThing {
  readonly kind: LeftKind;
  readonly what: string;
  readonly stack: Stack;
  readonly user: Frame;
  /** How many there are now; with `each`, how many at the end of each repetition. */
  readonly count: number;
  /** G4 */
  readonly each?: true;
}

export interface Repeated {
  readonly repetitions: number;
  readonly grown: readonly GrownThing[];
  /** What the body threw, which ended it. */
  readonly failure?: { readonly error: unknown };
  /** Neither all were done, nor a first look found nothing: the budget ended it. */
  readonly cutShort: boolean;
}

/** After so many a first look is taken: where nothing grows it is over. */
const FIRST_LOOK = 16;
/** The first repetitions fill what is filled once. */
const WARM_UP = 2;
/** Fewer prove nothing. */
export const FEWEST = 8;

/**
 * Repeats `body` in real time, and says what is left once for each repetition.
 *
 * G1. It grows if each repetition (after the first two) left one that is still there. What a bounded cache drops, what a later
 *     repetition finds there already, and what comes and goes does not grow.
 * G2. Looked at where everything is at rest: timers that fire once have fired (fast-forward.ts), the collector has run.
 * G4. What a repetition leaves on a target of its own is told where each repetition leaves more there than the target is meant to
 *     have: so many calls within it left one each.
 * G3. Of what is held by something that came with the same repetition only the holder is told.
 */
export async function repeatBody(body: () => unknown, options: RepeatOptions): Promise<Repeated> {
  const run = new Repetition();
  try {
    return await run.all(body, options);
  } finally {
    run.stop();
  }
}

class Repetition {
  #current: number | undefined;
  readonly #handles: HandleWatch;
  readonly #listeners: ListenerWatch;
  /** G4, of all repetitions so far. */
  readonly #crowded: PlacedThing[] = [];
  readonly #watches: readonly [CollectionWatch, ListenerWatch, HandleWatch];
  readonly #awaits: RepeatedAwaits;

  constructor() {
    const current = (): number | undefined => this.#current;
    this.#handles = new HandleWatch(current);
    this.#listeners = new ListenerWatch(current);
    this.#watches = [new CollectionWatch(current), this.#listeners, this.#handles];
    this.#awaits = new RepeatedAwaits(current);
  }

  async all(body: () => unknown, { repeat, budget }: RepeatOptions): Promise<Repeated> {
    const end = performance.now() + budget;
    let repetitions = 0;
    while (repetitions < repeat && performance.now() < end) {
      const failure = await this.#once(body, repetitions++);
      if (failure !== undefined) return { repetitions, grown: [], failure, cutShort: true };
      if (repetitions !== Math.min(FIRST_LOOK, repeat)) continue;
      await atRest();
      if (this.#grown(repetitions).length === 0 && this.#handles.once().length === 0) return { repetitions, grown: [], cutShort: false };
    }
    const undo = await fastForward(this.#handles, () => atRest());
    try {
      await atRest();
      return { repetitions, grown: repetitions < FEWEST ? [] : this.#grown(repetitions), cutShort: repetitions < repeat };
    } finally {
      undo();
    }
  }

  async #once(body: () => unknown, number: number): Promise<{ readonly error: unknown } | undefined> {
    this.#awaits.begins();
    if (number % 64 === 63) for (const watch of this.#watches) watch.forget();
    this.#current = number;
    try {
      await body();
      return undefined;
    } catch (error) {
      return { error };
    } finally {
      this.#current = undefined;
      if (number < FIRST_LOOK) this.#crowded.push(...this.#listeners.crowded(number).flatMap((things) => things.map(placed)));
    }
  }

  #grown(repetitions: number): readonly GrownThing[] {
    const things = this.#watches.flatMap((watch) => watch.left());
    const outer = grownOf(things.filter(({ inNew }) => !inNew).map(placed), repetitions);
    const inner = outer.length > 0 ? [] : grownOf(things.filter(({ inNew }) => inNew).map(placed), repetitions); // G3
    const awaits = this.#awaits.left().filter(({ stack }) => stack.some(isOwn));
    const waiting = grownOf(awaits.map(({ stack, repetition, proved }) => ({ kind: "await" as const, what: proved ? "an await that can never go on, proved" : "an await that has not gone on", stack, user: stack.find(isOwn)!, repetition })), repetitions);
    const crowds = grownOf(this.#crowded, Math.min(repetitions, FIRST_LOOK)).filter(({ user }) => ![...outer, ...inner].some((one) => one.user.file === user.file && one.user.line === user.line));
    return [...outer, ...inner, ...waiting, ...crowds.map((one) => ({ ...one, count: Math.round(one.count / Math.min(repetitions, FIRST_LOOK)), each: true as const }))];
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop();
    this.#awaits.stop();
  }
}

interface PlacedThing extends Omit<GrownThing, "count" | "each"> {
  readonly repetition: number;
}

export const placed = ({ kind, what, frames, repetition }: LeftThing): PlacedThing => ({ kind, what, stack: frames.map(frameOf), user: frameOf(frames.find(isUsers)!), repetition });
const isOwn = ({ file }: Frame): boolean => !file.includes("/node_modules/");

/** G1, for each place and kind. */
export function grownOf(things: readonly PlacedThing[], repetitions: number): readonly GrownThing[] {
  const groups = new Map<string, PlacedThing[]>();
  for (const one of things) {
    const key = `${one.kind} ${one.what} ${one.stack[0]!.file}:${one.stack[0]!.line} ${one.user.file}:${one.user.line}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const first = Math.min(WARM_UP, repetitions - 1);
  return [...groups.values()].flatMap((group) => {
    const seen = new Set(group.map(({ repetition }) => repetition));
    for (let number = first; number < repetitions; number++) if (!seen.has(number)) return [];
    const { kind, what, stack, user } = group[0]!;
    return [{ kind, what, stack, user, count: group.length }];
  });
}
