import type { RawFrame } from "../../runtime/observe/engine-frames.js";
import { placeNow, type CurrentRepetition, type GrowthWatch, type LeftThing } from "./left-thing.js";
import { patchMethod } from "./patched-method.js";

interface AddedEntry {
  /** Of a value that is an object only a weak reference; else the value, or the key. */
  readonly value: unknown;
  readonly isWeak: boolean;
  readonly frames: readonly RawFrame[];
  readonly repetition: number;
}

/** A Map, Set or array, and what was added to it. */
interface WatchedCollection {
  readonly ref: WeakRef<object>;
  readonly kind: "Map" | "Set" | "array";
  /** Of an array: how many values it had before. */
  readonly before: number;
  entries: AddedEntry[];
}

/** Entries of one repetition that are noted; of more nothing is said. */
const MOST = 20_000;

/**
 * Entries of Maps, Sets and arrays: what was added, is still in there, and in a collection that is still alive.
 *
 * C1. An entry that replaces one with the same key adds nothing.
 * C2. Of values that are no objects an array may hold many alike: the last that were pushed count as those that are there,
 *     beside as many as it had before.
 */
export class CollectionWatch implements GrowthWatch {
  readonly #repetition: CurrentRepetition;
  readonly #known = new WeakMap<object, WatchedCollection>();
  #all: WatchedCollection[] = [];
  readonly #undo: readonly (() => void)[];
  /** What is done here adds entries, too. */
  #busy = false;
  #noted = 0;
  #last = -1;

  constructor(repetition: CurrentRepetition) {
    this.#repetition = repetition;
    const note = (collection: object, kind: WatchedCollection["kind"], values: readonly unknown[], above: (...args: never[]) => unknown): void => this.#note(collection, kind, values, above);
    this.#undo = [
      patchMethod(Map.prototype, "set", (real) => function set(key, value) {
        const isNew = !(this as Map<unknown, unknown>).has(key);
        const result = real.call(this, key, value);
        if (isNew) note(this, "Map", [key], set);
        return result;
      }),
      patchMethod(Set.prototype, "add", (real) => function add(value) {
        const isNew = !(this as Set<unknown>).has(value);
        const result = real.call(this, value);
        if (isNew) note(this, "Set", [value], add);
        return result;
      }),
      ...["push", "unshift"].map((name) => patchMethod(Array.prototype, name, (real) => function add(...values) {
        const result = real.apply(this, values);
        note(this, "array", values, add);
        return result;
      })),
    ];
  }

  #note(collection: object, kind: WatchedCollection["kind"], values: readonly unknown[], above: (...args: never[]) => unknown): void {
    const repetition = this.#repetition();
    if (repetition === undefined || this.#busy) return;
    this.#busy = true;
    try {
      if (repetition !== this.#last) this.#noted = 0;
      this.#last = repetition;
      const frames = this.#noted++ < MOST ? placeNow(above, true) : undefined;
      if (frames === undefined) return;
      const watched = this.#watched(collection, kind, values.length);
      for (const value of values) watched.entries.push({ ...weakly(value), frames, repetition });
    } finally {
      this.#busy = false;
    }
  }

  #watched(collection: object, kind: WatchedCollection["kind"], more: number): WatchedCollection {
    let watched = this.#known.get(collection);
    if (watched === undefined) {
      watched = { ref: new WeakRef(collection), kind, before: kind === "array" ? (collection as readonly unknown[]).length - more : 0, entries: [] };
      this.#known.set(collection, watched);
      this.#all.push(watched);
    }
    return watched;
  }

  left(): readonly LeftThing[] {
    return this.#all.flatMap((watched) => {
      const there = entriesThere(watched);
      const inNew = new Set(watched.entries.map(({ repetition }) => repetition)).size < 2;
      return there.map(({ frames, repetition }) => ({ kind: "entry" as const, what: `an entry of ${watched.kind === "array" ? "an array" : `a ${watched.kind}`}`, frames, repetition, inNew }));
    });
  }

  forget(): void {
    this.#all = this.#all.filter(({ ref }) => ref.deref() !== undefined);
  }

  stop(): void {
    for (const undo of this.#undo) undo();
  }
}

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";
const weakly = (value: unknown): { readonly value: unknown; readonly isWeak: boolean } => (isObject(value) ? { value: new WeakRef(value), isWeak: true } : { value, isWeak: false });

function entriesThere({ ref, kind, before, entries }: WatchedCollection): readonly AddedEntry[] {
  const collection = ref.deref();
  if (collection === undefined) return [];
  const real = ({ value, isWeak }: AddedEntry): unknown => (isWeak ? (value as WeakRef<object>).deref() : value);
  if (kind !== "array") return entries.filter((entry) => (collection as Set<unknown>).has(real(entry)));
  const values = collection as readonly unknown[];
  const plain = entries.filter(({ isWeak }) => !isWeak); // C2
  const room = Math.max(0, values.filter((value) => !isObject(value)).length - before);
  const objects = new Set(values.filter(isObject));
  return [...plain.slice(Math.max(0, plain.length - room)), ...entries.filter((entry) => entry.isWeak && objects.has(real(entry) as object))];
}
