import { setTimeout as sleep } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import { limit } from "../../base/limit.js";
import type { Discovered } from "../../discover/discovered.js";
import type { TargetView, WatchSummary } from "../../model/results/watching.js";
import type { Share, Sharing } from "../../watch/store.js";
import type { Keeper } from "./keeper.js";
import { distinct } from "./targets.js";
import type { WatchOptions } from "./watch-options.js";
import { milliseconds, WatchTarget } from "./watch-target.js";

const LEAST_BUDGET = 16 << 20;

/** All targets that are looked at now. */
export class Fleet {
  readonly #options: WatchOptions;
  readonly #keeper: Keeper;
  readonly #known = new Map<string, readonly Discovered[]>();
  readonly #running = new Map<string, { readonly target: WatchTarget; readonly from: string; readonly stop: AbortController; readonly ended: Promise<void> }>();
  /** Of those that went: what they were, for the last word. */
  readonly #gone: WatchTarget[] = [];
  readonly #end: number;
  /** A thousand targets that come at once do not ask the store at once. */
  readonly #remembering = limit(4);
  #share: Share = { mine: new Set(), watchers: 0 };
  #applied: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions, keeper: Keeper) {
    this.#options = options;
    this.#keeper = keeper;
    this.#end = performance.now() + (options.untilMs ?? Infinity);
  }

  /** What one discovery knows ("": what was named on the command line). What it no longer knows is not looked at any more. */
  set(from: string, targets: readonly Discovered[]): Promise<void> {
    // One after the other: the store is asked for each new target, and meanwhile another discovery may have news.
    this.#applied = this.#applied.then(() => this.#apply(from, targets));
    return this.#applied;
  }

  /** Renews this watch's share of the targets until the signal comes; while the store does not answer, what it had stays its own. */
  async keepSharing({ renewMs }: Sharing, signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(renewMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#applied = this.#applied.then(() => this.#settle());
      await this.#applied;
    }
  }

  async #apply(from: string, targets: readonly Discovered[]): Promise<void> {
    this.#known.set(from, targets);
    await this.#settle();
  }

  /** Begins and ends looks, so that what is known, and this watch's, is looked at. */
  async #settle(): Promise<void> {
    const known = new Map(distinct([...this.#known.values()].flat()).map((one) => [one.name, one]));
    const wanted = await this.#mine(known);
    this.#options.onTargets?.([...wanted.values()]);
    const at = milliseconds(this.#options);
    for (const [name, { target, stop, from: discovery }] of this.#running) {
      if (wanted.has(name)) continue;
      this.#running.delete(name);
      stop.abort();
      if (this.#gone.length < MOST_GONE && target.wasAsked) this.#gone.push(target);
      this.#options.onEvent(known.has(name) ? { kind: "handed-over", target: name, at } : { kind: "removed", target: name, at, discovery });
    }
    for (const [name, one] of wanted) {
      const running = this.#running.get(name);
      if (running) running.target.place = one;
      else this.#start(one);
    }
  }

  async #mine(known: ReadonlyMap<string, Discovered>): Promise<ReadonlyMap<string, Discovered>> {
    const { sharing } = this.#options.store;
    if (sharing === undefined) return known;
    try {
      const share = await sharing.share([...known.keys()]);
      const before = this.#share;
      this.#share = share;
      if (share.mine.size !== before.mine.size || share.watchers !== before.watchers) this.#options.onEvent({ kind: "shared", at: milliseconds(this.#options), mine: share.mine.size, all: known.size, watchers: share.watchers });
    } catch (error) {
      this.#keeper.trouble(error);
    }
    return new Map([...known].filter(([name]) => this.#share.mine.has(name)));
  }

  #start(place: Discovered): void {
    const stop = new AbortController();
    const { signal } = this.#options;
    const [from] = [...this.#known].find(([, all]) => all.some(({ source }) => source === place.source))!;
    const target = new WatchTarget(place, { ...this.#options, signal: from === "" && this.#options.store.sharing === undefined ? signal : AbortSignal.any([signal, stop.signal]) }, this.#keeper, () => this.#budget());
    if (from !== "") this.#options.onEvent({ kind: "added", target: place.name, at: milliseconds(this.#options), discovery: from, labels: place.labels });
    const ended = this.#remembering(() => target.remember(milliseconds(this.#options))).then(() => target.run(this.#end, () => this.#options.onView(() => this.#views())));
    this.#running.set(place.name, { target, from, stop, ended });
  }

  /** What all targets hold at a time must fit into the heap: they are asked at the same time, and by chance all are large. */
  #budget = (): number => Math.max(LEAST_BUDGET, Math.floor(getHeapStatistics().heap_size_limit / 4 / Math.max(1, this.#running.size)));

  #views = (): readonly TargetView[] => [...this.#running.values()].map(({ target }) => target.view());

  async end(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  summary(unsaved: number): WatchSummary {
    const all = [...this.#gone, ...[...this.#running.values()].map(({ target }) => target)];
    return {
      targets: accounts(all),
      growing: all.flatMap((target) => [...target.everGrowing.values()].map((group) => ({ target: target.name, group }))),
      unsaved,
    };
  }
}

/** Pods come and go for months: of the first of them the last word tells. */
const MOST_GONE = 10_000;

/** One that went to another watch and came back is one. */
function accounts(all: readonly WatchTarget[]): WatchSummary["targets"] {
  const byName = new Map<string, WatchSummary["targets"][number]>();
  for (const account of all.map((target) => target.account())) {
    const before = byName.get(account.target);
    byName.set(account.target, before ? { ...before, ...account, scrapes: before.scrapes + account.scrapes, failures: before.failures + account.failures } : account);
  }
  return [...byName.values()];
}
