import type { Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Schedule } from "../../model/run/schedule.js";
import { CLOCK_THREAD, type StepEvent, type ThreadId } from "./happens-before.js";

/**
 * One order of a run's steps that is the same for all runs that are alike (a normal form of the Mazurkiewicz trace):
 * the goroutine that went last goes on while nothing that it depends on is missing; then the first by name; the clock when nobody
 * else can. Easy to read, and with the fewest early clock moves.
 *
 * Of a run that ended abruptly only what its last step depends on: what others did besides differs among runs that end
 * in the same way.
 */
export function normalForm(events: readonly StepEvent[], nameOf: (p: ThreadId) => GoroutineName | undefined, abrupt: boolean): Schedule {
  const queues = queuesOf(abrupt ? pastOfLast(events) : events, nameOf);
  const done: number[] = [];
  const schedule: Choice[] = [];
  let last: StepEvent[] | undefined;
  for (;;) {
    const ready = (queue: StepEvent[]): boolean => queue.length > 0 && canCome(queue.at(-1)!, done);
    const queue: StepEvent[] | undefined = last && ready(last) ? last : queues.find(ready);
    if (!queue) break;
    const event = queue.pop()!;
    schedule.push(event.choice);
    for (const p of event.procs) done[p] = event.index;
    last = event.procs[0] === CLOCK_THREAD ? undefined : queue;
  }
  return schedule;
}

/** How many steps the normal form has. */
export const canonicalLength = (events: readonly StepEvent[], abrupt: boolean): number => (abrupt ? pastOfLast(events).length : events.length);

/** Each goroutine's own steps, the next one at the end; by name, the clock's last. */
function queuesOf(events: readonly StepEvent[], nameOf: (p: ThreadId) => GoroutineName | undefined): StepEvent[][] {
  const byActor = new Map<ThreadId, StepEvent[]>();
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!;
    const queue = byActor.get(event.procs[0]!);
    if (queue) queue.push(event);
    else byActor.set(event.procs[0]!, [event]);
  }
  const key = (p: ThreadId): string => nameOf(p) ?? "~"; // behind all names, which begin with digits
  return [...byActor].sort(([a], [b]) => (key(a) < key(b) ? -1 : 1)).map(([, queue]) => queue);
}

/** Has everything that happened before it come? Steps of one goroutine are ordered, so its latest is enough. */
function canCome(event: StepEvent, done: readonly number[]): boolean {
  for (let p = 0; p < event.clock.length; p++) {
    const mine = event.procs.indexOf(p);
    const needed = mine < 0 ? event.clock[p]! - 1 : event.before[mine]!;
    if (needed > (done[p] ?? -1)) return false;
  }
  return true;
}

function pastOfLast(events: readonly StepEvent[]): readonly StepEvent[] {
  const last = events.at(-1);
  return last ? events.filter((event) => event.index < (last.clock[event.procs[0]!] ?? 0)) : events;
}
