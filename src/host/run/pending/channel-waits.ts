import { FewSet } from "../../../base/few-set.js";
import { pendingEntry } from "../../../control/pending.js";
import type { ObjectId } from "../../../model/ids.js";
import type { Choice } from "../../../model/run/choice.js";
import { alternativesOf, ready, type ChannelView, type Offer } from "../../../model/run/rendezvous.js";
import type { GuestGoroutine, GuestOffer } from "../../guest/guest-goroutine.js";
import { CrowdedChannels } from "./crowded-channel.js";
import type { GuestView } from "./guest-pending.js";
import type { PendingList } from "./pending-list.js";
import type { Watchers } from "./watchers.js";

/** Those before channels, and how they can go on. */
export class ChannelWaits {
  readonly #watchers: Watchers;
  readonly #list: PendingList;
  /** Who is looked at again; empty but for that. */
  readonly #looked = new FewSet<GuestGoroutine>();
  readonly #crowded = new CrowdedChannels();

  constructor(watchers: Watchers, list: PendingList) {
    this.#watchers = watchers;
    this.#list = list;
  }

  add(goroutine: GuestGoroutine): void {
    this.#looked.add(goroutine);
  }

  /** Finds the alternatives of those that were added, among all whom they could meet. */
  lookAgain(view: GuestView): void {
    if (this.#looked.size === 0) return;
    const channel = (one: ObjectId): ChannelView => view.channel(one);
    const opposite = (offer: Offer): readonly GuestOffer[] => this.#watchers.opposite(offer);
    this.#looked.forEach((goroutine) => {
      const { party, told } = goroutine;
      for (const offer of party!.offers) if (offer.channel !== undefined) this.#watchers.told(offer.channel, channel(offer.channel));
      const ways = this.#waysIfOnlyMeeting(goroutine, view) ?? alternativesOf(party!, channel, opposite);
      if (ways.length === 0 && told?.alternatives.length === 0) return;
      goroutine.told = pendingEntry(goroutine, party, ways, view);
      this.#list.noteTold(goroutine);
    });
    this.#looked.clear();
    this.#crowded.clear();
  }

  /** Of one who can only meet those on the other side of one channel, and has been told before whom. */
  #waysIfOnlyMeeting(goroutine: GuestGoroutine, view: GuestView): readonly Choice[] | undefined {
    const { party, told, met } = goroutine;
    const offer = party!.offers[0]!;
    goroutine.met = undefined;
    if (party!.select || offer.channel === undefined) return undefined;
    const channel = view.channel(offer.channel);
    if (channel.capacity > 0 || ready(offer, channel)) return undefined;
    const others = (goroutine.met = this.#watchers.opposite(offer));
    return met === undefined || told?.alternatives.length !== met.length ? undefined : this.#crowded.waysTo(met, others, told.alternatives, goroutine);
  }
}
