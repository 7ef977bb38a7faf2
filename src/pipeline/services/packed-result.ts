import type { Result } from "../../base/result.js";
import type { Goroutine, GoroutineState, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Parsed, ParseFailure } from "../../parse/result.js";

/**
 * What was read, as it goes from one thread to another. A structured clone of a million goroutines, object by object, takes longer than
 * reading them (bench/inspect/run.mjs measures both together). Those of a profile, which say nothing but their number, their state and their
 * stack, go as a few arrays of numbers instead, whose memory changes hands.
 *
 * P1. What is unpacked equals what was packed, frame by frame; frames that were one object are one again.
 */
export interface PackedParsed extends Omit<Parsed, "snapshots"> {
  readonly snapshots: readonly PackedSnapshot[];
}

interface PackedSnapshot extends Omit<Snapshot, "goroutines"> {
  readonly goroutines: PackedGoroutines;
}

type PackedGoroutines =
  | { readonly kind: "as they are"; readonly list: readonly Goroutine[] }
  | {
      readonly kind: "columns";
      readonly counts: Float64Array;
      /** What they wait for; each goroutine's is `waits[waitOf[i]]`. */
      readonly waits: readonly Wait[];
      readonly waitOf: Uint32Array;
      readonly frames: readonly Frame[];
      /** Frames of all stacks, one after the other; goroutine i's end at `ends[i]`. */
      readonly stacks: Uint32Array;
      readonly ends: Uint32Array;
    };

interface Wait {
  readonly state: GoroutineState;
  readonly waitReason: string;
}

/** Fewer are copied in a moment. */
const FEW = 1000;

/** The result, and the memory in it that changes hands. */
export function packed(result: Result<Parsed, ParseFailure>): { readonly result: Result<PackedParsed, ParseFailure>; readonly handed: ArrayBuffer[] } {
  const handed: ArrayBuffer[] = [];
  if (!result.ok) return { result, handed };
  const snapshots = result.value.snapshots.map((snapshot): PackedSnapshot => ({ ...snapshot, goroutines: packGoroutines(snapshot.goroutines, handed) }));
  return { result: { ok: true, value: { ...result.value, snapshots } }, handed };
}

export function unpacked(result: Result<PackedParsed, ParseFailure>): Result<Parsed, ParseFailure> {
  if (!result.ok) return result;
  return { ok: true, value: { ...result.value, snapshots: result.value.snapshots.map((snapshot) => ({ ...snapshot, goroutines: unpackGoroutines(snapshot.goroutines) })) } };
}

function packGoroutines(list: readonly Goroutine[], handed: ArrayBuffer[]): PackedGoroutines {
  if (list.length < FEW || !list.every(isPlain)) return { kind: "as they are", list };
  const counts = new Float64Array(list.length);
  const waitOf = new Uint32Array(list.length);
  const ends = new Uint32Array(list.length);
  const stacks = new Uint32Array(list.reduce((sum, { stack }) => sum + stack.length, 0));
  const frames = new Numbered<Frame>();
  const waits = new Numbered<string>();
  let end = 0;
  for (const [i, { count, state, waitReason, stack }] of list.entries()) {
    counts[i] = count;
    waitOf[i] = waits.of(`${state}\n${waitReason}`);
    for (const frame of stack) stacks[end++] = frames.of(frame);
    ends[i] = end;
  }
  for (const { buffer } of [counts, waitOf, ends, stacks]) handed.push(buffer);
  return { kind: "columns", counts, waits: waits.all.map(waitNamed), waitOf, frames: frames.all, stacks, ends };
}

function unpackGoroutines(given: PackedGoroutines): readonly Goroutine[] {
  if (given.kind === "as they are") return given.list;
  const { counts, waits, waitOf, frames, stacks, ends } = given;
  const list = new Array<Goroutine>(counts.length);
  for (let i = 0, from = 0; i < list.length; i++) {
    const end = ends[i]!;
    const stack = new Array<Frame>(end - from);
    for (let k = from; k < end; k++) stack[k - from] = frames[stacks[k]!]!;
    const { state, waitReason } = waits[waitOf[i]!]!;
    list[i] = { count: counts[i]!, state, waitReason, stack };
    from = end;
  }
  return list;
}

/** It has these four fields and no other. */
function isPlain(goroutine: Goroutine): boolean {
  let fields = 0;
  for (const key in goroutine) if (key === "count" || key === "state" || key === "waitReason" || key === "stack") fields++;
  else return false;
  return fields === 4;
}

const waitNamed = (name: string): Wait => {
  const at = name.indexOf("\n");
  return { state: name.slice(0, at) as GoroutineState, waitReason: name.slice(at + 1) };
};

/** Numbers from 0 on, in the order of their coming. */
class Numbered<T> {
  readonly all: T[] = [];
  readonly #numbers = new Map<T, number>();

  of(one: T): number {
    const known = this.#numbers.get(one);
    if (known !== undefined) return known;
    this.#numbers.set(one, this.all.length);
    return this.all.push(one) - 1;
  }
}
