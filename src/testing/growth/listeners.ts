import { EventEmitter, getEventListeners, getMaxListeners } from "node:events";
import type { RawFrame } from "../../runtime/observe/engine-frames.js";
import { placeNow, type CurrentRepetition, type GrowthWatch, type LeftThing } from "./left-thing.js";
import { patchMethod } from "./patched-method.js";

type EventName = string | symbol;
type Listing = (target: object, event: EventName) => readonly unknown[];

interface AddedListener {
  readonly ref: WeakRef<object>;
  readonly frames: readonly RawFrame[];
  readonly repetition: number;
}

/** One event of one target or emitter, and the listeners that were added to it, in their order. */
interface WatchedEvent {
  readonly ref: WeakRef<object>;
  readonly event: EventName;
  readonly listing: Listing;
  readonly added: AddedListener[];
}

const onTarget: Listing = (target, event) => getEventListeners(target as EventTarget, event);
const onEmitter: Listing = (emitter, event) => (emitter as EventEmitter).rawListeners(event);

/**
 * Listeners of EventTargets (AbortSignals among them) and EventEmitters. A listener that was added more than once is there as
 * often as it is listed, by those who added it last.
 */
export class ListenerWatch implements GrowthWatch {
  readonly #repetition: CurrentRepetition;
  readonly #known = new WeakMap<object, Map<EventName, WatchedEvent>>();
  #all: WatchedEvent[] = [];
  readonly #undo: readonly (() => void)[];

  constructor(repetition: CurrentRepetition) {
    this.#repetition = repetition;
    const note = (target: object, args: readonly unknown[], listing: Listing, above: (...all: never[]) => unknown): void => this.#note(target, args, listing, above);
    const adding = (listing: Listing) => (real: (this: object, ...args: unknown[]) => unknown) =>
      function add(this: object, ...args: unknown[]): unknown {
        note(this, args, listing, add);
        return real.apply(this, args);
      };
    this.#undo = [
      patchMethod(EventTarget.prototype, "addEventListener", adding(onTarget)),
      ...["on", "addListener", "prependListener"].map((name) => patchMethod(EventEmitter.prototype, name, adding(onEmitter))),
    ];
  }

  #note(target: object, [event, listener]: readonly unknown[], listing: Listing, above: (...all: never[]) => unknown): void {
    const repetition = this.#repetition();
    if (repetition === undefined || (typeof listener !== "function" && (typeof listener !== "object" || listener === null))) return;
    const frames = placeNow(above, false); // of `once` the platform's own frame is on top
    if (frames !== undefined) this.#watched(target, event as EventName, listing).added.push({ ref: new WeakRef(listener), frames, repetition });
  }

  #watched(target: object, event: EventName, listing: Listing): WatchedEvent {
    let events = this.#known.get(target);
    if (events === undefined) this.#known.set(target, (events = new Map<EventName, WatchedEvent>()));
    let watched = events.get(event);
    if (watched === undefined) {
      watched = { ref: new WeakRef(target), event, listing, added: [] };
      events.set(event, watched);
      this.#all.push(watched);
    }
    return watched;
  }

  left(): readonly LeftThing[] {
    return this.#all.flatMap((watched) => {
      const target = watched.ref.deref();
      if (target === undefined) return [];
      const inNew = new Set(watched.added.map(({ repetition }) => repetition)).size < 2;
      const what = `a listener of "${String(watched.event)}" on ${nameOf(target)}`;
      return listed(watched, target).map(({ frames, repetition }) => ({ kind: "listener" as const, what, frames, repetition, inNew }));
    });
  }

  /**
   * Of what this repetition added: the listeners that are more on one target than that target is meant to have (Node warns of a
   * leak there, too), at its end. The target may be gone later, where it was the repetition's own.
   */
  crowded(repetition: number): readonly (readonly LeftThing[])[] {
    return this.#all.flatMap((watched) => {
      const target = watched.ref.deref();
      const most = target === undefined ? 0 : mostListeners(target);
      if (target === undefined || most === 0 || watched.added.length <= most) return [];
      const what = `listeners of "${String(watched.event)}" on one ${nameOf(target).replace(/^an? /, "")}`;
      const things = listed(watched, target).filter((one) => one.repetition === repetition).map(({ frames }) => ({ kind: "listener" as const, what, frames, repetition, inNew: false }));
      return things.length > most ? [things] : [];
    });
  }

  forget(): void {
    this.#all = this.#all.filter(({ ref }) => ref.deref() !== undefined);
  }

  stop(): void {
    for (const undo of this.#undo) undo();
  }
}

function listed({ event, listing, added }: WatchedEvent, target: object): readonly AddedListener[] {
  const times = new Map<unknown, number>();
  for (const one of listing(target, event)) times.set(one, (times.get(one) ?? 0) + 1);
  return added.toReversed().filter(({ ref }) => {
    const listener = ref.deref();
    const left = listener === undefined ? 0 : (times.get(listener) ?? 0);
    if (left > 0) times.set(listener, left - 1);
    return left > 0;
  });
}

/** 0: as many as one likes. Node 20 throws where a target's maximum was set to 0. */
function mostListeners(target: object): number {
  try {
    return getMaxListeners(target as EventTarget);
  } catch {
    return 0;
  }
}

function nameOf(target: object): string {
  const name = target.constructor?.name || "object";
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}
