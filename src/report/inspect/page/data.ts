import type { GoroutineGroup } from "../../../model/goroutine/goroutine-group.js";
import { creatorsOf } from "../../../model/goroutine/group-creators.js";
import type { Inspection } from "../../../model/results/inspection.js";
import { ownerOf } from "../../../model/source/blame.js";
import { isFinding } from "../../../model/finding/suspect.js";
import type { Frame } from "../../../model/goroutine/stack.js";
import { CAUSE_WORDS } from "../../shared/causes.js";
import { stateWords } from "../words.js";

/** What the page shows, small: each frame once, groups point at them. */
export interface PageData {
  readonly source: string;
  readonly how: string;
  readonly at: string;
  readonly total: number;
  /** The label by which the groups are split, and the page begins; empty: none. */
  readonly byLabel: string;
  readonly message: string;
  readonly losses: readonly string[];
  /** function, file, line, whose (0 user, 1 library, 2 Go itself). */
  readonly frames: readonly (readonly [string, string, number, number])[];
  readonly groups: readonly PageGroup[];
  readonly suspects: readonly { readonly count: number; readonly group: number; readonly cause: string; readonly words: string; readonly confidence: string; readonly frame: number; readonly evidence: readonly string[] }[];
}

interface PageGroup {
  readonly count: number;
  readonly state: string;
  readonly min: number;
  readonly max: number;
  readonly stack: readonly number[];
  readonly by: readonly number[];
  readonly ids: readonly number[];
  /** Key, value, how many goroutines of the group have it; the commonest. */
  readonly labels: readonly (readonly [string, string, number])[];
  readonly source: string;
}

export function pageData({ snapshot, total, groups, suspects, byLabel }: Inspection): PageData {
  const frames: [string, string, number, number][] = [];
  const known = new Map<string, number>();
  const index = (frame: Frame): number => {
    const key = `${frame.line} ${frame.function}\0${frame.file}`;
    let id = known.get(key);
    if (id === undefined) known.set(key, (id = frames.push([frame.function, frame.file, frame.line, ["user", "library", "std"].indexOf(ownerOf(frame))]) - 1));
    return id;
  };
  const groupOf = new Map(groups.flatMap((group, i) => (group.goroutines[0] ? [[group.goroutines[0], i] as const] : [])));
  const { source, how, at } = snapshot.provenance;
  return {
    source, how, total, byLabel: byLabel?.key ?? "", message: snapshot.message ?? "", losses: snapshot.losses,
    at: at === undefined ? "" : new Date(Number(at / 1_000_000n)).toISOString(),
    groups: groups.map((group) => pageGroup(group, index)),
    suspects: suspects.filter(isFinding).map((s) => ({
      group: groupOf.get(s.group.goroutines[0]!) ?? 0,
      count: s.group.count, cause: s.cause, words: CAUSE_WORDS[s.cause].phrase, confidence: s.confidence, frame: index(s.blamed),
      evidence: s.evidence,
    })),
    frames,
  };
}

function pageGroup(group: GoroutineGroup, index: (frame: Frame) => number): PageGroup {
  const waits = group.waits;
  return {
    count: group.count, state: stateWords(group), min: waits?.min ?? 0, max: waits?.max ?? 0,
    stack: group.stack.map(index),
    by: creatorsOf(group).slice(0, 5).map(({ creator }) => index(creator)),
    ids: group.goroutines.flatMap(({ id }) => (id === undefined ? [] : [id])).slice(0, 200),
    labels: labelsOf(group),
    source: group.stack.find((f) => f.source !== undefined)?.source ?? "",
  };
}

/** A request's number as a label would have as many values as there are goroutines: more than these no page shows. */
const MOST_LABELS = 200;

function labelsOf({ goroutines }: GoroutineGroup): readonly (readonly [string, string, number])[] {
  const counts = new Map<string, [string, string, number]>();
  for (const { labels, count } of goroutines) {
    for (const [key, value] of Object.entries(labels ?? {})) {
      const name = JSON.stringify([key, value]);
      const known = counts.get(name);
      if (known) known[2] += count;
      else counts.set(name, [key, value, count]);
    }
  }
  return [...counts.values()].sort((a, b) => b[2] - a[2]).slice(0, MOST_LABELS);
}
