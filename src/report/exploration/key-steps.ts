import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { DEFAULT_CASE } from "../../model/run/choice.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Act, Trace } from "../../model/run/trace.js";
import { isStandard } from "../../model/source/blame.js";

/** What a reader needs of a run to see how it came to its end: indexes of steps, and goroutines whose starts and ends count. */
export interface KeySteps {
  readonly steps: ReadonlySet<number>;
  readonly goroutines: ReadonlySet<GoroutineName>;
}

/** What a run is told about. */
interface StepsAbout {
  /** Those that the finding is about, as they are left. */
  readonly subjects: readonly Goroutine[];
  /** One by its name, where it is not left: in the other schedule of a contrast it ends. */
  readonly names: readonly GoroutineName[];
  /** What else counts, beside what the subjects wait at. */
  readonly objects: readonly ObjectId[];
  /** Is it shown at all? */
  readonly isTold: (act: Act) => boolean;
}

/** So many acts of one goroutine on one object are told from the first on, and as many up to the last. */
const AROUND = 2;
/** Where nothing is left (a panic, a failed assertion): the last acts that are told of the goroutine in which it happened. */
const LAST = 5;
/** So many subjects are told one by one: where fifty thousand are left, the first show how, on half a screen. */
const SUBJECTS = 8;

/**
 * The causal past of what a finding is about, as far as a reader needs it; of its first SUBJECTS goroutines.
 *
 * C1. What the subjects did last, and where they were started, and those that started them.
 * C2. What anybody did to the objects that they wait at: the first acts and the last ones of each goroutine.
 * C3. Of everybody in C1 and C2 the last act, which shows the way by which it left.
 * C4. The last act of who started a subject in the function that did, which shows where that went instead.
 * C5. A move of the clock behind which one of these acts came next, for its goroutine had waited until then.
 * Not told: that the standard library asked whether a channel was ready, and it was not (net.Pipe does so before it reads and writes).
 */
export function keySteps(trace: Trace, { subjects: all, names, objects: more, isTold }: StepsAbout): KeySteps {
  const subjects = all.slice(0, SUBJECTS);
  const objects = new Set([...waitedAt(subjects), ...more]);
  const goroutines = new Set<GoroutineName>([...names, ...subjects.flatMap(({ name }) => name ?? [])]);
  const acts = new Map<GoroutineName, number[]>();
  const touching = new Map<string, number[]>();
  trace.steps.forEach((step, index) => {
    for (const act of step.acts) {
      if (isInnerLook(act)) continue;
      list(acts, act.goroutine).push(index);
      for (const object of objectsOf(act)) if (objects.has(object)) list(touching, `${act.goroutine} ${object}`).push(index);
    }
  });
  const steps = new Set<number>();
  for (const [key, indexes] of touching) {
    for (const index of [...indexes.slice(0, AROUND), ...indexes.slice(-AROUND)]) steps.add(index);
    goroutines.add(key.split(" ")[0] as GoroutineName);
  }
  const last = subjects.length === 0 && names.length === 0 ? LAST : 1;
  if (last === LAST) for (const { goroutine } of trace.steps.findLast((step) => step.acts.length > 0)?.acts ?? []) goroutines.add(goroutine);
  const lives = new Map(trace.lives.map((life) => [life.name, life]));
  for (const name of [...goroutines]) {
    const parent = lives.get(name)?.createdBy?.name;
    if (parent !== undefined) goroutines.add(parent);
  }
  const isShown = (index: number): boolean => last === 1 || trace.steps[index]!.acts.some(isTold);
  for (const name of goroutines) for (const index of (acts.get(name) ?? []).filter(isShown).slice(-last)) steps.add(index);
  for (const subject of subjects) for (const index of lastInStarter(trace, subject)) steps.add(index);
  for (const index of [...steps]) for (const clock of clockBefore(trace, index, acts)) steps.add(clock);
  return { steps, goroutines };
}

export const waitedAt = (goroutines: readonly Goroutine[]): readonly ObjectId[] => goroutines.flatMap(({ blockedOn }) => (blockedOn?.objects ?? []).map(({ object }) => object));

/** C4: until the function starts another one at that line. */
function lastInStarter({ steps, lives }: Trace, { name, createdBy }: Goroutine): readonly number[] {
  const startedAt = lives.find((life) => life.name === name)?.startedAt;
  if (createdBy === undefined || startedAt === undefined) return [];
  let next = steps.length;
  for (const life of lives) {
    if (life.startedAt > startedAt && life.createdBy?.line === createdBy.line && life.createdBy.name === createdBy.name) next = Math.min(next, life.startedAt);
  }
  let last: number | undefined;
  for (let index = startedAt + 1; index < next; index++) {
    const act = steps[index]!.acts.find(({ goroutine }) => goroutine === createdBy.name);
    const frame = act?.stack.find((one) => one.function === createdBy.function);
    if (frame !== undefined && frame.line <= createdBy.line) break;
    if (frame !== undefined) last = index;
  }
  return last === undefined ? [] : [last];
}

const isInnerLook = ({ op, detail, stack }: Act): boolean => op === "select" && detail === DEFAULT_CASE && stack[0] !== undefined && isStandard(stack[0]);

/** C5 */
function clockBefore(trace: Trace, index: number, acts: ReadonlyMap<GoroutineName, readonly number[]>): readonly number[] {
  const act = trace.steps[index]!.acts[0];
  if (act === undefined || !(act.op === "sleep" || act.op === "select" || act.op === "recv")) return [];
  const before = acts.get(act.goroutine)!.findLast((one) => one < index) ?? -1;
  for (let at = index - 1; at > before; at--) if (trace.steps[at]!.choice.kind === "clock") return [at];
  return [];
}

/** A select lists all its channels, but does something to the one of the case that it took only. */
function objectsOf(act: Act): readonly ObjectId[] {
  const all = act.accesses.map(({ object }) => object);
  if (act.op !== "select" || act.detail === undefined || all.length === 1) return all;
  return act.detail < 0 ? all : all.slice(act.detail, act.detail + 1);
}

function list<K>(map: Map<K, number[]>, key: K): number[] {
  const known = map.get(key) ?? [];
  map.set(key, known);
  return known;
}
