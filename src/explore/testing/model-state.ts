import type { GoroutinePhase } from "../../control/goroutine.js";
import type { Spinner } from "../../control/spinning.js";
import type { GoroutineName, ObjectId } from "../../model/ids.js";
import type { Op } from "./model-operations.js";

/** The whole state of a model program's run: plain data, so that a copy is a fork. */
export interface ModelState {
  readonly goroutines: ModelGoroutine[];
  readonly channels: Map<ObjectId, ModelChannel>;
  /** Mutexes, RWMutexes, WaitGroups, atomics: whichever numbers they need. */
  readonly cells: Map<ObjectId, ModelCell>;
  /** Goroutines that wait for a condition, in order of arrival. */
  readonly waiters: Map<ObjectId, GoroutineName[]>;
  readonly timers: Map<ObjectId, number>;
  now: number;
  panic: string | undefined;
}

export interface ModelGoroutine extends Spinner {
  readonly name: GoroutineName;
  readonly code: readonly Op[];
  pc: number;
  children: number;
  /** What it saw, in order. */
  readonly log: number[];
  /** Asleep until then. */
  until: number | undefined;
  /** Waits for a condition to be signalled. */
  waiting: boolean;
  phase: GoroutinePhase;
}

interface ModelChannel {
  readonly capacity: number;
  readonly values: number[];
  closed: boolean;
}

interface ModelCell {
  /** Mutex: 1 held. RWMutex: readers. WaitGroup: counter. Atomic: value. */
  value: number;
  /** RWMutex: a writer has announced itself (1) or holds it (2). */
  writer: number;
}

export function copyState(world: ModelState): ModelState {
  return {
    goroutines: world.goroutines.map((g) => ({ ...g, log: g.log.slice() })),
    channels: new Map([...world.channels].map(([id, c]) => [id, { ...c, values: c.values.slice() }])),
    cells: new Map([...world.cells].map(([id, c]) => [id, { ...c }])),
    waiters: new Map([...world.waiters].map(([id, w]) => [id, w.slice()])),
    timers: new Map(world.timers),
    now: world.now,
    panic: world.panic,
  };
}

export function cellOf(world: ModelState, object: ObjectId): ModelCell {
  let cell = world.cells.get(object);
  if (!cell) world.cells.set(object, (cell = { value: 0, writer: 0 }));
  return cell;
}

export function channelOf(world: ModelState, object: ObjectId): ModelChannel {
  const channel = world.channels.get(object);
  if (!channel) throw new Error(`model program: object ${object} is used as a channel but not listed in 'channels'`);
  return channel;
}

/** When the next sleeper or timer is due. */
export function nextTime(world: ModelState): number | undefined {
  let next: number | undefined;
  for (const g of world.goroutines) if (g.until !== undefined && (next === undefined || g.until < next)) next = g.until;
  for (const time of world.timers.values()) if (next === undefined || time < next) next = time;
  return next;
}

export const goroutineOf = (world: ModelState, name: GoroutineName): ModelGoroutine => world.goroutines.find((g) => g.name === name)!;

/** One that has done nothing yet. */
export const newGoroutine = (name: GoroutineName, code: readonly Op[]): ModelGoroutine => ({
  name, code, pc: 0, children: 0, log: [], until: undefined, waiting: false, phase: "created", spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false,
});
