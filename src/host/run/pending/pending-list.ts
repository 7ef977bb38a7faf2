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

  /** Can any of them go on? */
  get able(): boolean {
    return this.#able > 0;
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
    if (clock !== undefined) this.#entries.push(clock);
    return this.#entries;
  }

  #makeAnew(goroutines: readonly GuestGoroutine[]): void {
    this.#stopped = goroutines.filter(isStopped);
    this.#entries = [];
    this.#tellAll();
  }

  #tellAll(): void {
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
    let low = 0;
    let high = this.#stopped.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#stopped[middle]!.index < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const canGo = ({ alternatives }: Pending): boolean => alternatives.length > 0;
