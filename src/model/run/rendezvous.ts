import { DEFAULT_CASE, goChoice, meetChoice, type Choice } from "./choice.js";
import type { GoroutineName, ObjectId } from "../ids.js";

/**
 * Which goroutines can go on with a channel operation, given what each is stopped before. One function for every host, so
 * that compiled Go and TypeScript have the same schedules.
 *
 * Rules (Go specification, "Send statements", "Receive operator", "Select statements"; runtime/chan.go, select.go):
 * R1. A send goes on by itself when the channel is closed (it panics), has room, or a receiver is parked in its queue.
 * R2. A receive goes on by itself when the channel holds a value, is closed, its timer is due, or a sender is parked.
 * R3. On an unbuffered open channel a pending send and a pending receive of two goroutines meet in one step. One of
 *     them must be willing to wait: two selects with default never meet.
 * R4. A select's default is taken only when none of its cases is ready by R1 or R2. A partner that is merely *pending*
 *     does not forbid it, for on a real machine it may not have arrived yet; one that has `arrived` does.
 * R5. Nil channels are never ready.
 */
export interface ChannelView {
  readonly closed: boolean;
  readonly length: number;
  readonly capacity: number;
  /** Goroutines really parked in the channel's queues (they were there before the scope began). */
  readonly parkedReceivers: boolean;
  readonly parkedSenders: boolean;
  /** The channel of a timer whose time has come. */
  readonly due?: boolean;
}

export interface Offer {
  /** Undefined for a nil channel. */
  readonly channel: ObjectId | undefined;
  readonly direction: "send" | "recv";
}

/** A goroutine stopped before a channel operation: one offer, or a select's cases in source order. */
export interface Party {
  readonly goroutine: GoroutineName;
  readonly offers: readonly Offer[];
  readonly select: boolean;
  /** A select with a default case. */
  readonly hasDefault: boolean;
  /** It has certainly reached the channel: under a lazy clock, everyone that was blocked when the clock last moved. */
  readonly arrived: boolean;
}

/** One case of somebody who stands at a channel. */
export interface OfferOf {
  readonly at: { readonly party: Party | undefined };
  /** Undefined: no select. */
  readonly index: number | undefined;
}

/** The alternatives of each party, in the order of `parties`. */
export function channelAlternatives(
  parties: readonly Party[],
  view: (channel: ObjectId) => ChannelView,
): readonly (readonly Choice[])[] {
  const offers = collectOffers(parties, view);
  const opposite = ({ channel, direction }: Offer): readonly OfferOf[] => (channel === undefined ? undefined : offers.get(channel)?.[OPPOSITE[direction]]) ?? NOBODY;
  return parties.map((party) => alternativesOf(party, view, opposite));
}

/**
 * What one can do: by itself before meets, default last. `opposite`: of an unbuffered open channel, those on the other side, in
 * order of creation.
 */
export function alternativesOf(party: Party, view: (channel: ObjectId) => ChannelView, opposite: (offer: Offer) => readonly OfferOf[]): readonly Choice[] {
  const choices: Choice[] = [];
  const { goroutine, offers, select, hasDefault } = party;
  for (let index = 0; index < offers.length; index++) {
    const offer = offers[index]!;
    if (offer.channel === undefined) continue; // R5
    if (ready(offer, view(offer.channel))) choices.push(goChoice(goroutine, select ? index : undefined));
  }
  const byItself = choices.length;
  let mustMeet = false;
  for (let index = 0; index < offers.length; index++) {
    const offer = offers[index]!;
    if (!canMeet(offer, view)) continue;
    const mine = select ? index : undefined;
    for (const { at: { party: other }, index: its } of opposite(offer)) {
      if (other!.goroutine === goroutine || (hasDefault && other!.hasDefault)) continue; // R3
      choices.push(offer.direction === "send" ? meetChoice(goroutine, mine, other!.goroutine, its) : meetChoice(other!.goroutine, its, goroutine, mine));
      if (other!.arrived) mustMeet = true;
    }
  }
  if (hasDefault && byItself === 0 && !mustMeet) choices.push(goChoice(goroutine, DEFAULT_CASE)); // R4
  return choices;
}

const canMeet = ({ channel }: Offer, view: (channel: ObjectId) => ChannelView): boolean => {
  if (channel === undefined) return false;
  const { capacity, closed } = view(channel);
  return capacity === 0 && !closed;
};

/** R1, R2: the case goes on without a partner. */
export function ready(offer: Offer, channel: ChannelView): boolean {
  if (channel.closed) return true;
  return offer.direction === "send"
    ? channel.length < channel.capacity || channel.parkedReceivers
    : channel.length > 0 || channel.parkedSenders || channel.due === true;
}

function collectOffers(
  parties: readonly Party[],
  view: (channel: ObjectId) => ChannelView,
): Map<ObjectId, { send: OfferOf[]; recv: OfferOf[] }> {
  const byChannel = new Map<ObjectId, { send: OfferOf[]; recv: OfferOf[] }>();
  for (const party of parties) {
    const at = { party };
    party.offers.forEach((offer, index) => {
      if (offer.channel === undefined || !canMeet(offer, view)) return;
      let entry = byChannel.get(offer.channel);
      if (!entry) byChannel.set(offer.channel, (entry = { send: [], recv: [] }));
      entry[offer.direction].push({ at, index: party.select ? index : undefined });
    });
  }
  return byChannel;
}

const NOBODY: readonly OfferOf[] = [];
export const OPPOSITE: Readonly<Record<Offer["direction"], Offer["direction"]>> = { send: "recv", recv: "send" };
