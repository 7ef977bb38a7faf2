import type { Pending } from "../../../model/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import { isStopped } from "./guest-pending.js";

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
 */
export class PendingList {
  /** Who may have come or gone. */
  readonly #noted = new Set<GuestGoroutine>();
  /** Who is told something else, and stands where it stood; undefined: so many that all are looked at. */
  #told: GuestGoroutine[] | undefined = [];
  #stopped: GuestGoroutine[] = [];
  #entries: Pending[] = [];
  #isGivenOut = false;
  /** So many were noted that the list is made anew: who they are does not matter any more. */
  #isStale = true;
  #able = 0;
  /** L3 */
  readonly #goers: AbleEntries = { entries: [], indices: [], isKnown: false };
  #clock: Pending | undefined;

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

  /** It has stopped, goes on or is over. */
  note(goroutine: GuestGoroutine): void {
    if (this.#isStale) return;
    this.#noted.add(goroutine);
    this.#isStale = this.#noted.size * SHARE >= this.#stopped.length;
  }

  /** It is told something else. */
  noteTold(goroutine: GuestGoroutine): void {
    if (this.#isStale || this.#told === undefined) return;
    this.#told.push(goroutine);
    if (this.#told.length * SHARE >= this.#stopped.length) this.#told = undefined;
  }

  forget(): void {
    this.#isStale = true;
  }

  /** Everyone who is stopped has been told by now. */
  bringUpToDate(all: { readonly goroutines: readonly GuestGoroutine[] }): void {
    if (this.#isStale) this.#makeAnew(all.goroutines);
    else {
      if (this.#entries.length > this.#stopped.length) this.#entries.pop(); // the clock
      if (this.#goers.entries.length > this.#able) this.#goers.entries.pop();
      for (const goroutine of this.#noted) this.#place(goroutine);
      if (this.#told === undefined) this.#tellAll();
      else for (const goroutine of this.#told) this.#place(goroutine);
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

  #makeAnew(goroutines: readonly GuestGoroutine[]): void {
    this.#stopped = goroutines.filter(isStopped);
    this.#entries = [];
    this.#tellAll();
  }

  #findGoers(): void {
    const goers = this.#goers;
    goers.entries.length = goers.indices.length = 0;
    for (let i = 0; goers.entries.length < this.#able; i++) {
      if (!canGo(this.#entries[i]!)) continue;
      goers.entries.push(this.#entries[i]!);
      goers.indices.push(this.#stopped[i]!.index);
    }
    goers.isKnown = true;
  }

  #tellAll(): void {
    this.#goers.isKnown = false;
    const stopped = this.#stopped;
    const entries = this.#entries;
    let able = 0;
    for (let i = 0; i < stopped.length; i++) {
      const entry = stopped[i]!.told!;
      entries[i] = entry;
      if (entry.alternatives.length > 0) able++;
    }
    this.#able = able;
  }

  #place(goroutine: GuestGoroutine): void {
    const at = this.#find(goroutine.index);
    const known = this.#stopped[at] === goroutine;
    if (known && canGo(this.#entries[at]!)) this.#able--;
    if (this.#goers.isKnown) placeGoer(this.#goers, goroutine);
    if (!isStopped(goroutine)) {
      if (!known) return;
      this.#stopped.splice(at, 1);
      this.#entries.splice(at, 1);
      return;
    }
    if (known) this.#entries[at] = goroutine.told!;
    else {
      this.#stopped.splice(at, 0, goroutine);
      this.#entries.splice(at, 0, goroutine.told!);
    }
    if (canGo(goroutine.told!)) this.#able++;
  }

  /** Where the one with this index stands, or would stand. */
  #find(index: number): number {
    return placeOf(index, this.#stopped.length, (at) => this.#stopped[at]!.index);
  }
}

interface AbleEntries {
  readonly entries: Pending[];
  readonly indices: number[];
  isKnown: boolean;
}

/** It has come, gone or is told something else. */
function placeGoer({ entries, indices }: AbleEntries, goroutine: GuestGoroutine): void {
  const at = placeOf(goroutine.index, indices.length, (place) => indices[place]!);
  const known = indices[at] === goroutine.index;
  const goes = isStopped(goroutine) && canGo(goroutine.told!);
  if (goes && known) entries[at] = goroutine.told!;
  else if (goes || known) {
    entries.splice(at, known ? 1 : 0, ...(goes ? [goroutine.told!] : []));
    indices.splice(at, known ? 1 : 0, ...(goes ? [goroutine.index] : []));
  }
}

/** Among so many in ascending order, where one with this index stands, or would stand. */
function placeOf(index: number, count: number, indexAt: (place: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indexAt(middle) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

const canGo = ({ alternatives }: Pending): boolean => alternatives.length > 0;
