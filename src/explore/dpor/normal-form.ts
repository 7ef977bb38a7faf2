import type { Choice } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Schedule } from "../../model/schedule.js";
import { CLOCK_PROC, type Event, type Proc } from "./happens-before.js";

/**
 * One order of a run's steps that is the same for all runs that are alike (a normal form of the Mazurkiewicz trace):
 * whoever went last goes on while nothing that it depends on is missing; then the first by name; the clock when nobody
 * else can. Easy to read, and with the fewest early clock moves.
 *
 * Of a run that ended abruptly only what its last step depends on: what others did besides differs among runs that end
 * in the same way.
 */
export function normalForm(events: readonly Event[], nameOf: (p: Proc) => GoroutineName | undefined, abrupt: boolean): Schedule {
  const queues = queuesOf(abrupt ? pastOfLast(events) : events, nameOf);
  const done: number[] = [];
  const schedule: Choice[] = [];
  let last: Event[] | undefined;
  for (;;) {
    const ready = (queue: Event[]): boolean => queue.length > 0 && canCome(queue.at(-1)!, done);
    const queue: Event[] | undefined = last && ready(last) ? last : queues.find(ready);
    if (!queue) break;
    const event = queue.pop()!;
    schedule.push(event.choice);
    for (const p of event.procs) done[p] = event.index;
    last = event.procs[0] === CLOCK_PROC ? undefined : queue;
  }
  return schedule;
}

/** How many steps the normal form has. */
export const weightOf = (events: readonly Event[], abrupt: boolean): number => (abrupt ? pastOfLast(events).length : events.length);

/** Each goroutine's own steps, the next one at the end; by name, the clock's last. */
function queuesOf(events: readonly Event[], nameOf: (p: Proc) => GoroutineName | undefined): Event[][] {
  const byActor = new Map<Proc, Event[]>();
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i]!;
    const queue = byActor.get(event.procs[0]!);
    if (queue) queue.push(event);
    else byActor.set(event.procs[0]!, [event]);
  }
  const key = (p: Proc): string => nameOf(p) ?? "~"; // behind all names, which begin with digits
  return [...byActor].sort(([a], [b]) => (key(a) < key(b) ? -1 : 1)).map(([, queue]) => queue);
}

/** Has everything that happened before it come? Steps of one goroutine are ordered, so its latest tells. */
function canCome(event: Event, done: readonly number[]): boolean {
  for (let p = 0; p < event.clock.length; p++) {
    const mine = event.procs.indexOf(p);
    const needed = mine < 0 ? event.clock[p]! - 1 : event.before[mine]!;
    if (needed > (done[p] ?? -1)) return false;
  }
  return true;
}

function pastOfLast(events: readonly Event[]): readonly Event[] {
  const last = events.at(-1);
  return last ? events.filter((event) => event.index < (last.clock[event.procs[0]!] ?? 0)) : events;
}
