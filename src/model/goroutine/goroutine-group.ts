import { PairTable } from "../../base/pair-table.js";
import { hash64, type Hash64, shortName } from "../../base/short-hash.js";
import { groupOrder } from "./group-order.js";
import type { Goroutine, Snapshot } from "./snapshot.js";
import type { Frame, Stack } from "./stack.js";
import { StackLooks, StackViewer, type StackLook } from "./stack-viewer.js";
import { waitKind, type WaitKind } from "./wait.js";

/** The pprof label by whose values groups are split, and this group's value; undefined: its goroutines do not have it. */
export interface GroupLabel {
  readonly key: string;
  readonly value: string | undefined;
}

export interface Waits {
  readonly min: number;
  readonly max: number;
}

/**
 * Goroutines that wait in the same way at the same place: they differ only in values. Invariants (goroutine-group.test.ts):
 * G1. Each goroutine of the snapshot is in exactly one group; the counts add up.
 * G2. The three forms that Go writes of one process (debug=0, 1, 2) give the same stacks with the same counts.
 *
 * Hashes and stacks are made when they are asked for: of 50,000 groups a screen shows a dozen.
 */
export class GoroutineGroup {
  readonly kind: WaitKind;
  /** All of them, or none: proved unreachable by the runtime. */
  readonly leaked: boolean;
  /** Only where groups were asked for by label. */
  readonly label: GroupLabel | undefined;
  /** Of all frames of its stack, hidden ones too (frame-marks.ts). */
  readonly marks: number;
  readonly #viewer: StackViewer;
  readonly #high: number;
  readonly #low: number;
  /** Only one in most of a large profile: a list is made for the second. */
  readonly #first: Goroutine;
  #goroutines: Goroutine[] | undefined;
  /** Another group with the same hash, which waits in another way; only while groups are made. */
  #alike: GoroutineGroup | undefined;
  // Asked of every group: kept here, so that memory is not gone through for them.
  #count: number;
  #waitReason: string | undefined;
  readonly #innermost: Frame | undefined;
  #stack: Stack | undefined;
  /** Asked by most rules: gone through once. */
  #waits: { readonly known: Waits | undefined } | undefined;

  constructor(viewer: StackViewer, { high, low, innermost, marks }: StackLook, kind: WaitKind, first: Goroutine, label?: GroupLabel, alike?: GoroutineGroup) {
    this.#viewer = viewer;
    this.#high = high;
    this.#low = low;
    this.#innermost = innermost;
    this.kind = kind;
    this.marks = marks;
    this.leaked = first.unreachable === true;
    this.label = label;
    this.#first = first;
    this.#goroutines = undefined;
    this.#alike = alike;
    this.#count = first.count;
    this.#waitReason = first.waitReason;
  }

  get count(): number {
    return this.#count;
  }

  get goroutines(): readonly Goroutine[] {
    return (this.#goroutines ??= [this.#first]);
  }

  /** Stands for all where they do not differ. */
  get first(): Goroutine {
    return this.#first;
  }

  /** `goroutines.some(test)`; cheaper where there is only one. */
  some(test: (goroutine: Goroutine) => boolean): boolean {
    return this.#goroutines === undefined ? test(this.#first) : this.#goroutines.some(test);
  }

  /** What a person should see of the stack (StackViewer.visible). */
  get stack(): Stack {
    return (this.#stack ??= this.#viewer.visible(this.#first.stack));
  }

  /** The innermost frame of `stack` that passes; cheaper than asking for the whole stack. */
  frame(test: (frame: Frame) => boolean): Frame | undefined {
    if (this.#innermost && test(this.#innermost)) return this.#innermost;
    return this.stack.find(test);
  }

  /** Names kind, functions, files and lines, and whether they leaked. */
  get exact(): string {
    return named({ high: this.#high, low: this.#low }, `${this.leaked ? `${this.kind} leaked` : this.kind}${this.#labelName()}`);
  }

  /** Survives rebuilds that only move lines: names the kind of waiting and the functions. */
  get fingerprint(): string {
    return named(this.#viewer.functions(this.stack), `${this.kind}${this.#labelName()}`);
  }

  #labelName(): string {
    return this.label === undefined ? "" : ` ${JSON.stringify([this.label.key, this.label.value])}`;
  }

  /** The runtime's words, of most of them. */
  get waitReason(): string {
    return (this.#waitReason ??= mostCommon(this.goroutines));
  }

  /** Shortest and longest wait in whole minutes; undefined where the source does not say (profiles, younger than 1 min). */
  get waits(): Waits | undefined {
    return (this.#waits ??= waitsOf(this.goroutines)).known;
  }

  /** Only while groups are made. */
  take(goroutine: Goroutine): void {
    if (this.#goroutines === undefined) this.#goroutines = [this.#first, goroutine];
    else this.#goroutines.push(goroutine);
    this.#count += goroutine.count;
    if (goroutine.waitReason !== this.#waitReason) this.#waitReason = undefined; // asked again when it is
  }

  /** Only while groups are made: itself or one of those alike, if it is the one for these. */
  find(kind: WaitKind, leaked: boolean, value: string | undefined): GoroutineGroup | undefined {
    if (this.#is(kind, leaked, value)) return this;
    let other = this.#alike;
    while (other !== undefined && !other.#is(kind, leaked, value)) other = other.#alike;
    return other;
  }

  #is(kind: WaitKind, leaked: boolean, value: string | undefined): boolean {
    return this.kind === kind && this.leaked === leaked && this.label?.value === value;
  }

  /** Largest first; equal ones by their stack's hash, so that the order does not depend on the source's. */
  static sorted(groups: readonly GoroutineGroup[]): readonly GoroutineGroup[] {
    // Side by side in memory: of a million groups, each comparison would wait for memory twice.
    const columns = { counts: new Float64Array(groups.length), highs: new Int32Array(groups.length), lows: new Int32Array(groups.length) };
    for (let index = 0; index < groups.length; index++) {
      const group = groups[index]!;
      columns.counts[index] = group.#count;
      columns.highs[index] = group.#high;
      columns.lows[index] = group.#low;
    }
    const sorted: GoroutineGroup[] = [];
    const order = groupOrder(columns, (a, b) => lastResort(groups[a]!, groups[b]!));
    for (let i = 0; i < order.length; i++) sorted.push(groups[order[i]!]!);
    return sorted;
  }

  /** Groups that are to count as one: the first one's stack and names stand for all. */
  static merged(groups: readonly GoroutineGroup[]): GoroutineGroup {
    const [first] = groups as readonly [GoroutineGroup];
    if (groups.length === 1) return first;
    const whole = new GoroutineGroup(first.#viewer, { high: first.#high, low: first.#low, innermost: first.#innermost, marks: first.marks }, first.kind, first.#first, first.label);
    const goroutines: Goroutine[] = [];
    whole.#count = 0;
    for (const group of groups) {
      if (group.#goroutines === undefined) goroutines.push(group.#first);
      else for (const goroutine of group.#goroutines) goroutines.push(goroutine);
      whole.#count += group.#count;
      if (group.#waitReason !== first.#waitReason) whole.#waitReason = undefined;
    }
    whole.#goroutines = goroutines;
    return whole;
  }
}

/**
 * Largest groups first; equal ones by their stack's hash, so that the order does not depend on the source's.
 *
 * @param annotate what is to stand for a visible frame, asked once for each (the source line's text, say).
 * @param byLabel a pprof label's key: goroutines with different values of it are different groups.
 */
export function groupGoroutines(snapshot: Snapshot, annotate?: (frame: Frame) => Frame, byLabel?: string): readonly GoroutineGroup[] {
  const viewer = new StackViewer(annotate);
  const looks = new StackLooks(viewer);
  const stacks = new PairTable(() => undefined);
  const byStack: GoroutineGroup[] = [];
  const groups: GoroutineGroup[] = [];
  for (const goroutine of snapshot.goroutines) {
    const look = looks.of(goroutine.stack);
    const kind = waitKind(goroutine);
    const leaked = goroutine.unreachable === true;
    const value = byLabel === undefined ? undefined : labelOf(goroutine, byLabel);
    // With the label: a thousand values of it at one stack are no row to be gone through.
    const stack = stacks.id(value === undefined ? look.high : look.high ^ hash64(value).low, look.low);
    const known = byStack[stack]?.find(kind, leaked, value);
    if (known !== undefined) {
      known.take(goroutine);
      continue;
    }
    const fresh = new GoroutineGroup(viewer, look, kind, goroutine, byLabel === undefined ? undefined : { key: byLabel, value }, byStack[stack]);
    groups.push(fresh);
    byStack[stack] = fresh;
  }
  return GoroutineGroup.sorted(groups);
}

export const labelOf = ({ labels }: Goroutine, key: string): string | undefined => (labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined);

function named(hash: Hash64, kind: string): string {
  const other = hash64(kind);
  return shortName({ high: hash.high ^ other.high, low: hash.low ^ other.low });
}

/** Of groups with one stack and as many goroutines. */
function lastResort(a: GoroutineGroup, b: GoroutineGroup): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.leaked !== b.leaked) return a.leaked ? -1 : 1;
  return (a.label?.value ?? "") < (b.label?.value ?? "") ? -1 : 1;
}

function waitsOf(members: readonly Goroutine[]): { readonly known: Waits | undefined } {
  let min = Infinity;
  let max = 0;
  for (const { waitMinutes = 0 } of members) {
    if (waitMinutes < min) min = waitMinutes;
    if (waitMinutes > max) max = waitMinutes;
  }
  return { known: max > 0 ? { min, max } : undefined };
}

function mostCommon(members: readonly Goroutine[]): string {
  if (members.every((g) => g.waitReason === members[0]!.waitReason)) return members[0]!.waitReason;
  const counts = new Map<string, number>();
  for (const g of members) counts.set(g.waitReason, (counts.get(g.waitReason) ?? 0) + g.count);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
