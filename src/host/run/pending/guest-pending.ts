import { pendingEntry, pendingOf, type ClockView, type ObjectView } from "../../../control/pending.js";
import type { ObjectId } from "../../../model/ids.js";
import { isOf, type Access, type OpKind } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import type { ChannelView, Party } from "../../../model/run/rendezvous.js";
import { accessesOf, canGoOn, channelAccesses, isChannelOp, partyOfGoroutine } from "../../guest/guest-operations.js";
import type { GuestGoroutine } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { isAtNet, netDeadline, waitsAtNet } from "../../net/net-objects.js";
import { toldNow } from "./common-wait.js";
import { faultsOf } from "./faults-of.js";
import type { HostClock } from "../host-clock.js";

/** What deciding who can go on needs to know of a run. */
interface GuestState {
  readonly goroutines: { readonly all: readonly GuestGoroutine[] };
  readonly objects: GuestObjects;
  readonly clock: HostClock;
  /** When control began, on the guest's clock. */
  readonly began: number;
  /** The runtime's own next timer (AfterFunc, deadlines); 0: none. */
  readonly pollUntil: number;
  /** Time after which the clock no longer moves. */
  readonly horizon: number;
  /** So many things may still go wrong. */
  readonly faults: number;
}

/** The guest's objects as `control` asks for them, between two steps: each channel is looked at once, until `lookAgain`. */
export class GuestView implements ObjectView<GuestGoroutine>, ClockView {
  readonly objects: GuestObjects;
  readonly clock: HostClock;
  readonly began: number;
  readonly horizon: number;
  readonly #state: GuestState;
  #next: number | undefined;
  #faults = 0;
  #channels: Map<ObjectId, ChannelView> | undefined;

  constructor(state: GuestState) {
    this.#state = state;
    this.objects = state.objects;
    this.clock = state.clock;
    this.began = state.began;
    this.horizon = state.horizon;
    this.lookAgain();
  }

  /** A step is over: the objects may be others, and what they hold. */
  lookAgain(): void {
    const { pollUntil, faults } = this.#state;
    this.#next = pollUntil > 0 ? pollUntil : undefined;
    this.#faults = faults;
    this.#channels = undefined;
  }

  get next(): number | undefined {
    return this.#next;
  }

  /** Asked for only where all are looked at. */
  get goroutines(): readonly GuestGoroutine[] {
    return this.#state.goroutines.all;
  }

  get now(): number {
    return this.clock.base;
  }

  get skipTo(): number | undefined {
    return this.clock.skipTo;
  }

  op({ op }: GuestGoroutine): OpKind {
    return op;
  }

  party(goroutine: GuestGoroutine): Party | undefined {
    return isChannelOp(goroutine.op) ? partyOfGoroutine(goroutine, this.objects) : undefined;
  }

  channel(channel: ObjectId): ChannelView {
    const channels = (this.#channels ??= new Map<ObjectId, ChannelView>());
    let known = channels.get(channel);
    if (known === undefined) channels.set(channel, (known = this.objects.channel(channel, (timer) => this.#isDue(timer))));
    return known;
  }

  /** Of one that has been told before: what it is told now. */
  entryOf(goroutine: GuestGoroutine): Pending {
    return toldNow(goroutine) ?? (goroutine.toldBefore = pendingEntry(goroutine, undefined, undefined, this));
  }

  accesses(goroutine: GuestGoroutine): readonly Access[] {
    // Whether it reads the clock may have changed: a deadline was set.
    if (goroutine.told !== undefined && !isAtNet(goroutine)) return goroutine.told.accesses;
    const party = goroutine.party ?? this.party(goroutine);
    return party ? channelAccesses(party, this.objects) : accessesOf(goroutine, this.objects);
  }

  canGoOn(goroutine: GuestGoroutine): boolean {
    return canGoOn(goroutine, this);
  }

  values({ op, aux }: GuestGoroutine): number | undefined {
    return op === "random" ? aux : undefined;
  }

  faults(goroutine: GuestGoroutine): readonly number[] {
    return this.#faults > 0 && isOf(goroutine.op, "network", "file") ? faultsOf(goroutine, this.objects) : NONE;
  }

  wakes(goroutine: GuestGoroutine): readonly number[] {
    if (waitsAtNet(goroutine)) return [netDeadline(goroutine, this.objects)];
    return goroutine.op === "sleep" ? [goroutine.until] : timersOf(goroutine, this.objects);
  }

  #isDue(timer: number): boolean {
    const when = this.objects.when(timer);
    return when !== 0 && when <= this.clock.base;
  }
}

/** Looks at all goroutines: what pending-table.ts, which looks at those only whose objects were touched, is held against. */
export const guestPending = (view: GuestView): readonly Pending[] => pendingOf(view.goroutines.filter(isStopped), view, view);

export const isStopped = (goroutine: GuestGoroutine): boolean => goroutine.phase === "stopped";

/** When the timers fire that are set and at whose channels it waits. */
export function timersOf(goroutine: GuestGoroutine, objects: GuestObjects): readonly number[] {
  if (!isChannelOp(goroutine.op)) return NONE;
  const times: number[] = [];
  for (const { channel } of (goroutine.party ?? partyOfGoroutine(goroutine, objects)).offers) {
    const timer = channel === undefined ? 0 : objects.timerOf(channel);
    const when = timer === 0 ? 0 : objects.when(timer);
    if (when !== 0) times.push(when);
  }
  return times;
}

const NONE: readonly number[] = [];
