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

/** The alternatives of each party, in the order of `parties`; by-itself before meets, default last. */
export function channelAlternatives(
  parties: readonly Party[],
  view: (channel: ObjectId) => ChannelView,
): readonly (readonly Choice[])[] {
  const meeting = collectOffers(parties, view);
  return parties.map((party) => {
    const choices: Choice[] = [];
    let mustMeet = false;
    party.offers.forEach((offer, index) => {
      if (offer.channel === undefined) return; // R5
      if (ready(offer, view(offer.channel))) choices.push(goChoice(party.goroutine, party.select ? index : undefined));
    });
    const byItself = choices.length;
    party.offers.forEach((offer, index) => {
      if (offer.channel === undefined) return;
      for (const other of meeting.get(offer.channel)?.[offer.direction === "send" ? "recv" : "send"] ?? []) {
        if (other.party === party || (other.party.hasDefault && party.hasDefault)) continue; // R3
        const mine = party.select ? index : undefined;
        choices.push(
          offer.direction === "send"
            ? meetChoice(party.goroutine, mine, other.party.goroutine, other.index)
            : meetChoice(other.party.goroutine, other.index, party.goroutine, mine),
        );
        if (other.party.arrived) mustMeet = true;
      }
    });
    if (party.hasDefault && byItself === 0 && !mustMeet) choices.push(goChoice(party.goroutine, DEFAULT_CASE)); // R4
    return choices;
  });
}

/** R1, R2: the case goes on without a partner. */
export function ready(offer: Offer, channel: ChannelView): boolean {
  if (channel.closed) return true;
  return offer.direction === "send"
    ? channel.length < channel.capacity || channel.parkedReceivers
    : channel.length > 0 || channel.parkedSenders || channel.due === true;
}

interface OfferOf {
  readonly party: Party;
  readonly index: number | undefined;
}

function collectOffers(
  parties: readonly Party[],
  view: (channel: ObjectId) => ChannelView,
): Map<ObjectId, { send: OfferOf[]; recv: OfferOf[] }> {
  const byChannel = new Map<ObjectId, { send: OfferOf[]; recv: OfferOf[] }>();
  for (const party of parties) {
    party.offers.forEach((offer, index) => {
      if (offer.channel === undefined) return;
      const channel = view(offer.channel);
      if (channel.capacity > 0 || channel.closed) return;
      let entry = byChannel.get(offer.channel);
      if (!entry) byChannel.set(offer.channel, (entry = { send: [], recv: [] }));
      entry[offer.direction].push({ party, index: party.select ? index : undefined });
    });
  }
  return byChannel;
}
