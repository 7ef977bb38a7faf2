import { setTimeout as sleep } from "node:timers/promises";
import { optional } from "../../base/optional.js";
import { err } from "../../base/result.js";
import type { Discovered } from "../../discover/discovered.js";
import { diagnoseSnapshot } from "../../diagnose/snapshot/suspects.js";
import { isObserver } from "../../diagnose/snapshot/observer.js";
import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { UNKNOWN_FRAME, blamedFrame } from "../../model/source/blame.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Suspect } from "../../model/finding/suspect.js";
import type { GrowingGroup, TargetView, WatchSummary } from "../../model/results/watching.js";
import { Days, DAYS_REACH } from "../../watch/days.js";
import { type Growth, REACH } from "../../watch/growth.js";
import { History } from "../../watch/history.js";
import type { Scrape } from "../../watch/store.js";
import { NameAllowance } from "../../watch/name-allowance.js";
import type { InspectOptions } from "./inspect.js";
import type { Keeper } from "./keeper.js";
import { refuseDelta } from "./snapshots.js";
import { readTarget } from "./targets.js";
import type { WatchOptions } from "./watch-options.js";

/** Now, as events and stores count. */
export const milliseconds = (options: InspectOptions): number => Number(options.now() / 1_000_000n);

/** Of what days.ts looks back to, a look in twenty minutes is enough. */
const SOME = 1_200_000;

/** More rows no screen shows, and more growing places nobody looks at. */
const MOST_ROWS = 200;
const MOST_GROWING = 1000;

/** `tenant=a`, where groups are split by a pprof label. */
export const labelled = ({ label }: GoroutineGroup): { label?: string } =>
  label === undefined ? {} : { label: label.value === undefined ? `no ${label.key}` : `${label.key}=${label.value}` };

/** One service that is looked at again and again. */
export class WatchTarget {
  readonly name: string;
  readonly everGrowing = new Map<string, GrowingGroup>();
  /** Where it is asked; what goes along may change. */
  place: Discovered;
  readonly #budget: () => number;
  readonly #options: WatchOptions;
  readonly #keeper: Keeper;
  readonly #history: History;
  readonly #days: Days | undefined;
  readonly #names = new NameAllowance();
  #lastAt = -Infinity;
  #growing = new Map<string, GrowingGroup>();
  #rising = new Map<string, GrowingGroup>();
  #groups: readonly GoroutineGroup[] = [];
  #total = 0;
  #scrapes = 0;
  #failures = 0;
  #inARow = 0;
  #error: string | undefined;

  constructor(place: Discovered, options: WatchOptions, keeper: Keeper, budget: () => number) {
    this.name = place.name;
    this.place = place;
    this.#budget = budget;
    this.#options = options;
    this.#keeper = keeper;
    this.#history = new History(options.growth);
    this.#days = options.alarm === "day" ? new Days(options.growth) : undefined;
  }

  /** Goes on where an earlier watch of the same target left off. */
  async remember(now: number): Promise<void> {
    const { store, intervalMs, growth } = this.#options;
    const asked = (since: number, every?: number): Promise<readonly Scrape[]> => store.scrapes(this.name, since, every).catch((error: unknown) => {
      this.#keeper.trouble(error);
      return [];
    });
    for (const { at, total, counts } of await asked(now - intervalMs * growth.window * REACH)) this.#history.add(at, total, counts);
    if (this.#days) for (const { at, counts } of await asked(now - DAYS_REACH, SOME)) this.#days.add(at, counts);
  }

  /** By a clock that nobody sets: one that is put back by an hour must not stop the watch for an hour. */
  async run(end: number, afterLook: () => void): Promise<void> {
    const { signal, intervalMs } = this.#options;
    for (let next = performance.now(); !signal.aborted; ) {
      await this.#look();
      afterLook();
      const now = performance.now();
      next = Math.max(next + intervalMs, now); // a slow answer delays the next question, but does not pile them up
      if (next > end) return;
      await sleep(next - now, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    // Whatever goes wrong with one target, the others are watched on.
    const read = await readTarget(this.place, { ...this.#options, budget: this.#budget() }).then((one) => refuseDelta(this.name, one)).catch((error: unknown) => err(`${this.name}: it could not be read: ${error instanceof Error ? error.message : String(error)}`));
    const at = milliseconds(this.#options);
    const { onEvent } = this.#options;
    if (this.#options.signal.aborted) return;
    if (at < this.#lastAt) onEvent({ kind: "clock", target: this.name, at, backMs: this.#lastAt - at });
    this.#lastAt = at;
    if (!read.ok) {
      this.#failures++;
      this.#inARow++;
      this.#error = read.error;
      return onEvent({ kind: "failed", target: this.name, at, error: read.error, inARow: this.#inARow });
    }
    if (this.#inARow > 0) onEvent({ kind: "recovered", target: this.name, at, afterFailures: this.#inARow });
    this.#inARow = 0;
    this.#error = undefined;
    this.#scrapes++;
    await this.#take(read.value.snapshots[read.value.snapshots.length - 1]!, at);
  }

  async #take(snapshot: Snapshot, at: number): Promise<void> {
    this.#groups = groupGoroutines(snapshot, undefined, this.#options.byLabel).filter((group) => !isObserver(group));
    this.#total = snapshot.goroutines.reduce((n, g) => n + g.count, 0);
    const counts = new Map<string, number>();
    for (const group of this.#groups) counts.set(group.fingerprint, (counts.get(group.fingerprint) ?? 0) + group.count);
    this.#history.add(at, this.#total, counts);
    this.#days?.add(at, counts, this.#stayed(snapshot));
    const stored = this.#groups.map((group) => ({ fingerprint: group.fingerprint, kind: group.kind, waitReason: group.waitReason, frame: this.#frame(group), ...labelled(group), stack: group.stack }));
    await this.#keeper.keep({ scrape: { target: this.name, at, total: this.#total, counts: this.#names.known(counts) }, groups: this.#names.named(stored) });
    await this.#keeper.tidy();
    this.#judge(snapshot, at, counts);
    this.#options.onLook?.({ target: this.name, at, snapshot, total: this.#total, groups: this.#groups, growing: this.#growing });
  }

  #judge(snapshot: Snapshot, at: number, counts: ReadonlyMap<string, number>): void {
    const rises = this.#history.growing();
    const found = this.#days?.growing() ?? rises;
    const growing = new Map<string, GrowingGroup>();
    let suspects: readonly Suspect[] | undefined; // made once, and only where something grows
    for (const [fingerprint, growth] of found) {
      const known = this.#growing.get(fingerprint);
      const count = counts.get(fingerprint) ?? 0;
      suspects ??= this.#suspects(snapshot);
      const group = this.#explain(fingerprint, growth, count, suspects);
      if (!group) continue;
      growing.set(fingerprint, group);
      if (this.everGrowing.size < MOST_GROWING) this.everGrowing.set(fingerprint, group);
      if (!known) this.#options.onEvent({ kind: "growing", target: this.name, at, group });
    }
    for (const [fingerprint, group] of this.#growing) {
      if (!growing.has(fingerprint)) this.#options.onEvent({ kind: "settled", target: this.name, at, group: { ...group, count: counts.get(fingerprint) ?? 0 } });
    }
    this.#growing = growing;
    if (!this.#days) return;
    const rising = new Map<string, GrowingGroup>();
    for (const [fingerprint, growth] of rises) {
      if (growing.has(fingerprint)) continue;
      suspects ??= this.#suspects(snapshot);
      const group = this.#explain(fingerprint, growth, counts.get(fingerprint) ?? 0, suspects);
      if (!group) continue;
      rising.set(fingerprint, group);
      if (!this.#rising.has(fingerprint)) this.#options.onEvent({ kind: "rising", target: this.name, at, group });
    }
    this.#rising = rising;
  }

  /** Of each group how many have waited for an hour, where the look says how long each has. */
  #stayed({ goroutines }: Snapshot): ReadonlyMap<string, number> | undefined {
    if (!goroutines.some(({ waitMinutes }) => waitMinutes !== undefined)) return undefined;
    const stayed = new Map<string, number>();
    for (const { fingerprint, goroutines: all } of this.#groups) for (const { waitMinutes = 0, count } of all) if (waitMinutes >= 60) stayed.set(fingerprint, (stayed.get(fingerprint) ?? 0) + count);
    return stayed;
  }

  /** That a group grows is evidence enough to look at a few goroutines already. */
  #suspects(snapshot: Snapshot): readonly Suspect[] {
    const { module } = this.#options;
    return diagnoseSnapshot(snapshot, { many: 5, ...optional({ module }) });
  }

  /** What the snapshot says about the group that grows. */
  #explain(fingerprint: string, growth: Growth, count: number, suspects: readonly Suspect[]): GrowingGroup | undefined {
    const group = this.#groups.find((g) => g.fingerprint === fingerprint);
    if (!group) return undefined;
    const suspect = suspects.find((s) => s.group.goroutines.includes(group.goroutines[0]!));
    return {
      fingerprint, count, waitReason: group.waitReason, growth,
      frame: suspect?.blamed ?? this.#frame(group),
      ...labelled(group),
      cause: suspect?.cause ?? "unknown",
      evidence: suspect?.evidence ?? [],
    };
  }

  #frame(group: GoroutineGroup): Frame {
    return blamedFrame(group.stack, this.#options.module) ?? UNKNOWN_FRAME;
  }

  view(): TargetView {
    const shown = this.#groups.length <= MOST_ROWS ? this.#groups : this.#groups.filter(({ fingerprint }) => this.#growing.has(fingerprint) || this.#rising.has(fingerprint)).concat(this.#groups).slice(0, MOST_ROWS);
    const rows = shown.map((group) => {
      const known = this.#growing.get(group.fingerprint);
      const growing = known ?? this.#rising.get(group.fingerprint);
      const counts = this.#history.series(group.fingerprint).map(({ count }) => count);
      return { fingerprint: group.fingerprint, count: group.count, waitReason: group.waitReason, frame: growing?.frame ?? this.#frame(group), ...labelled(group), counts, ...(growing ? { growing } : {}), ...(growing && !known ? { rising: true as const } : {}) };
    });
    rows.sort((a, b) => (b.growing?.growth.perMinute ?? 0) - (a.growing?.growth.perMinute ?? 0) || b.count - a.count);
    return {
      target: this.name,
      state: this.#error !== undefined ? "down" : this.#scrapes > 0 ? "up" : "waiting",
      ...optional({ error: this.#error }),
      failures: this.#inARow,
      total: this.#total,
      totals: this.#history.totals().map(({ count }) => count),
      rows,
      moreRows: this.#groups.length - rows.length,
    };
  }

  get wasAsked(): boolean {
    return this.#scrapes + this.#failures > 0;
  }

  account(): WatchSummary["targets"][number] {
    return { target: this.name, scrapes: this.#scrapes, failures: this.#failures, ...optional({ lastError: this.#error }) };
  }
}
