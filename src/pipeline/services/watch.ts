import { setTimeout as sleep } from "node:timers/promises";
import { diagnoseSnapshot } from "../../diagnose/snapshot/suspects.js";
import { isObserver } from "../../diagnose/snapshot/observer.js";
import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine-group.js";
import { blamedFrame } from "../../model/origin.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Frame } from "../../model/stack.js";
import type { Suspect } from "../../model/suspect.js";
import type { GrowingGroup, TargetView, WatchEvent, WatchSummary } from "../../model/watching.js";
import type { Growth, GrowthParameters } from "../../watch/growth.js";
import { History } from "../../watch/history.js";
import type { Store } from "../../watch/store.js";
import type { InspectOptions } from "./inspect.js";
import { readSource, refuseDelta } from "./snapshots.js";

export interface WatchOptions extends InspectOptions {
  readonly intervalMs: number;
  /** Undefined: until interrupted. */
  readonly untilMs?: number;
  readonly growth: GrowthParameters;
  readonly store: Store;
  /** Scrapes older than this are forgotten. */
  readonly keepMs: number;
  readonly onEvent: (event: WatchEvent) => void;
  /** After each look at any target. */
  onView(view: readonly TargetView[]): void;
}

/** `unpark watch SOURCE…`: each target on its own clock; one that fails is told of and asked again, never fatal. */
export async function watch(sources: readonly string[], options: WatchOptions): Promise<WatchSummary> {
  const start = milliseconds(options);
  const targets = sources.map((source) => new WatchTarget(source, options));
  for (const target of targets) await target.remember(start);
  const end = options.untilMs === undefined ? Infinity : start + options.untilMs;
  const onLook = (): void => options.onView(targets.map((target) => target.view()));
  await Promise.all(targets.map((target) => target.run(end, onLook)));
  return {
    targets: targets.map((target) => target.account()),
    growing: targets.flatMap((target) => [...target.everGrowing.values()].map((group) => ({ target: target.name, group }))),
  };
}

const milliseconds = (options: InspectOptions): number => Number(options.now() / 1_000_000n);

class WatchTarget {
  readonly name: string;
  readonly everGrowing = new Map<string, GrowingGroup>();
  readonly #options: WatchOptions;
  readonly #history: History;
  #growing = new Map<string, GrowingGroup>();
  #groups: readonly GoroutineGroup[] = [];
  #total = 0;
  #scrapes = 0;
  #failures = 0;
  #inARow = 0;
  #error: string | undefined;

  constructor(name: string, options: WatchOptions) {
    this.name = name;
    this.#options = options;
    this.#history = new History(options.growth);
  }

  /** Goes on where an earlier watch of the same target left off. */
  async remember(now: number): Promise<void> {
    const { store, intervalMs, growth } = this.#options;
    const since = now - intervalMs * growth.window * 13;
    for (const { at, total, counts } of await store.scrapes(this.name, since)) this.#history.add(at, total, counts);
  }

  async run(end: number, onLook: () => void): Promise<void> {
    const { signal, intervalMs } = this.#options;
    for (let next = milliseconds(this.#options); !signal.aborted; ) {
      await this.#look();
      onLook();
      const now = milliseconds(this.#options);
      next = Math.max(next + intervalMs, now); // a slow answer delays the next question, but does not pile them up
      if (next > end) return;
      await sleep(next - now, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const read = refuseDelta(this.name, await readSource(this.name, this.#options));
    const at = milliseconds(this.#options);
    const { onEvent } = this.#options;
    if (this.#options.signal.aborted) return;
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
    const { onEvent, store, keepMs } = this.#options;
    this.#groups = groupGoroutines(snapshot).filter((group) => !isObserver(group));
    this.#total = snapshot.goroutines.reduce((n, g) => n + g.count, 0);
    const counts = new Map<string, number>();
    for (const group of this.#groups) counts.set(group.fingerprint, (counts.get(group.fingerprint) ?? 0) + group.count);
    this.#history.add(at, this.#total, counts);
    const stored = this.#groups.map((group) => ({ fingerprint: group.fingerprint, kind: group.kind, waitReason: group.waitReason, frame: this.#frame(group) }));
    await store.put({ target: this.name, at, total: this.#total, counts }, stored);
    if (this.#scrapes % 100 === 1) await store.prune(at - keepMs);
    onEvent({ kind: "scraped", target: this.name, at, goroutines: this.#total, groups: counts.size });
    this.#judge(snapshot, at, counts);
  }

  #judge(snapshot: Snapshot, at: number, counts: ReadonlyMap<string, number>): void {
    const found = this.#history.growing();
    const growing = new Map<string, GrowingGroup>();
    let suspects: readonly Suspect[] | undefined; // made once, and only where something grows
    for (const [fingerprint, growth] of found) {
      const known = this.#growing.get(fingerprint);
      const count = counts.get(fingerprint) ?? 0;
      suspects ??= this.#suspects(snapshot);
      const group = this.#explain(fingerprint, growth, count, suspects);
      if (!group) continue;
      growing.set(fingerprint, group);
      this.everGrowing.set(fingerprint, group);
      if (!known) this.#options.onEvent({ kind: "growing", target: this.name, at, group });
    }
    for (const [fingerprint, group] of this.#growing) {
      if (!growing.has(fingerprint)) this.#options.onEvent({ kind: "settled", target: this.name, at, group: { ...group, count: counts.get(fingerprint) ?? 0 } });
    }
    this.#growing = growing;
  }

  /** That a group grows is evidence enough to look at a few goroutines already. */
  #suspects(snapshot: Snapshot): readonly Suspect[] {
    const { module } = this.#options;
    return diagnoseSnapshot(snapshot, { many: 5, ...(module === undefined ? {} : { module }) });
  }

  /** What the snapshot says about the group that grows. */
  #explain(fingerprint: string, growth: Growth, count: number, suspects: readonly Suspect[]): GrowingGroup | undefined {
    const group = this.#groups.find((g) => g.fingerprint === fingerprint);
    if (!group) return undefined;
    const suspect = suspects.find((s) => s.group.goroutines.includes(group.goroutines[0]!));
    return {
      fingerprint, count, waitReason: group.waitReason, growth,
      frame: suspect?.blamed ?? this.#frame(group),
      cause: suspect?.cause ?? "unknown",
      evidence: suspect?.evidence ?? [],
    };
  }

  #frame(group: GoroutineGroup): Frame {
    return blamedFrame(group.stack, this.#options.module) ?? { function: "?", file: "", line: 0 };
  }

  view(): TargetView {
    const rows = this.#groups.map((group) => {
      const growing = this.#growing.get(group.fingerprint);
      const counts = this.#history.series(group.fingerprint).map(({ count }) => count);
      return { count: group.count, waitReason: group.waitReason, frame: growing?.frame ?? this.#frame(group), counts, ...(growing ? { growing } : {}) };
    });
    rows.sort((a, b) => (b.growing?.growth.perMinute ?? 0) - (a.growing?.growth.perMinute ?? 0) || b.count - a.count);
    return {
      target: this.name,
      state: this.#error !== undefined ? "down" : this.#scrapes > 0 ? "up" : "waiting",
      ...(this.#error === undefined ? {} : { error: this.#error }),
      failures: this.#inARow,
      total: this.#total,
      totals: this.#history.totals().map(({ count }) => count),
      rows,
    };
  }

  account(): WatchSummary["targets"][number] {
    return { target: this.name, scrapes: this.#scrapes, failures: this.#failures, ...(this.#error === undefined ? {} : { lastError: this.#error }) };
  }
}
