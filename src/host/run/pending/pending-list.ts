import type { Pending } from "../../../model/run/program.js";
import type { CommonWait, GuestGoroutine } from "../../guest/guest-goroutine.js";
import { isStopped } from "./guest-pending.js";

/** What it asks of the table's view of the goroutines. */
interface ListView {
  readonly goroutines: readonly GuestGoroutine[];
  /** What one that has been told is told now. */
  entryOf(goroutine: GuestGoroutine): Pending;
}

/** Where more than one in so many have changed, all are looked at: that is simpler, and no slower. */
const SHARE = 8;

/**
 * The list that `PendingTable.pending` gives, kept from step to step: those who have not moved cost nothing.
 *
 * L1. `#stopped` are those that are stopped, in order of creation; `#entries[i]` is what `#stopped[i]` was told; the clock may
 *     follow as one entry more; `#able` of those told have a way to go on. That holds but for those in `#noted` (for all where
 *     these are many) and in `#told`, until `bringUpToDate`.
 * L2. What was given out holds until it is brought up to date again (Run.pending): who keeps it copies it.
 * L3. If `#goers.isKnown`, its entries are those of `#entries` that can go on, in order, and its indices those of their goroutines; the clock may
 *     follow. Where few have changed it is kept like the list; else it is made anew when it is asked for.
 * L4. If `#knowsCommon`, `#common[i]` is what `#stopped[i]` waits for together with others, and `#turned[i]` what it is told when that is the other
 *     way about, once that was made. But for those in `#noted` and in `#told`, too.
 * L5. `#changed` are those that have come, or are told something else, since `takeChanged` was asked; undefined: all may be, or nobody has asked.
 */
export class PendingList {
  /** Who may have come or gone. */
  readonly #noted = new Set<GuestGoroutine>();
  /** Who is told something else, and stands where it stood; undefined: so many that all are looked at. */
  #told: GuestGoroutine[] | undefined = [];
  readonly #stopped: GuestGoroutine[] = [];
  /** Of `#stopped`, in one piece of memory. */
  readonly #indices: number[] = [];
  readonly #entries: Pending[] = [];
  readonly #common: (CommonWait | undefined)[] = [];
  readonly #turned: (Pending | undefined)[] = [];
  #knowsCommon = false;
  #isGivenOut = false;
  /** So many were noted that the list is made anew: who they are does not matter any more. */
  #isStale = true;
  #able = 0;
  /** L3 */
  readonly #goers: AbleEntries = { entries: [], indices: [], isKnown: false };
  #clock: Pending | undefined;
  /** L5 */
  #changed: Set<GuestGoroutine> | undefined;

  /** Can any of them go on? */
  get able(): boolean {
    return this.#able > 0;
  }

  /** Those of the list that was given out that can go on, in its order, the clock too. */
  ableEntries(): readonly Pending[] {
    const goers = this.#goers;
    if (!goers.isKnown) this.#findGoers();
    const hasClock = goers.entries.length > this.#able;
    if (!hasClock && this.#clock !== undefined && canGo(this.#clock)) goers.entries.push(this.#clock);
    return goers.entries;
  }

  /** Of the list that was given out: what is new since the last time, in its order, and the clock; undefined: all may be. */
  takeChanged(): readonly Pending[] | undefined {
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed === undefined) return undefined;
    const entries = [...changed].filter(isStopped).sort((a, b) => a.index - b.index).map(({ index }) => this.#entries[placeOf(index, this.#indices)]!);
    return this.#clock === undefined ? entries : [...entries, this.#clock];
  }

  /** It has stopped, goes on or is over. */
  note(goroutine: GuestGoroutine): void {
    if (this.#isStale) return;
    this.#noted.add(goroutine);
    this.#isStale = this.#noted.size * SHARE >= this.#stopped.length;
  }

  /** It is told something else. */
  noteTold(goroutine: GuestGoroutine): void {
    if (this.#isStale || this.#told === undefined || this.#noted.has(goroutine)) return;
    this.#told.push(goroutine);
    if (this.#told.length * SHARE >= this.#stopped.length) this.#told = undefined;
  }

  /** All who wait so can go on now, or no longer can. */
  turn(common: CommonWait, view: ListView): void {
    if (this.#isStale || this.#told === undefined) return;
    if (common.members.size * SHARE < this.#stopped.length) return common.members.forEach((one) => this.noteTold(one));
    const entries = this.#entries;
    if (!this.#knowsCommon) this.#findCommon();
    let turned = 0;
    for (let i = 0; i < this.#stopped.length; i++) {
      if (this.#noted.size > 0 && this.#noted.has(this.#stopped[i]!)) continue; // it has come back here: what the list has of it is from before, and is made anew
      if (this.#common[i] !== common || (this.#turned[i] === undefined && this.#stopped[i]!.common !== common)) continue;
      const before = entries[i]!;
      entries[i] = this.#turned[i] ?? view.entryOf(this.#stopped[i]!);
      this.#turned[i] = before;
      turned++;
    }
    this.#able += common.able === true ? turned : -turned;
    this.#goers.isKnown = false;
    this.#changed = undefined;
  }

  forget(): void {
    this.#isStale = true;
  }

  /** Everyone who is stopped has been told by now. */
  bringUpToDate(view: ListView): void {
    if (this.#isStale) this.#makeAnew(view);
    else {
      if (this.#entries.length > this.#stopped.length) this.#entries.pop(); // the clock
      if (this.#goers.entries.length > this.#able) this.#goers.entries.pop();
      for (const goroutine of this.#noted) this.#place(goroutine, view);
      if (this.#told === undefined) this.#tellAll(view);
      else for (const goroutine of this.#told) this.#place(goroutine, view);
    }
    this.#noted.clear();
    this.#told = [];
    this.#isStale = false;
    this.#isGivenOut = false;
  }

  /** Once for each time that it was brought up to date. */
  followedBy(clock: Pending | undefined): readonly Pending[] {
    if (this.#isGivenOut) throw new Error("unpark: a list that was given out would be written to; this is a bug in unpark");
    this.#isGivenOut = true;
    this.#clock = clock;
    if (clock !== undefined) this.#entries.push(clock);
    return this.#entries;
  }

  #makeAnew(view: ListView): void {
    let count = 0;
    for (const goroutine of view.goroutines) {
      if (!isStopped(goroutine)) continue;
      this.#indices[count] = goroutine.index;
      this.#stopped[count++] = goroutine;
    }
    if (this.#stopped.length > count) this.#stopped.length = this.#indices.length = count;
    if (this.#entries.length > count) this.#entries.length = count;
    this.#tellAll(view);
  }

  #findCommon(): void {
    this.#common.length = this.#turned.length = this.#stopped.length;
    this.#stopped.forEach(({ common }, at) => (this.#common[at] = common));
    this.#turned.fill(undefined);
    this.#knowsCommon = true;
  }

  #findGoers(): void {
    const goers = this.#goers;
    goers.entries.length = goers.indices.length = 0;
    for (let i = 0; goers.entries.length < this.#able; i++) {
      if (!((this.#knowsCommon ? this.#common[i]?.able : undefined) ?? canGo(this.#entries[i]!))) continue;
      goers.entries.push(this.#entries[i]!);
      goers.indices.push(this.#indices[i]!);
    }
    goers.isKnown = true;
  }

  #tellAll(view: ListView): void {
    this.#goers.isKnown = this.#knowsCommon = false;
    this.#changed = undefined;
    const stopped = this.#stopped;
    const entries = this.#entries;
    let able = 0;
    for (let i = 0; i < stopped.length; i++) {
      const entry = view.entryOf(stopped[i]!);
      entries[i] = entry;
      if (entry.alternatives.length > 0) able++;
    }
    this.#able = able;
  }

  #place(goroutine: GuestGoroutine, view: ListView): void {
    const at = placeOf(goroutine.index, this.#indices);
    const known = this.#stopped[at] === goroutine;
    this.#changed?.add(goroutine);
    const entry = isStopped(goroutine) ? view.entryOf(goroutine) : undefined;
    if (known && canGo(this.#entries[at]!)) this.#able--;
    if (this.#goers.isKnown) placeGoer(this.#goers, goroutine.index, entry);
    if (entry === undefined) {
      if (known) this.#atPlace(at, 1);
      return;
    }
    if (!known) this.#atPlace(at, 0, goroutine);
    this.#entries[at] = entry;
    if (this.#knowsCommon) this.#common[at] = goroutine.common;
    if (this.#knowsCommon) this.#turned[at] = undefined;
    if (canGo(entry)) this.#able++;
  }

  /** One comes in, or one is taken out. */
  #atPlace(at: number, out: 0 | 1, ...come: readonly GuestGoroutine[]): void {
    this.#stopped.splice(at, out, ...come);
    this.#indices.splice(at, out, ...come.map(({ index }) => index));
    for (const all of this.#knowsCommon ? [this.#entries, this.#common, this.#turned] : [this.#entries]) all.splice(at, out, ...come.map(() => undefined as never));
  }
}

interface AbleEntries {
  readonly entries: Pending[];
  readonly indices: number[];
  isKnown: boolean;
}

/** It has come, gone or is told something else. */
function placeGoer({ entries, indices }: AbleEntries, index: number, entry: Pending | undefined): void {
  const at = placeOf(index, indices);
  const known = indices[at] === index;
  const goes = entry !== undefined && canGo(entry);
  if (goes && known) entries[at] = entry;
  else if (goes) {
    entries.splice(at, 0, entry);
    indices.splice(at, 0, index);
  } else if (known) {
    entries.splice(at, 1);
    indices.splice(at, 1);
  }
}

/** Where one with this index stands, or would stand. */
function placeOf(index: number, ascending: readonly number[]): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

const canGo = ({ alternatives }: Pending): boolean => alternatives.length > 0;
