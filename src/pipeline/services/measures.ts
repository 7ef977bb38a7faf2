import { optional } from "../../base/optional.js";
import type { Discovered } from "../../discover/discovered.js";
import { diagnoseSnapshot } from "../../diagnose/snapshot/suspects.js";
import { UNKNOWN_FRAME, blamedFrame } from "../../model/source/blame.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { FailureKind, GroupMeasure, LookMeasure, SuspectMeasure, TargetMeasure } from "../../model/results/measure.js";
import { isFinding } from "../../model/finding/suspect.js";
import type { GrowingGroup, WatchEvent } from "../../model/results/watching.js";
import { place, shortFunction } from "../../report/inspect/words.js";
import type { InspectOptions } from "./inspect.js";
import { labelled } from "./watch-target.js";
import type { TargetLook, WatchOptions } from "./watch-options.js";

/** Series of groups for each target, where nobody says how many. */
export const DEFAULT_GROUP_SERIES = 20;

type MeasureOptions = Pick<InspectOptions, "module" | "many" | "longMinutes" | "cwd">;

/** Listens to a watch, and says how its targets are when it is asked. */
export class Measures {
  storeWaiting = 0;
  storeDropped = 0;
  readonly #targets = new Map<string, TargetRecord>();
  /** Did it answer at last? */
  readonly #discoveries = new Map<string, boolean>();
  readonly #options: MeasureOptions;
  readonly #most: number;

  constructor(options: MeasureOptions, most = DEFAULT_GROUP_SERIES) {
    this.#options = options;
    this.#most = most;
  }

  /** The same watch, listened to. */
  observing(options: WatchOptions): WatchOptions {
    return {
      ...options,
      onEvent: (event) => {
        this.event(event);
        options.onEvent(event);
      },
      onTargets: (targets) => {
        this.known(targets);
        options.onTargets?.(targets);
      },
      onLook: (look) => {
        this.look(look);
        options.onLook?.(look);
      },
    };
  }

  /** What a target was that is gone is nobody's metric. */
  known(targets: readonly Discovered[]): void {
    const names = new Set(targets.map(({ name }) => name));
    for (const name of this.#targets.keys()) if (!names.has(name)) this.#targets.delete(name);
    for (const { name, labels } of targets) this.#record(name).labels = labels;
  }

  event(event: WatchEvent): void {
    if (event.kind === "unsaved") [this.storeWaiting, this.storeDropped] = [event.waiting, event.dropped];
    if (event.kind === "saved-again") this.storeWaiting = 0;
    if (event.kind === "undiscovered") this.#discoveries.set(event.discovery, false);
    if (event.kind === "rediscovered" || event.kind === "added") this.#discoveries.set(event.discovery, true);
    const record = event.kind === "failed" ? this.#targets.get(event.target) : undefined;
    if (event.kind !== "failed" || !record) return; // removed while it was asked
    record.failures++;
    record.failuresInARow = event.inARow;
    record.failure = failureKind(event.error);
  }

  look(look: TargetLook): void {
    const record = this.#targets.get(look.target);
    if (!record) return;
    record.looks++;
    record.failuresInARow = 0;
    record.failure = undefined;
    record.latest = look;
    record.measured = undefined;
  }

  discoveries(): readonly { readonly discovery: string; readonly up: boolean }[] {
    return [...this.#discoveries].map(([discovery, up]) => ({ discovery, up }));
  }

  targets(): readonly TargetMeasure[] {
    return [...this.#targets].map(([target, record]) => ({
      target, labels: record.labels, looks: record.looks, failures: record.failures, failuresInARow: record.failuresInARow,
      ...optional({ failure: record.failure, last: this.#last(record) }),
    }));
  }

  /** Made once for each look, and only where somebody asks. */
  #last(record: TargetRecord): LookMeasure | undefined {
    if (record.latest === undefined) return undefined;
    if (record.measured === undefined) {
      record.measured = measured(record.latest, record.shown, this.#most, this.#options);
      record.shown = new Set(record.measured.shown.map(({ fingerprint }) => fingerprint));
    }
    return record.measured;
  }

  #record(target: string): TargetRecord {
    let record = this.#targets.get(target);
    if (!record) this.#targets.set(target, (record = { labels: {}, looks: 0, failures: 0, failuresInARow: 0, failure: undefined, latest: undefined, measured: undefined, shown: new Set() }));
    return record;
  }
}

interface TargetRecord {
  labels: Readonly<Record<string, string>>;
  looks: number;
  failures: number;
  failuresInARow: number;
  failure: FailureKind | undefined;
  latest: TargetLook | undefined;
  measured: LookMeasure | undefined;
  shown: ReadonlySet<string>;
}

function measured(look: TargetLook, before: ReadonlySet<string>, most: number, options: MeasureOptions): LookMeasure {
  const { groups, growing, total, at } = look;
  // A group that has a series keeps it: what moves in and out of the largest would make new series for ever.
  const rank = ({ fingerprint }: GoroutineGroup): number => (growing.has(fingerprint) ? 2 : before.has(fingerprint) ? 1 : 0);
  const shown = oneEach(groups).sort((a, b) => rank(b.group) - rank(a.group) || b.count - a.count).slice(0, most);
  return {
    at, goroutines: total, groups: groups.length, growing: growing.size,
    shown: shown.map(({ group, count }) => groupMeasure(group, count, growing.get(group.fingerprint), options)),
    others: Math.max(0, total - shown.reduce((sum, { count }) => sum + count, 0)),
    suspects: suspectMeasures(look, options),
  };
}

/** Groups that differ only in lines have one fingerprint, and so one series. */
function oneEach(groups: readonly GoroutineGroup[]): { readonly group: GoroutineGroup; count: number }[] {
  const each = new Map<string, { readonly group: GoroutineGroup; count: number }>();
  for (const group of groups) {
    const known = each.get(group.fingerprint);
    if (known) known.count += group.count;
    else each.set(group.fingerprint, { group, count: group.count });
  }
  return [...each.values()];
}

function groupMeasure(group: GoroutineGroup, count: number, growing: GrowingGroup | undefined, { module, cwd }: MeasureOptions): GroupMeasure {
  const frame = growing?.frame ?? blamedFrame(group.stack, module) ?? UNKNOWN_FRAME;
  return {
    fingerprint: group.fingerprint, function: shortFunction(frame.function), place: place(frame, cwd), state: group.waitReason, label: labelled(group).label ?? "", count,
    ...(growing ? { perHour: growing.growth.perMinute * 60, cause: growing.cause } : {}),
  };
}

function suspectMeasures({ snapshot }: TargetLook, options: MeasureOptions): readonly SuspectMeasure[] {
  const sums = new Map<string, SuspectMeasure>();
  for (const { cause, confidence, group } of diagnoseSnapshot(snapshot, optional({ module: options.module, many: options.many, longMinutes: options.longMinutes })).filter(isFinding)) {
    const key = `${cause} ${confidence}`;
    sums.set(key, { cause, confidence, goroutines: (sums.get(key)?.goroutines ?? 0) + group.count });
  }
  return [...sums.values()];
}

/** By the words of collect/ and parse/: a test holds real failures to it. */
export function failureKind(error: string): FailureKind {
  return KINDS.find(([words]) => words.test(error))?.[1] ?? "other";
}

const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/connection refused|there is no such (?:socket|process|file)/, "refused"],
  [/the host's name (?:is not known|could not be looked up)/, "unknown-host"],
  [/(?:host|network) cannot be reached|closed the connection/, "unreachable"],
  [/no complete answer/, "timeout"],
  [/TLS failed/, "tls"],
  [/the server answered \d+|redirects to/, "status"],
  [/given up/, "too-large"],
  [/no goroutines in it|broken at|not a snapshot|the answer is not HTTP/, "not-goroutines"],
];
