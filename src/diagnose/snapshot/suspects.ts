import { GoroutineGroup, groupGoroutines } from "../../model/goroutine-group.js";
import { ownersOf } from "../../model/blame.js";
import type { Goroutine, Snapshot } from "../../model/snapshot.js";
import type { Frame } from "../../model/stack.js";
import { CONFIDENCES, isFinding, type Suspect } from "../../model/suspect.js";
import { blockedReceive, blockedSelect, blockedSend, neverReady } from "./channels.js";
import { httpCall, staleHandler, unclosedBody } from "./http.js";
import { condition, heldLock, lockAddress, waitGroup } from "./locks.js";
import { type SnapshotRule, suspectOf, type View } from "./suspect-rule.js";
import { concentration, outsideWait, proved, sleepLoop } from "./waiting.js";

/** The first rule with a finding about a group explains it, else the first with a note: the most telling come first. */
export const SNAPSHOT_RULES: readonly SnapshotRule[] = [
  proved, neverReady, httpCall, unclosedBody, staleHandler, blockedSend, heldLock, waitGroup, condition,
  blockedReceive, blockedSelect, sleepLoop, outsideWait, concentration,
];

export interface DiagnoseOptions {
  readonly module?: string;
  readonly many?: number;
  readonly longMinutes?: number;
  readonly groups?: readonly GoroutineGroup[];
}

/** What one snapshot shows, the surest and largest first. */
export function diagnoseSnapshot(snapshot: Snapshot, options: DiagnoseOptions = {}): readonly Suspect[] {
  const groups = options.groups ?? groupGoroutines(snapshot);
  const origin = ownersOf(options.module);
  const view: View = {
    snapshot,
    origin,
    groups,
    total: groups.reduce((n, group) => n + group.count, 0),
    byId: byId(snapshot),
    waitersAt: waitersAt(snapshot),
    ...(options.module === undefined ? {} : { module: options.module }),
    many: options.many ?? 10,
    longMinutes: options.longMinutes ?? 5,
  };
  const suspects: Suspect[] = [];
  for (const group of clusters(groups, origin)) {
    const said = SNAPSHOT_RULES.flatMap((rule) => {
      const judgement = rule.look(group, view);
      return judgement ? [suspectOf(rule, group, judgement, view)] : [];
    });
    const best = said.find(isFinding) ?? said[0];
    if (best) suspects.push(best);
  }
  const rank = (s: Suspect): number => CONFIDENCES.indexOf(s.confidence);
  return suspects.sort((a, b) => rank(a) - rank(b) || b.group.count - a.group.count);
}

function byId(snapshot: Snapshot): ReadonlyMap<number, Goroutine> {
  const found = new Map<number, Goroutine>();
  for (const goroutine of snapshot.goroutines) if (goroutine.id !== undefined) found.set(goroutine.id, goroutine);
  return found;
}

function waitersAt(snapshot: Snapshot): ReadonlyMap<number, number> {
  const waiters = new Map<number, number>();
  for (const { blockedOn, count } of snapshot.goroutines) {
    const object = blockedOn?.objects[0]?.object;
    if (object !== undefined) waiters.set(object, (waiters.get(object) ?? 0) + count);
  }
  return waiters;
}

/**
 * Groups that wait in the same way at the same line of the user's, but were called along different ways, are one
 * suspect: the line is what has to be changed. So are all that wait for one lock, wherever they stand: who holds it has
 * to be found. The largest group's stack stands for all.
 */
function clusters(groups: readonly GoroutineGroup[], origin: View["origin"]): readonly GoroutineGroup[] {
  const texts = new Map<Frame, string>(); // frames are shared, so their texts are made once
  const byLine = new Map<string, Map<string, Map<string, GoroutineGroup[]>>>();
  for (const group of groups) {
    const frame = group.frame((f) => origin(f) === "user");
    const lock = lockAddress(group);
    const where = lock !== undefined ? `lock ${lock}` : frame ? known(texts, frame, () => `${frame.function} ${frame.file}:${frame.line}`) : group.exact;
    const inside = lock !== undefined ? "" : group.frame(() => true)?.function ?? ""; // a lock and a WaitGroup at one line differ, and so do HTTP's stages
    const reasons = known(byLine, where, () => new Map<string, Map<string, GoroutineGroup[]>>());
    known(known(reasons, group.leaked ? `${group.waitReason} (leaked)` : group.waitReason, () => new Map<string, GoroutineGroup[]>()), inside, () => []).push(group);
  }
  return [...byLine.values()].flatMap((reasons) => [...reasons.values()].flatMap((insides) => [...insides.values()].map((list) => GoroutineGroup.merged(list))));
}

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
