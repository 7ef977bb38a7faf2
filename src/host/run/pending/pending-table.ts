import { FewSet } from "../../../base/few-set.js";
import { clockEntryFor, clockMovesTo } from "../../../control/pending.js";
import type { Pending } from "../../../model/run/program.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { isChannelOp, partyOfGoroutine, watchedBy } from "../../guest/guest-operations.js";
import { withWait } from "../../guest/timed-waits.js";
import { waitsAtNet } from "../../net/net-objects.js";
import { ChannelWaits } from "./channel-waits.js";
import { lookAtCommon } from "./common-wait.js";
import { PendingList } from "./pending-list.js";
import { isStopped, type GuestView } from "./guest-pending.js";
import { lookAt } from "./told-entry.js";
import { WakeTimes } from "./wake-times.js";
import { Watchers } from "./watchers.js";
import { whereaboutsOf } from "./whereabouts.js";

/**
 * Who is stopped before what and how they can go on, kept up to date: after a step only those are looked at again who
 * have moved, and those who wait for an object that the step touched. A step costs little more with ten thousand
 * goroutines than with two.
 *
 * T1. `pending` says what `guestPending` (guest-pending.ts) says, which looks at all goroutines. Tested after every step of many runs.
 * T2. Whatever changes a goroutine's ways to go on marks it: its own stop; the stop and departure of who could meet it; an operation
 *     on an object that it watches, visible or noise (watchers.ts); the clock, which marks all. So a lock that is overwritten by
 *     a plain assignment is noticed at the next operation on it only: that wakes no goroutine in Go either.
 * T3. What a copy of the world holds was up to date when it was made.
 * T4. Each change of a goroutine's `phase` to or from "stopped", and of what it is `told`, is noted in `#list`.
 * T5. When the timers fire at whose channels a goroutine waits is asked once, until something marks it: a timer that is set anew is an operation on
 *     an object that it watches. A connection's deadline is asked for each time.
 * T6. `whereabouts` is the sum of a number for each that is stopped, by who started it and by its operation.
 */
export class PendingTable {
  readonly #watchers = new Watchers();
  readonly #stale = new FewSet<GuestGoroutine>();
  /** Those who wait for time, and when: asked of the guest again when they are looked at again (T5). */
  readonly #wakes = new WakeTimes();
  /** Those who wait for the network, perhaps until a deadline. */
  readonly #online = new Set<GuestGoroutine>();
  /** Those whose object may change without a point. */
  readonly #unwatched = new FewSet<GuestGoroutine>();
  readonly #list = new PendingList();
  readonly #atChannels = new ChannelWaits(this.#watchers, this.#list);
  #able = false;
  /** Where the clock's next move goes, and its entry, which is the same as long as that is. */
  #clockAt: number | undefined;
  #clock: Pending | undefined;
  /** T6 */
  #whereabouts = 0;

  /** Could any goroutine go on, or the clock move, when it was last brought up to date? */
  get able(): boolean {
    return this.#able;
  }

  /** T6: a number that is equal where as many goroutines, started by the same ones, are stopped at the same kinds of operation. */
  get whereabouts(): number {
    return this.#whereabouts;
  }

  /** At which channels somebody stands, into the guest's memory. */
  writeChannelBits(objects: GuestObjects, at: number): void {
    this.#watchers.writeChannelBits(objects, at);
  }

  /** How many wait for time. */
  get waitForTime(): number {
    return this.#wakes.size + this.#online.size;
  }

  /** All that are stopped as they were told last, in order of creation, and the clock. */
  pending(view: GuestView): readonly Pending[] {
    return this.#list.entries(view);
  }

  /** Those of `pending` that can go on, in its order. */
  ableEntries(view: GuestView): readonly Pending[] {
    return this.#list.ableEntries(view);
  }

  /** The last of `pending`, if a timer is set. */
  get clock(): Pending | undefined {
    return this.#list.clock;
  }

  /** Of `pending`: what is new since this was asked, and the clock; undefined: all may be. */
  takeChanged(): readonly Pending[] | undefined {
    return this.#list.takeChanged();
  }

  /** It has stopped just now. */
  stopped(goroutine: GuestGoroutine): void {
    goroutine.told = undefined;
    goroutine.toldBefore = undefined;
    goroutine.met = undefined;
    this.#stale.add(goroutine);
    this.#list.note(goroutine);
    this.#whereabouts += goroutine.whereabouts = whereaboutsOf(goroutine);
  }

  /** It goes on, or has ended. */
  left(goroutine: GuestGoroutine): void {
    this.#watchers.leave(goroutine);
    goroutine.watched = NOTHING;
    goroutine.party = undefined;
    this.#stale.delete(goroutine);
    this.#wakes.leave(goroutine);
    this.#online.delete(goroutine);
    this.#unwatched.delete(goroutine);
    this.#list.note(goroutine);
    this.#whereabouts -= goroutine.whereabouts;
    goroutine.whereabouts = 0;
  }

  /** It is the scope's own, and stays where it is from now on. */
  over(goroutine: GuestGoroutine): void {
    this.#list.note(goroutine);
  }

  /** What the others could do when it was last brought up to date they can do now, and after an operation on `object`. */
  isSettledWithout(object: number): boolean {
    return this.#stale.size === 0 && this.#watchers.isSettled && this.#unwatched.size === 0 && !this.#watchers.has(object);
  }

  touch(address: number): void {
    this.#watchers.touch(address);
  }

  /** Something else of it has changed that decides how it can go on. */
  changed(goroutine: GuestGoroutine): void {
    if (isStopped(goroutine)) this.#stale.add(goroutine);
  }

  /** Somebody who is not controlled did something. */
  allMayHaveChanged(goroutines: readonly GuestGoroutine[]): void {
    for (const goroutine of goroutines) this.changed(goroutine);
    this.#watchers.touchAll();
  }

  /** Who waited for what is now may go on. */
  clockMoved(now: number): void {
    this.#wakes.takeDue(now, (goroutine, when) => {
      goroutine.waits = withWait(goroutine.waits, goroutine.since, when - goroutine.since);
      this.changed(goroutine);
    });
    for (const goroutine of this.#online) this.changed(goroutine);
  }

  restore(goroutines: readonly GuestGoroutine[]): void {
    this.#watchers.clear();
    this.#stale.clear();
    this.#wakes.clear();
    if (this.#online.size > 0) this.#online.clear();
    this.#unwatched.clear();
    this.#list.forget();
    this.#whereabouts = 0;
    for (const goroutine of goroutines) {
      this.#whereabouts += goroutine.whereabouts;
      if (!isStopped(goroutine)) continue;
      if (goroutine.told === undefined) this.#stale.add(goroutine);
      else this.#register(goroutine, goroutine.op === "semacquire", false);
    }
  }

  bringUpToDate(view: GuestView): void {
    this.#admitStopped(view);
    this.#lookAgain(view);
    const clock = this.#clockOf(view);
    this.#list.bringUpToDate(view, clock);
    this.#able = this.#list.able || (clock !== undefined && clock.alternatives.length > 0);
  }

  #clockOf(view: GuestView): Pending | undefined {
    const next = this.#wakes.size === 0 ? Infinity : this.#wakes.next(view.now, (goroutine) => view.wakes(goroutine));
    const { now, began, horizon, skipTo } = view;
    const clock = { now, began, horizon, skipTo, next: Math.min(next, view.next ?? Infinity) };
    const at = clockMovesTo(this.#online, view, clock);
    if (at !== this.#clockAt) [this.#clockAt, this.#clock] = [at, at === undefined ? undefined : clockEntryFor(at, clock)];
    return this.#clock;
  }

  /** Those who have stopped since: from now on they watch, and those that watch the same channel look again. */
  #admitStopped({ objects }: GuestView): void {
    this.#stale.forEach((goroutine) => {
      if (goroutine.told !== undefined) return;
      goroutine.party = isChannelOp(goroutine.op) ? partyOfGoroutine(goroutine, objects) : undefined;
      const watched = watchedBy(goroutine, goroutine.party, objects);
      goroutine.watched = watched ?? NOTHING;
      this.#register(goroutine, watched === undefined, true);
      if (goroutine.common !== undefined && goroutine.common.able === undefined) lookAtCommon(goroutine.common, objects);
    });
  }

  #register(goroutine: GuestGoroutine, unwatched: boolean, hasCome: boolean): void {
    this.#watchers.add(goroutine, hasCome);
    if (unwatched) this.#unwatched.add(goroutine);
    if (waitsAtNet(goroutine)) this.#online.add(goroutine);
    else if (goroutine.op === "sleep" || waitsForTimer(goroutine)) this.#wakes.add(goroutine);
  }

  #lookAgain(view: GuestView): void {
    const look = (goroutine: GuestGoroutine): void => {
      if (this.#wakes.size > 0) this.#wakes.askAgain(goroutine);
      if (goroutine.party) this.#atChannels.add(goroutine);
      else if (lookAt(goroutine, view)) this.#list.noteTold(goroutine);
    };
    // Before those who have come to a lock: what they are told is by what the others there are told now.
    this.#watchers.takeAffected((channel) => view.channel(channel), look, (common) => {
      if (lookAtCommon(common, view.objects)) this.#list.turn(common, view);
    });
    this.#stale.forEach(look);
    this.#unwatched.forEach(look);
    this.#stale.clear();
    this.#atChannels.lookAgain(view);
  }
}

/** It watches more than its channels. */
function waitsForTimer({ party, watched }: GuestGoroutine): boolean {
  if (party === undefined) return false;
  let channels = 0;
  for (const { channel } of party.offers) if (channel !== undefined) channels++;
  return watched.length > channels;
}

const NOTHING: readonly number[] = [];
