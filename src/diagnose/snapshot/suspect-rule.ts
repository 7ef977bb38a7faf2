import type { Cause } from "../../model/cause.js";
import { type GoroutineGroup, waitsOf } from "../../model/goroutine-group.js";
import { UNKNOWN_FRAME, blamedFrame, type CodeOwner } from "../../model/blame.js";
import type { Goroutine, Snapshot } from "../../model/snapshot.js";
import type { Confidence, Suspect } from "../../model/suspect.js";
import type { Frame } from "../../model/stack.js";

/** What every rule sees: the whole snapshot, grouped, and the user's module where it is known. */
export interface View {
  readonly snapshot: Snapshot;
  readonly groups: readonly GoroutineGroup[];
  readonly total: number;
  /** By the runtime's number, where the source gives them; how many wait for the lock at an address. Made once: rules ask for each group. */
  readonly byId: ReadonlyMap<number, Goroutine>;
  readonly waitersAt: ReadonlyMap<number, number>;
  readonly module?: string;
  readonly origin: (frame: Frame) => CodeOwner;
  /** From how many goroutines at one place, and from how many minutes of waiting on, a group stands out. */
  readonly many: number;
  readonly longMinutes: number;
}

/** One known shape of a leak. Pure: the same view, the same answer. */
export interface SnapshotRule {
  readonly code: string;
  /** One sentence: what it looks for, and what it cannot tell. */
  readonly doc: string;
  look(group: GoroutineGroup, view: View): Judgement | undefined;
}

export interface Judgement {
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly blamed?: Frame;
}

export function suspectOf(rule: SnapshotRule, group: GoroutineGroup, judgement: Judgement, view: View): Suspect {
  return {
    rule: rule.code,
    cause: judgement.cause,
    confidence: judgement.confidence,
    group,
    blamed: judgement.blamed ?? blamedFrame(group.stack, view.module) ?? UNKNOWN_FRAME,
    evidence: judgement.evidence,
  };
}

export const userFrame = (group: GoroutineGroup, view: View): Frame | undefined =>
  group.frame((frame) => view.origin(frame) === "user");

export const has = (group: GoroutineGroup, ...functions: readonly string[]): boolean =>
  group.frame((frame) => functions.includes(frame.function)) !== undefined;

export const countOf = (groups: readonly GoroutineGroup[], test: (group: GoroutineGroup) => boolean): number =>
  groups.reduce((n, group) => n + (test(group) ? group.count : 0), 0);

export const AT_ONE_PLACE = "wait at this one place";

/** The facts of number and age that most rules rest on, and the confidence that they alone give. */
export function weigh(group: GoroutineGroup, view: View): { confidence: Confidence; evidence: string[] } {
  const waits = waitsOf(group);
  const evidence: string[] = [];
  const many = group.count >= view.many;
  const long = waits !== undefined && waits.max >= view.longMinutes;
  if (many) evidence.push(`${group.count} goroutines ${AT_ONE_PLACE}`);
  if (waits) {
    const range = waits.min === waits.max ? `${waits.max}` : `${waits.min} to ${waits.max}`;
    evidence.push(`${group.count === 1 ? "it has" : "they have"} waited for ${range} minute${waits.max === 1 ? "" : "s"}`);
  }
  const parents = endedParents(group, view);
  if (parents) evidence.push(parents.text);
  const confidence = (many && long) || (many && parents !== undefined) ? "high" : many || long ? "medium" : "low";
  return { confidence, evidence };
}

/**
 * The calls that started them are over: their goroutines have ended, or do something else by now. Then nobody waits for
 * an answer. A pool of workers is started by one call that returns as well, so for goroutines that wait to be given
 * work it takes several parents.
 */
function endedParents(group: GoroutineGroup, view: View): { text: string } | undefined {
  const parents = new Map<number, string>();
  for (const { createdBy } of group.goroutines) if (createdBy?.id !== undefined) parents.set(createdBy.id, createdBy.function);
  const awaitsWork = group.kind === "receive" || group.kind === "select" || group.kind === "cond";
  if (parents.size < (awaitsWork ? 2 : 1)) return undefined;
  let ended = parents.size;
  let returned = 0;
  for (const [id, starter] of parents) {
    const parent = view.byId.get(id);
    if (!parent) continue;
    ended--;
    if (!parent.stack.some((frame) => frame.function === starter)) returned++;
  }
  if ((ended + returned) * 2 < parents.size) return undefined;
  const starters = [...new Set(parents.values())];
  const by = starters.length === 1 ? starters[0]! : `${starters.length} functions`;
  const whose = `${group.count === 1 ? "it was" : "they were"} started by ${by} in ${parents.size} goroutine${parents.size === 1 ? "" : "s"}`;
  const facts = [ended > 0 ? `${ended} of which ${ended === 1 ? "has" : "have"} ended` : "", returned > 0 ? `${returned} of which ${returned === 1 ? "has" : "have"} returned from it` : ""];
  return { text: `${whose}, ${facts.filter(Boolean).join(", ")}` };
}
