import { FewSet } from "../../../base/few-set.js";
import { objectId, type ObjectId } from "../../../model/ids.js";
import { OPPOSITE, type ChannelView, type Offer } from "../../../model/run/rendezvous.js";
import type { CommonWait, GuestGoroutine, GuestOffer } from "../../guest/guest-goroutine.js";
import type { GuestObjects } from "../../guest/guest-objects.js";
import { ChannelBits } from "./channel-bits.js";
import { isLockOp } from "./common-wait.js";

type Direction = Offer["direction"];

/** Those who stand on one side of a channel; `offers`: their cases, once they were asked for. */
interface Side {
  readonly all: FewSet<GuestGoroutine>;
  offers: readonly GuestOffer[] | undefined;
}

/**
 * Who has to be looked at again when an object changes, or when somebody comes to a channel or leaves it.
 *
 * W1. One who comes to a channel or leaves it matters to those only who stand on its other side: a thousand that receive from one channel (a
 *     context's Done) do not look at each other.
 * W2. An operation on a channel matters to those who stand at it only where what they see of it is no longer what it was when one of them was last
 *     looked at: a value more in a buffer that still has room changes nothing for those who send.
 */
export class Watchers {
  /** Of an object that is no channel: a timer, a Once. */
  readonly #others = new Map<number, FewSet<GuestGoroutine>>();
  /** Of a lock or a WaitGroup. */
  readonly #common = new Map<number, CommonWait>();
  readonly #sides = new Map<number, Readonly<Record<Direction, Side>>>();
  /** The channels of `#sides`. */
  readonly #channelBits = new ChannelBits();
  /** W2: what those at a channel were told by. Missing where nobody stands there. */
  readonly #seen = new Map<number, number>();
  readonly #touched = new FewSet<number>();
  /** W1: on this side somebody came or left. */
  readonly #moved: Readonly<Record<Direction, FewSet<number>>> = { send: new FewSet(), recv: new FewSet() };

  has(object: number): boolean {
    return this.#common.has(object) || this.#others.has(object) || this.#sides.has(object);
  }

  /** Has nothing changed for anybody since the last `takeAffected`? */
  get isSettled(): boolean {
    return this.#touched.size === 0 && this.#moved.send.size === 0 && this.#moved.recv.size === 0;
  }

  clear(): void {
    for (const map of [this.#others, this.#common, this.#sides, this.#seen]) if (map.size > 0) map.clear();
    for (const set of [this.#touched, this.#moved.send, this.#moved.recv]) set.clear();
    this.#channelBits.clear();
  }

  /** At which channels somebody stands, into the guest's memory. */
  writeChannelBits(objects: GuestObjects, at: number): void {
    this.#channelBits.write(objects, at, this.#sides.keys());
  }

  touchAll(): void {
    for (const objects of [this.#common, this.#others, this.#sides]) for (const object of objects.keys()) this.#touched.add(object);
  }

  touch(object: number): void {
    if (this.has(object)) this.#touched.add(object);
  }

  /** Whether it has just come, or stands there in a world that was put back. */
  add(goroutine: GuestGoroutine, hasCome: boolean): void {
    for (const { channel, direction } of goroutine.party?.offers ?? []) {
      if (channel === undefined) continue;
      let sides = this.#sides.get(channel);
      if (sides === undefined) {
        this.#sides.set(channel, (sides = { send: { all: new FewSet(), offers: undefined }, recv: { all: new FewSet(), offers: undefined } }));
        this.#channelBits.add(channel);
      }
      const side = sides[direction];
      side.all.add(goroutine);
      side.offers = undefined;
      if (hasCome) this.#moved[direction].add(channel);
    }
    if (isLockOp(goroutine.op)) return this.#join(goroutine, goroutine.op, hasCome);
    for (const object of goroutine.watched) {
      if (goroutine.party && this.#sides.get(object) !== undefined) continue;
      let all = this.#others.get(object);
      if (all === undefined) this.#others.set(object, (all = new FewSet()));
      all.add(goroutine);
    }
  }

  leave(goroutine: GuestGoroutine): void {
    if (goroutine.common !== undefined) return this.#part(goroutine, goroutine.common);
    for (const { channel, direction } of goroutine.party?.offers ?? []) {
      const sides = channel === undefined ? undefined : this.#sides.get(channel);
      if (channel === undefined || sides === undefined) continue;
      const side = sides[direction];
      side.all.delete(goroutine);
      side.offers = undefined;
      if (sides.send.all.size + sides.recv.all.size > 0) this.#moved[direction].add(channel);
      else {
        this.#sides.delete(channel);
        this.#channelBits.delete(channel);
        this.#seen.delete(channel);
      }
    }
    for (const object of goroutine.watched) {
      const all = this.#others.get(object);
      all?.delete(goroutine);
      if (all?.size === 0) this.#others.delete(object);
    }
  }

  #join(goroutine: GuestGoroutine, op: CommonWait["op"], hasCome: boolean): void {
    const { object } = goroutine;
    const first = this.#common.get(object);
    let common = first;
    while (common !== undefined && common.op !== op) common = common.next;
    if (common === undefined) {
      this.#common.set(object, (common = { op, object, members: new FewSet(), able: undefined, next: first }));
      if (!hasCome) this.#touched.add(object);
    }
    common.members.add(goroutine);
    goroutine.common = common;
  }

  #part(goroutine: GuestGoroutine, common: CommonWait): void {
    const { object, members, next } = common;
    goroutine.common = undefined;
    members.delete(goroutine);
    if (members.size > 0) return;
    let before = this.#common.get(object);
    if (before !== common) {
      while (before!.next !== common) before = before!.next;
      before!.next = next;
    } else if (next === undefined) this.#common.delete(object);
    else this.#common.set(object, next);
  }

  /** The cases of those on the other side of a channel, with whom one on this side could meet, in order of creation. */
  opposite({ channel, direction }: Offer): readonly GuestOffer[] {
    const side = channel === undefined ? undefined : this.#sides.get(channel)?.[OPPOSITE[direction]];
    if (side === undefined) return NOBODY;
    return (side.offers ??= offersOf(side.all.all(), channel!, OPPOSITE[direction]));
  }

  /** Those that one has been looked at with: W2 holds for what they see now. */
  told(channel: ObjectId, view: ChannelView): void {
    if (this.#sides.has(channel)) this.#seen.set(channel, sight(view));
  }

  /** Calls `look` with each who has to be looked at again, `lookAll` with those who wait together, and forgets why. */
  takeAffected(view: (channel: ObjectId) => ChannelView, look: (goroutine: GuestGoroutine) => void, lookAll: (common: CommonWait) => void): void {
    if (this.#touched.size > 0) this.#takeTouched(view, look, lookAll);
    for (const direction of DIRECTIONS) {
      if (this.#moved[direction].size === 0) continue;
      this.#moved[direction].forEach((channel) => this.#sides.get(channel)?.[OPPOSITE[direction]].all.forEach(look));
      this.#moved[direction].clear();
    }
  }

  #takeTouched(view: (channel: ObjectId) => ChannelView, look: (goroutine: GuestGoroutine) => void, lookAll: (common: CommonWait) => void): void {
    this.#touched.forEach((object) => {
      for (let common = this.#common.get(object); common !== undefined; common = common.next) lookAll(common);
      this.#others.get(object)?.forEach(look);
      const sides = this.#sides.get(object);
      if (sides === undefined || this.#seen.get(object) === sight(view(objectId(object)))) return;
      sides.send.all.forEach(look);
      sides.recv.all.forEach(look);
    });
    this.#touched.clear();
  }
}

const DIRECTIONS: readonly Direction[] = ["send", "recv"];
const NOBODY: readonly GuestOffer[] = [];

function offersOf(goroutines: GuestGoroutine[], channel: ObjectId, direction: Direction): readonly GuestOffer[] {
  const offers: GuestOffer[] = [];
  for (const at of goroutines.sort((a, b) => a.index - b.index)) {
    at.party!.offers.forEach((offer, index) => {
      if (offer.channel === channel && offer.direction === direction) offers.push({ at, index: at.party!.select ? index : undefined });
    });
  }
  return offers;
}

/** What decides whether anybody can go on by itself, or by meeting another (rendezvous.ts, R1 to R3). */
const sight = ({ closed, length, capacity, parkedReceivers, parkedSenders, due }: ChannelView): number =>
  (closed ? 1 : 0) | (length > 0 ? 2 : 0) | (length < capacity ? 4 : 0) | (capacity > 0 ? 8 : 0) | (parkedReceivers ? 16 : 0) | (parkedSenders ? 32 : 0) | (due === true ? 64 : 0);
