import { number } from "../../base/numerals.js";
import { optional } from "../../base/optional.js";
import { GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { ownersOf } from "../../model/source/blame.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { CONFIDENCES, isFinding, type Suspect } from "../../model/finding/suspect.js";
import { blockedReceive } from "./rules/blocked-receive.js";
import { blockedSelect } from "./rules/blocked-select.js";
import { blockedSend } from "./rules/blocked-send.js";
import { concentration } from "./rules/concentration.js";
import { condition } from "./rules/condition.js";
import { heldLock, lockAddress } from "./rules/held-lock.js";
import { httpCall } from "./rules/http-call.js";
import { leftOver } from "./rules/left-over.js";
import { libraryShape } from "./rules/library-shape.js";
import { lockHeldWhileWaiting } from "./rules/lock-held-while-waiting.js";
import { lockOrder } from "./rules/lock-order.js";
import { longCall } from "./rules/long-call.js";
import { neverReady } from "./rules/never-ready.js";
import { ownSlot } from "./rules/own-slot.js";
import { outsideWait } from "./rules/outside-wait.js";
import { proved } from "./rules/proved.js";
import { recursiveLock } from "./rules/recursive-lock.js";
import { servedHere } from "./rules/served-here.js";
import { singleFlight } from "./rules/single-flight.js";
import { sleepLoop } from "./rules/sleep-loop.js";
import { staleHandler } from "./rules/stale-handler.js";
import { testBody } from "./rules/test-body.js";
import { unclosedBody } from "./rules/unclosed-body.js";
import { waitGroup, waitsForGroup, workersOf } from "./rules/wait-group.js";
import { type GraphRule, named, type SnapshotRule, suspectOf, userFrame, type View } from "./suspect-rule.js";
import { GroupSurvey } from "./group-survey.js";
import { SnapshotSurvey } from "./snapshot-survey.js";
import { isSystem } from "./system-goroutines.js";
import { TestBodies } from "./test-bodies.js";
import { WaitingGraph } from "./waiting-graph.js";

/** What several groups make together; the first that explains a group has it. */
export const GRAPH_RULES: readonly GraphRule[] = [lockOrder, recursiveLock, lockHeldWhileWaiting, singleFlight, longCall, servedHere];

/** The first rule with a finding about a group explains it, else the first with a note: the most telling come first. */
export const SNAPSHOT_RULES: readonly SnapshotRule[] = [
  proved, neverReady, libraryShape, httpCall, unclosedBody, staleHandler, ownSlot, blockedSend, heldLock, waitGroup, condition,
  blockedReceive, blockedSelect, sleepLoop, outsideWait, testBody, leftOver, concentration,
];

interface DiagnoseOptions {
  readonly module?: string;
  readonly many?: number;
  readonly longMinutes?: number;
  readonly groups?: readonly GoroutineGroup[];
}

/** What one snapshot shows, the surest and most harmful first; what only waits behind others comes last. */
export function diagnoseSnapshot(snapshot: Snapshot, options: DiagnoseOptions = {}): readonly Suspect[] {
  if (snapshot.delta) return []; // goroutines that came within a second say nothing of those that stay
  const view = viewOf(snapshot, options);
  const { explained, behind } = byGraph(view);
  const suspects = [...new Set(explained.values())].map((suspect) => withVictims(suspect, [...behind].filter(([, cause]) => cause === suspect).map(([group]) => group), view));
  const waiters: { readonly group: GoroutineGroup; readonly workers: readonly GoroutineGroup[] }[] = [];
  const left = view.groups.filter((group) => !isSystem(group) && !explained.has(group));
  // By each group's first goroutine: a search of all groups for each would be quadratic in them.
  const groupOf = new Map(behind.size === 0 ? [] : left.map((one) => [one.first, one]));
  const causeOf = ({ goroutines }: GoroutineGroup): Suspect | undefined => {
    if (behind.size === 0) return undefined;
    for (const goroutine of goroutines) {
      const one = groupOf.get(goroutine);
      const cause = one && behind.get(one);
      if (cause !== undefined) return cause;
    }
    return undefined;
  };
  for (const group of clusters(left, view.origin)) {
    const judged = judge(group, view);
    if (!judged) continue;
    const cause = causeOf(group);
    const workers = waitsForGroup(group) ? workersOf(group, view) : [];
    if (workers.length > 0) waiters.push({ group, workers });
    const consequence = cause !== undefined || workers.length > 0;
    if (!consequence) suspects.push(judged);
    else suspects.push({ ...judged, consequence: true, ...(judged.confidence === "proved" || view.tests.told(group)?.sure ? {} : { confidence: "low" as const }) });
  }
  const told = suspects.map((suspect) => {
    if (waiters.length === 0) return suspect;
    const victims = waiters.filter(({ workers, group }) => group !== suspect.group && workers.some((worker) => suspect.group.goroutines.includes(worker.goroutines[0]!)));
    return withVictims(suspect, victims.map(({ group }) => group), view);
  });
  return told.sort((a, b) => Number(a.consequence ?? false) - Number(b.consequence ?? false) || CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) || harm(b) - harm(a) || Number(fromOutside(b)) - Number(fromOutside(a)));
}

/** What the rules about several groups explain, and what waits behind that. */
function byGraph(view: View): { readonly explained: ReadonlyMap<GoroutineGroup, Suspect>; readonly behind: ReadonlyMap<GoroutineGroup, Suspect> } {
  const explained = new Map<GoroutineGroup, Suspect>();
  const behind = new Map<GoroutineGroup, Suspect>();
  for (const rule of GRAPH_RULES) {
    for (const { groups, judgement, behind: victims } of rule.find(view)) {
      if (groups.some((group) => explained.has(group)) || groups.every(isSystem)) continue;
      const suspect = suspectOf(rule.code, groups.length === 1 ? groups[0]! : GoroutineGroup.merged(groups), judgement, view);
      for (const group of groups) explained.set(group, suspect);
      if (isFinding(suspect)) for (const victim of victims) behind.set(victim, suspect);
    }
  }
  return { explained, behind };
}

function judge(group: GoroutineGroup, view: View): Suspect | undefined {
  let note: Suspect | undefined;
  for (const rule of SNAPSHOT_RULES) {
    const judgement = rule.look(group, view);
    if (!judgement) continue;
    const suspect = suspectOf(rule.code, group, judgement, view);
    if (isFinding(suspect)) return suspect;
    note ??= suspect;
  }
  return note;
}

/** What it waits for is not in the program: of two that have waited for equally long, the other may wait for this one. */
const fromOutside = ({ group }: Suspect): boolean => group.kind === "io" || group.kind === "syscall";

/** How many, for how long. */
const harm = ({ group }: Suspect): number => group.count * (1 + Math.log2(1 + (group.waits?.max ?? 0)));

function withVictims(suspect: Suspect, victims: readonly GoroutineGroup[], view: View): Suspect {
  if (victims.length === 0) return suspect;
  const words = victims.slice(0, 3).map((group) => {
    const frame = userFrame(group, view) ?? group.stack[0];
    return `${number(group.count)} × ${frame ? named(frame) : "?"}`;
  });
  return { ...suspect, evidence: [...suspect.evidence, `may be held up behind it: ${words.join(", ")}${victims.length > 3 ? ` and ${victims.length - 3} more places` : ""}`] };
}

function viewOf(snapshot: Snapshot, options: DiagnoseOptions): View {
  const groups = options.groups ?? groupGoroutines(snapshot);
  const survey = new GroupSurvey(groups);
  return {
    snapshot,
    origin: ownersOf(options.module),
    groups,
    survey,
    ...new SnapshotSurvey(snapshot),
    graph: new WaitingGraph(survey),
    tests: new TestBodies(snapshot, survey),
    ...optional({ module: options.module }),
    many: options.many ?? 10,
    longMinutes: options.longMinutes ?? 5,
  };
}

/**
 * Groups that wait in the same way at the same line of the user's (or, without one, of a dependency), but were called
 * along different ways, are one suspect: the line is what has to be changed. So are all that wait for one lock, wherever
 * they stand: who holds it has to be found. The largest group's stack stands for all.
 */
function clusters(groups: readonly GoroutineGroup[], origin: View["origin"]): readonly GoroutineGroup[] {
  const texts = new Map<Frame, string>(); // frames are shared, so their texts are made once
  const byLine = new Map<string, Map<string, Map<string, GoroutineGroup[]>>>();
  for (const group of groups) {
    const own = group.frame((f) => origin(f) === "user");
    const frame = own ?? group.frame((f) => origin(f) === "library");
    const lock = lockAddress(group);
    const where = lock !== undefined ? `lock ${lock}` : frame ? known(texts, frame, () => `${frame.function} ${frame.file}:${frame.line}`) : group.exact;
    const inside = lock !== undefined || !own ? "" : group.frame(() => true)?.function ?? ""; // a lock and a WaitGroup at one line differ, and so do HTTP's stages
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
