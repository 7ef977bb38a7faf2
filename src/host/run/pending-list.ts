import type { Pending } from "../../model/program.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import { isStopped } from "./pending.js";

/** Where more than one in so many have changed, the list is made anew: that is simpler, and no slower. */
const SHARE = 8;

/**
 * The list that `PendingTable.pending` gives, kept from step to step: those who have not moved cost nothing but the copy
 * of a pointer.
 *
 * L1. `#stopped` are those that are stopped, in order of creation; `#entries[i]` is what `#stopped[i]` was told; the clock may
 *     follow as one entry more; `#able` of those told have a way to go on. That holds but for those in `#noted` (for all where
 *     these are many), until `bringUpToDate`.
 * L2. A list that was given out is never written to again: search keeps it for each state that it comes to.
 */
export class PendingList {
  readonly #noted = new Set<GuestGoroutine>();
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

  /** It has stopped, goes on, is over, or is told something else. */
  note(goroutine: GuestGoroutine): void {
    if (this.#isStale) return;
    this.#noted.add(goroutine);
    this.#isStale = this.#noted.size * SHARE >= this.#stopped.length;
  }

  forget(): void {
    this.#isStale = true;
  }

  /** Everyone who is stopped has been told by now. */
  bringUpToDate(all: { readonly goroutines: readonly GuestGoroutine[] }): void {
    if (this.#isStale) this.#makeAnew(all.goroutines);
    else {
      this.#entries = this.#entries.slice(0, this.#stopped.length); // L2
      for (const goroutine of this.#noted) this.#place(goroutine);
    }
    this.#noted.clear();
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
    this.#entries = this.#stopped.map(({ told }) => told!);
    this.#able = 0;
    for (const entry of this.#entries) if (canGo(entry)) this.#able++;
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
