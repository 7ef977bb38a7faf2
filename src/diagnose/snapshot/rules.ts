import { groupGoroutines, type Group } from "../../model/group.js";
import { originsOf } from "../../model/origin.js";
import type { Snapshot } from "../../model/snapshot.js";
import { CONFIDENCES, isFinding, type Suspect } from "../../model/suspect.js";
import { blockedReceive, blockedSelect, blockedSend, neverReady } from "./channels.js";
import { httpCall, staleHandler, unclosedBody } from "./http.js";
import { condition, heldLock, waitGroup } from "./locks.js";
import { type SnapshotRule, suspectOf, type View } from "./rule.js";
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
  readonly groups?: readonly Group[];
}

/** What one snapshot shows, the surest and largest first. */
export function diagnoseSnapshot(snapshot: Snapshot, options: DiagnoseOptions = {}): readonly Suspect[] {
  const groups = options.groups ?? groupGoroutines(snapshot);
  const origin = originsOf(options.module);
  const view: View = {
    snapshot,
    origin,
    groups,
    total: groups.reduce((n, group) => n + group.count, 0),
    byId: new Map(snapshot.goroutines.flatMap((g) => (g.id === undefined ? [] : [[g.id, g] as const]))),
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
 * suspect: the line is what has to be changed. The largest group's stack stands for all.
 */
function clusters(groups: readonly Group[], origin: View["origin"]): readonly Group[] {
  const byLine = new Map<string, Group[]>();
  for (const group of groups) {
    const frame = group.stack.find((f) => origin(f) === "user");
    const inside = group.stack[0]?.function ?? ""; // a lock and a WaitGroup at one line differ, and so do HTTP's stages
    const key = frame ? `${group.waitReason} ${inside} ${frame.function} ${frame.file}:${frame.line}` : group.exact;
    const list = byLine.get(key);
    if (list) list.push(group);
    else byLine.set(key, [group]);
  }
  return [...byLine.values()].map((list) =>
    list.length === 1
      ? list[0]!
      : { ...list[0]!, count: list.reduce((n, g) => n + g.count, 0), goroutines: list.flatMap((g) => g.goroutines) },
  );
}
