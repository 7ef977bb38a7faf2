import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import { creatorsOf } from "../../model/goroutine/group-creators.js";
import { ownerOf } from "../../model/source/blame.js";
import type { Inspection } from "../../model/results/inspection.js";
import type { LockPicture, LockSide } from "../../model/goroutine/lock-picture.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { isFinding, type Suspect } from "../../model/finding/suspect.js";
import type { GroupRow, TargetView } from "../../model/results/watching.js";
import { ages, place, shortFunction, stateWords } from "../inspect/words.js";
import { CAUSE_WORDS } from "../shared/causes.js";

/** What the services page asks for, in words: it only draws. Strangers' texts are in it as they are; the page makes text of them, never markup. */
export interface ServiceTarget {
  readonly name: string;
  readonly state: TargetView["state"];
  readonly error: string;
  readonly total: number;
  readonly totals: readonly number[];
  /** How many groups grow, how fast all of them together, and where the fastest is. */
  readonly growing: number;
  readonly perMinute: number;
  readonly where: string;
}

export interface ServicePlace {
  readonly function: string;
  readonly place: string;
  readonly owner: string;
  readonly source: string;
}

export interface ServiceRow extends ServicePlace {
  readonly id: string;
  readonly count: number;
  readonly state: string;
  readonly label: string;
  readonly perMinute: number;
  readonly counts: readonly number[];
}

export interface ServiceSuspect extends ServicePlace {
  readonly id: string;
  readonly count: number;
  readonly words: string;
  readonly cause: string;
  readonly confidence: string;
  readonly evidence: readonly string[];
}

export interface ServiceDetail {
  readonly target: ServiceTarget;
  readonly rows: readonly ServiceRow[];
  readonly moreRows: number;
  readonly suspects: readonly ServiceSuspect[];
}

export interface ServiceGroup extends ServicePlace {
  readonly id: string;
  readonly count: number;
  readonly state: string;
  readonly waited: string;
  readonly stack: readonly ServicePlace[];
  readonly startedBy: readonly ServicePlace[];
  readonly labels: readonly { readonly label: string; readonly count: number }[];
  readonly suspects: readonly ServiceSuspect[];
  /** Milliseconds since 1970, and how many there were. */
  readonly series: readonly (readonly [at: number, count: number])[];
}

export interface ServiceChange extends ServicePlace {
  readonly id: string;
  readonly kind: "new" | "grown" | "shrunk" | "gone";
  readonly before: number;
  readonly after: number;
  readonly state: string;
}

export interface ServiceLock {
  readonly lock: string;
  readonly waiting: readonly ServiceLockSide[];
  readonly holding: readonly ServiceLockSide[];
}

export interface ServiceLockSide extends ServicePlace {
  readonly who: string;
  readonly state: string;
  readonly certain: boolean;
}

export const placeData = (frame: Frame, cwd: string): ServicePlace => ({ function: shortFunction(frame.function), place: place(frame, cwd), owner: ownerOf(frame), source: frame.source ?? "" });

const perMinute = (rows: readonly GroupRow[]): number => rows.reduce((n, { growing }) => n + (growing?.growth.perMinute ?? 0), 0);

function targetData(view: TargetView, cwd: string): ServiceTarget {
  const growing = view.rows.filter((row) => row.growing !== undefined);
  const [fastest] = growing;
  return {
    name: view.target, state: view.state, error: view.error ?? "", total: view.total, totals: view.totals.slice(-MOST_POINTS),
    growing: growing.length, perMinute: perMinute(growing), where: fastest ? `${shortFunction(fastest.frame.function)} ${place(fastest.frame, cwd)}` : "",
  };
}
const MOST_POINTS = 60;

/** Those that grow first, the fastest before; then those that are down, then the largest. */
export function targetsData(views: readonly TargetView[], cwd: string): readonly ServiceTarget[] {
  const down = (state: TargetView["state"]): number => Number(state === "down");
  return views.map((view) => targetData(view, cwd)).sort((a, b) => b.perMinute - a.perMinute || down(b.state) - down(a.state) || b.total - a.total || (a.name < b.name ? -1 : 1));
}

const suspectData = (suspect: Suspect, cwd: string): ServiceSuspect => ({
  ...placeData(suspect.blamed, cwd), id: suspect.group.fingerprint, count: suspect.group.count, words: suspect.what ?? CAUSE_WORDS[suspect.cause].phrase,
  cause: suspect.cause, confidence: suspect.confidence, evidence: suspect.evidence,
});

/** @param inspection of its last look; undefined: it never answered. */
export function detailData(view: TargetView, inspection: Inspection | undefined, cwd: string): ServiceDetail {
  const suspects = (inspection?.suspects ?? []).filter(isFinding).slice(0, MOST_SUSPECTS);
  return {
    target: targetData(view, cwd),
    rows: view.rows.map((row) => ({
      ...placeData(row.frame, cwd), id: row.fingerprint, count: row.count, state: row.waitReason || "?", label: row.label ?? "",
      perMinute: row.growing?.growth.perMinute ?? 0, counts: row.counts.slice(-MOST_POINTS),
    })),
    moreRows: view.moreRows,
    suspects: suspects.map((suspect) => suspectData(suspect, cwd)),
  };
}
const MOST_SUSPECTS = 30;

export function groupData(group: GoroutineGroup, blamed: Frame, { suspects }: Inspection, series: ServiceGroup["series"], cwd: string): ServiceGroup {
  const own = suspects.filter((suspect) => isFinding(suspect) && suspect.group.some((one) => group.goroutines.includes(one)));
  return {
    ...placeData(blamed, cwd), id: group.fingerprint, count: group.count, state: stateWords(group), waited: ages(group),
    stack: group.stack.map((frame) => placeData(frame, cwd)),
    startedBy: creatorsOf(group).slice(0, 5).map(({ creator }) => placeData(creator, cwd)),
    labels: labelCounts(group), suspects: own.map((suspect) => suspectData(suspect, cwd)), series,
  };
}

/** A group of which no goroutine is there any more: what a store knows of it. */
export const goneGroupData = ({ frame, waitReason, label, stack = [frame] }: { readonly frame: Frame; readonly waitReason: string; readonly label?: string; readonly stack?: Stack }, id: string, series: ServiceGroup["series"], cwd: string): ServiceGroup => ({
  ...placeData(frame, cwd), id, count: 0, state: `${waitReason || "?"}, gone`, waited: "", stack: stack.map((one) => placeData(one, cwd)), startedBy: [],
  labels: label === undefined ? [] : [{ label, count: 0 }], suspects: [], series,
});

function labelCounts({ goroutines }: GoroutineGroup): ServiceGroup["labels"] {
  const counts = new Map<string, number>();
  for (const { labels, count } of goroutines) for (const [key, value] of Object.entries(labels ?? {})) counts.set(`${key}=${value}`, (counts.get(`${key}=${value}`) ?? 0) + count);
  return [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count).slice(0, 50);
}

const sideData = (side: LockSide, cwd: string): ServiceLockSide => ({
  ...placeData(side.frame, cwd), certain: side.certain, state: side.waitReason,
  who: side.count > 1 ? `${side.count} goroutines` : side.id === undefined ? "one goroutine" : `goroutine ${side.id}`,
});

export const lockData = ({ lock, waiting, holding }: LockPicture, cwd: string): ServiceLock => ({ lock, waiting: waiting.map((side) => sideData(side, cwd)), holding: holding.map((side) => sideData(side, cwd)) });
