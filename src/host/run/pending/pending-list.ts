import { FewSet } from "../../../base/few-set.js";
import type { Pending } from "../../../model/run/program.js";
import type { CommonWait, GuestGoroutine } from "../../guest/guest-goroutine.js";
import { isStopped } from "./guest-pending.js";
import { KeptEntries } from "./kept-entries.js";

/** What it asks of the table's view of the goroutines. */
interface ListView {
  /** Asked for only where all are looked at. */
  readonly goroutines: readonly GuestGoroutine[];
  /** What one that has been told is told now. */
  entryOf(goroutine: GuestGoroutine): Pending;
}

/** Where more than one in so many have changed, all are looked at: that is simpler, and no slower. */
const SHARE = 8;

/**
 * What `PendingTable` says of those who are stopped, kept from step to step: those who have not moved cost nothing.
 *
 * L1. `listed` of each that is stopped is what it was told; of all others it is undefined. `#count` are stopped; `#able` of those told have a way to
 *     go on. That holds but for those in `#noted` (for all where these are many) and in `#told`, until `bringUpToDate`.
 * L2. What was given out holds until it is brought up to date again (Run.pending): who keeps it copies it.
 * L3. If they are known, `#all` are what those are told that are stopped, and `#goers` of these who can go on, in order of creation; the clock may
 *     follow. Where few have changed they are kept from before; else they are filled anew when they are asked for.
 * L4. `turned` of one that waits together with others is what it is told when that is the other way about, once that was made. But for those in
 *     `#noted` and in `#told`, too.
 * L5. `#changed` are those that have come, or are told something else, since `takeChanged` was asked; undefined: all may be, or nobody has asked.
 */
export class PendingList {
  /** Who may have come or gone. */
  readonly #noted = new FewSet<GuestGoroutine>();
  /** Who is told something else, and stands where it stood; undefined: so many that all are looked at. */
  #told: GuestGoroutine[] | undefined = [];
  /** L3 */
  readonly #all = new KeptEntries();
  readonly #goers = new KeptEntries();
  /** So many were noted that all are looked at: who they are does not matter any more. */
  #isStale = true;
  #count = 0;
  #able = 0;
  #clock: Pending | undefined;
  /** L5 */
  #changed: Set<GuestGoroutine> | undefined;

  /** Can any of them go on? */
  get able(): boolean {
    return this.#able > 0;
  }

  /** What came last with `bringUpToDate`. */
  get clock(): Pending | undefined {
    return this.#clock;
  }

  /** What each is told that is stopped, in order of creation; the clock last. */
  entries(view: Pick<ListView, "goroutines">): readonly Pending[] {
    if (!this.#all.isKnown) fill(this.#all, view.goroutines, isListed);
    return this.#all.followedBy(this.#clock);
  }

  /** Those of `entries` that can go on, in its order, the clock too. */
  ableEntries(view: Pick<ListView, "goroutines">): readonly Pending[] {
    if (!this.#goers.isKnown) fill(this.#goers, view.goroutines, canGoOn);
    return this.#goers.followedBy(this.#clock !== undefined && canGo(this.#clock) ? this.#clock : undefined);
  }

  /** Of `entries`: what is new since the last time, in its order, and the clock; undefined: all may be. */
  takeChanged(): readonly Pending[] | undefined {
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed === undefined) return undefined;
    const entries = [...changed].filter(isStopped).sort((a, b) => a.index - b.index).map(({ listed }) => listed!);
    return this.#clock === undefined ? entries : [...entries, this.#clock];
  }

  /** It has stopped, goes on or is over. */
  note(goroutine: GuestGoroutine): void {
    if (this.#isStale) return;
    this.#noted.add(goroutine);
    this.#isStale = this.#noted.size * SHARE >= this.#count;
  }

  /** It is told something else. */
  noteTold(goroutine: GuestGoroutine): void {
    if (this.#isStale || this.#told === undefined || this.#noted.has(goroutine)) return;
    this.#told.push(goroutine);
    if (this.#told.length * SHARE >= this.#count) this.#told = undefined;
  }

  /** All who wait so can go on now, or no longer can. */
  turn(common: CommonWait, view: ListView): void {
    if (this.#isStale || this.#told === undefined) return;
    if (common.members.size * SHARE < this.#count) return common.members.forEach((one) => this.noteTold(one));
    common.members.forEach((one) => {
      if (this.#noted.has(one)) return; // it has come here just now: what was listed of it is from before
      const before = one.listed;
      one.listed = one.turned ?? view.entryOf(one);
      one.turned = before;
      this.#able += common.able === true ? 1 : -1;
    });
    this.#all.forget();
    this.#goers.forget();
    this.#changed = undefined;
  }

  forget(): void {
    this.#isStale = true;
  }

  /** Everyone who is stopped has been told by now. */
  bringUpToDate(view: ListView, clock: Pending | undefined): void {
    this.#clock = clock;
    this.#all.begin();
    this.#goers.begin();
    if (this.#isStale) this.#lookAtAll(view);
    else {
      this.#noted.forEach((goroutine) => this.#place(goroutine, view));
      if (this.#told === undefined) this.#lookAtAll(view);
      else for (const goroutine of this.#told) this.#place(goroutine, view);
    }
    this.#noted.clear();
    if (this.#told?.length !== 0) this.#told = [];
    this.#isStale = false;
  }

  #lookAtAll(view: ListView): void {
    this.#all.forget();
    this.#goers.forget();
    this.#changed = undefined;
    this.#count = this.#able = 0;
    for (const goroutine of view.goroutines) {
      goroutine.turned = undefined;
      goroutine.listed = isStopped(goroutine) ? view.entryOf(goroutine) : undefined;
      if (goroutine.listed === undefined) continue;
      this.#count++;
      if (canGo(goroutine.listed)) this.#able++;
    }
  }

  #place(goroutine: GuestGoroutine, view: ListView): void {
    const { listed, index } = goroutine;
    const entry = isStopped(goroutine) ? view.entryOf(goroutine) : undefined;
    this.#changed?.add(goroutine);
    this.#count += (entry === undefined ? 0 : 1) - (listed === undefined ? 0 : 1);
    this.#able += canGo(entry) ? 1 : 0;
    this.#able -= canGo(listed) ? 1 : 0;
    goroutine.listed = entry;
    goroutine.turned = undefined;
    if (this.#all.isKnown) this.#all.place(index, entry);
    if (this.#goers.isKnown) this.#goers.place(index, canGo(entry) ? entry : undefined);
  }
}

function fill(kept: KeptEntries, goroutines: readonly GuestGoroutine[], isIn: (goroutine: GuestGoroutine) => boolean): void {
  kept.fill();
  for (const goroutine of goroutines) if (isIn(goroutine)) kept.add(goroutine.index, goroutine.listed!);
  kept.filled();
}

const isListed = ({ listed }: GuestGoroutine): boolean => listed !== undefined;
const canGoOn = ({ listed }: GuestGoroutine): boolean => canGo(listed);
const canGo = (entry: Pending | undefined): boolean => entry !== undefined && entry.alternatives.length > 0;
