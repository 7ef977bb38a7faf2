import { collector } from "../../runtime/control/reachability.js";
import { frameOf } from "../../runtime/observe/stack-trace.js";
import type { Frame, Stack } from "../../model/stack.js";
import { RepeatedAwaits } from "./awaits.js";
import { CollectionWatch } from "./collections.js";
import { fastForward } from "./fast-forward.js";
import { HandleWatch } from "./handles.js";
import { ListenerWatch } from "./listeners.js";
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
  /** How many there are now. */
  readonly count: number;
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
  readonly #watches: readonly [CollectionWatch, ListenerWatch, HandleWatch];
  readonly #awaits: RepeatedAwaits;

  constructor() {
    const current = (): number | undefined => this.#current;
    this.#handles = new HandleWatch(current);
    this.#watches = [new CollectionWatch(current), new ListenerWatch(current), this.#handles];
    this.#awaits = new RepeatedAwaits(current);
  }

  async all(body: () => unknown, { repeat, budget }: RepeatOptions): Promise<Repeated> {
    const end = performance.now() + budget;
    let repetitions = 0;
    while (repetitions < repeat && performance.now() < end) {
      const failure = await this.#once(body, repetitions++);
      if (failure !== undefined) return { repetitions, grown: [], failure, cutShort: true };
      if (repetitions !== Math.min(FIRST_LOOK, repeat)) continue;
      await this.#rest();
      if (this.#grown(repetitions).length === 0 && this.#handles.once().length === 0) return { repetitions, grown: [], cutShort: false };
    }
    const undo = await fastForward(this.#handles, () => this.#rest());
    try {
      await this.#rest();
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
    }
  }

  /** What is about to end may end; what nobody holds is freed. */
  async #rest(): Promise<void> {
    const collect = collector();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) await turn();
      await pause();
      collect?.();
    }
    await turn();
  }

  #grown(repetitions: number): readonly GrownThing[] {
    const things = this.#watches.flatMap((watch) => watch.left());
    const outer = grownOf(things.filter(({ inNew }) => !inNew).map(placed), repetitions);
    const inner = outer.length > 0 ? [] : grownOf(things.filter(({ inNew }) => inNew).map(placed), repetitions); // G3
    const awaits = this.#awaits.left().filter(({ stack }) => stack.some(isOwn));
    const waiting = grownOf(awaits.map(({ stack, repetition, proved }) => ({ kind: "await" as const, what: proved ? "an await that can never go on, proved" : "an await that has not gone on", stack, user: stack.find(isOwn)!, repetition })), repetitions);
    return [...outer, ...inner, ...waiting];
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop();
    this.#awaits.stop();
  }
}

interface PlacedThing extends Omit<GrownThing, "count"> {
  readonly repetition: number;
}

const placed = ({ kind, what, frames, repetition }: LeftThing): PlacedThing => ({ kind, what, stack: frames.map(frameOf), user: frameOf(frames.find(isUsers)!), repetition });
const isOwn = ({ file }: Frame): boolean => !file.includes("/node_modules/");

/** G1, for each place and kind. */
function grownOf(things: readonly PlacedThing[], repetitions: number): readonly GrownThing[] {
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

const { setImmediate: nextTurn, setTimeout: later } = globalThis; // a runner's fake timers come later
const turn = (): Promise<void> => new Promise((resolve) => void nextTurn(resolve));
/** Longer than what a close or a timer of a millisecond needs. */
const pause = (): Promise<void> => new Promise((resolve) => void later(resolve, 5));
