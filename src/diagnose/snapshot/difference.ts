import { optional } from "../../base/optional.js";
import type { Change, Difference, Rate } from "../../model/results/difference.js";
import { isStandard } from "../../model/source/blame.js";
import { GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";

/**
 * Compares by fingerprint, so that a rebuild that moves lines does not make everything new. Where one side does not say
 * in which way goroutines wait (debug=1), by functions alone.
 *
 * @param byLabel a pprof label's key: goroutines with different values of it are compared apart.
 */
export function difference(before: Snapshot, after: Snapshot, byLabel?: string): Difference {
  const coarse = [before, after].some(({ provenance }) => provenance.how === "debug=1 text");
  const old = byFingerprint(before, coarse, byLabel);
  const now = byFingerprint(after, coarse, byLabel);
  const changes: Change[] = [];
  const minutes = minutesBetween(before, after);
  const passing = passingBy(old, now);
  for (const [key, group] of now) changes.push(change(old.get(key) ?? passing.get(group), group, minutes));
  const met = new Set(passing.values());
  for (const [key, group] of old) {
    if (!now.has(key) && !met.has(group)) changes.push({ kind: "gone", group, before: group.count, after: 0 });
  }
  return {
    before: { provenance: before.provenance, total: total(old) },
    after: { provenance: after.provenance, total: total(now) },
    changes: changes.sort((a, b) => b.after - b.before - (a.after - a.before) || b.after - a.after),
    ...optional({ minutes }),
  };
}

/**
 * A snapshot may catch a goroutine inside the call that it waits in otherwise (an accept in its system call, a wait about to
 * begin): same user's frames, another state and other frames of Go's own. It is no new one. Group of now → group of before.
 */
function passingBy(old: ReadonlyMap<string, GoroutineGroup>, now: ReadonlyMap<string, GoroutineGroup>): ReadonlyMap<GoroutineGroup, GoroutineGroup> {
  const left = new Map<string, GoroutineGroup>();
  for (const [key, group] of old) if (!now.has(key)) left.set(usersPart(group), group);
  const found = new Map<GoroutineGroup, GoroutineGroup>();
  for (const [key, group] of now) {
    const before = old.has(key) ? undefined : left.get(usersPart(group));
    if (before === undefined || before.count !== group.count || !(isPassing(before) || isPassing(group))) continue;
    left.delete(usersPart(group));
    found.set(group, before);
  }
  return found;
}

const isPassing = ({ kind }: GoroutineGroup): boolean => kind === "syscall" || kind === "running";

/** What is the user's of a stack, and the label; a group without any is only itself. */
function usersPart(group: GoroutineGroup): string {
  const from = group.stack.findIndex((frame) => !isStandard(frame));
  return from < 0 ? group.fingerprint : JSON.stringify([group.stack.slice(from).map((frame) => frame.function), group.label?.value ?? null]);
}

function change(before: GoroutineGroup | undefined, after: GoroutineGroup, minutes: number | undefined): Change {
  const rate = rateOf(before?.count ?? 0, after.count, minutes);
  if (!before) return { kind: "new", group: after, before: 0, after: after.count, ...rate };
  const kind = after.count > before.count ? "grown" : after.count < before.count ? "shrunk" : "same";
  const stayed = sameIds(before, after);
  return { kind, group: after, before: before.count, after: after.count, ...rate, ...optional({ stayed }) };
}

/** Two points make no trend, but they say what it comes to if there is one. */
function rateOf(before: number, after: number, minutes: number | undefined): { rate?: Rate } {
  if (minutes === undefined || minutes < A_SECOND || before === after) return {};
  const perMinute = (after - before) / minutes;
  const then = (later: number): number => Math.max(0, Math.round(after + perMinute * later));
  return { rate: { perMinute, inAnHour: then(60), inADay: then(1440) } };
}
const A_SECOND = 1 / 60;

function sameIds(before: GoroutineGroup, after: GoroutineGroup): number | undefined {
  const ids = new Set(before.goroutines.flatMap(({ id }) => (id === undefined ? [] : [id])));
  if (ids.size === 0) return undefined;
  return after.goroutines.filter(({ id }) => id !== undefined && ids.has(id)).length;
}

/** Groups that differ only in lines are one here. */
function byFingerprint(snapshot: Snapshot, coarse: boolean, byLabel: string | undefined): Map<string, GoroutineGroup> {
  const groups = new Map<string, GoroutineGroup>();
  for (const group of groupGoroutines(snapshot, undefined, byLabel)) {
    const key = coarse ? [...group.stack.map((f) => f.function), JSON.stringify(group.label?.value ?? null)].join("\n") : group.fingerprint;
    const known = groups.get(key);
    groups.set(key, known ? GoroutineGroup.merged([known, group]) : group);
  }
  return groups;
}

const total = (groups: ReadonlyMap<string, GoroutineGroup>): number => [...groups.values()].reduce((n, { count }) => n + count, 0);

function minutesBetween(before: Snapshot, after: Snapshot): number | undefined {
  const [a, b] = [before.provenance.at, after.provenance.at];
  if (a === undefined || b === undefined || b <= a) return undefined;
  return Number((b - a) / 1_000_000n) / 60_000;
}
