import { operation, type Access, type OperationFamily } from "../../model/run/operation.js";
import type { PictureArrow } from "../../model/run/schedule-picture.js";
import type { ObjectId } from "../../model/ids.js";

/** One access of one goroutine, in the order of the run. */
export interface LaneAccess {
  readonly step: number;
  /** -1: the clock. */
  readonly lane: number;
  readonly access: Access;
  /** A receive from a channel that is closed and drained. */
  readonly closed: boolean;
  /** Both sides of a meeting are in this step: the arrow is the step itself. */
  readonly met: boolean;
}

interface ObjectState {
  /** Values in a channel's buffer, by who sent them. */
  readonly sent: Place[];
  closed?: Place;
  /** The latest unlock, signal, release, Done or write. */
  released?: Place;
}

interface Place {
  readonly step: number;
  readonly lane: number;
}

/**
 * What passes between goroutines, object by object: which earlier step did a step need? A picture of the program's own
 * order, not the explorer's dependence relation: of two locks the later needs the unlock before it, and no more.
 */
export function passes(accesses: readonly LaneAccess[]): readonly PictureArrow[] {
  const states = new Map<ObjectId, ObjectState>();
  const arrows: PictureArrow[] = [];
  for (const one of accesses) {
    const { object } = one.access;
    let state = states.get(object);
    if (state === undefined) states.set(object, (state = { sent: [] }));
    const from = needs(state, one);
    if (from !== undefined && from.place.lane !== one.lane) {
      arrows.push({ kind: from.kind, fromStep: from.place.step, fromLane: from.place.lane, toStep: one.step, toLane: one.lane });
    }
  }
  return arrows;
}

/** What the access needed, and the state after it. */
function needs(state: ObjectState, one: LaneAccess): { readonly kind: PictureArrow["kind"]; readonly place: Place } | undefined {
  const here: Place = { step: one.step, lane: one.lane };
  const { family } = operation(one.access.op);
  if (family === "channel") return channelNeeds(state, one, here);
  const rule = RULES[family];
  if (rule === undefined) return undefined;
  const { kind, gives, takes = (other: LaneAccess) => !gives(other) } = rule;
  const needed = takes(one) && state.released !== undefined ? { kind, place: state.released } : undefined;
  if (gives(one)) state.released = here;
  return needed;
}

function channelNeeds(state: ObjectState, { access: { op }, closed, met }: LaneAccess, here: Place): { readonly kind: "close" | "value"; readonly place: Place } | undefined {
  if (op === "close") state.closed = here;
  if (met || op === "close") return undefined;
  if (op === "send") return void state.sent.push(here);
  const place = closed ? state.closed : state.sent.shift();
  return place && { kind: closed ? "close" : "value", place };
}

/** Of an object's operations: which let others go on, and which need the latest of those (by default, all others). */
interface PassingRule {
  readonly kind: PictureArrow["kind"];
  readonly gives: (one: LaneAccess) => boolean;
  readonly takes?: (one: LaneAccess) => boolean;
}

const UNLOCK: PassingRule = { kind: "unlock", gives: ({ access: { op } }) => /unlock|release|done/.test(op) };
const TIMER: PassingRule = { kind: "timer", gives: ({ lane }) => lane < 0 };

const RULES: Readonly<Record<Exclude<OperationFamily, "channel">, PassingRule | undefined>> = {
  mutex: UNLOCK,
  rwmutex: UNLOCK,
  semaphore: UNLOCK,
  once: UNLOCK,
  waitgroup: { kind: "wake", gives: ({ access: { op, delta } }) => op !== "wgwait" && (delta ?? -1) < 0, takes: ({ access: { op } }) => op === "wgwait" },
  cond: { kind: "wake", gives: ({ access: { op } }) => op !== "condwait" },
  atomic: { kind: "memory", gives: ({ access: { op } }) => op !== "load", takes: () => true },
  network: { kind: "value", gives: ({ access: { op } }) => op !== "netread" }, // what was put in last, of what it takes
  clock: TIMER,
  timer: TIMER,
  scheduler: undefined,
  random: undefined,
  file: undefined,
  outside: undefined,
};

/** What the causal past is of: these lanes to their ends, and these steps. */
export interface Interest {
  readonly lanes: readonly number[];
  readonly steps: ReadonlySet<number>;
}

/**
 * The causal past of what was found: whatever its lanes' and its own steps needed, directly or not. A step needs the one
 * before it in its lane, and those that arrows lead from; the newest first, so each is looked at once. The clock's steps
 * are kept: they order what sleeps.
 */
export function causalPast(stepLanes: readonly (readonly number[])[], arrows: readonly PictureArrow[], { lanes: whole, steps: wanted }: Interest): ReadonlySet<number> {
  const into = new Map<number, PictureArrow[]>();
  for (const arrow of arrows) into.set(arrow.toStep, [...(into.get(arrow.toStep) ?? []), arrow]);
  /** For each lane, the last step of it that is needed. */
  const until = new Map<number, number>(whole.map((lane) => [lane, stepLanes.length]));
  const past = new Set<number>();
  for (let step = stepLanes.length - 1; step >= 0; step--) {
    const lanes = stepLanes[step]!;
    if (!wanted.has(step) && !lanes.some((lane) => lane < 0 || (until.get(lane) ?? -1) >= step)) continue;
    past.add(step);
    for (const lane of lanes) if (lane >= 0) until.set(lane, Math.max(until.get(lane) ?? -1, step));
    for (const { fromStep, fromLane } of into.get(step) ?? []) {
      until.set(fromLane, Math.max(until.get(fromLane) ?? -1, fromStep));
    }
  }
  return past;
}
