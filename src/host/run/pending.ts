import { goChoice, type Choice } from "../../model/choice.js";
import { nanos, type ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT } from "../../model/operation.js";
import type { Pending } from "../../model/program.js";
import { channelAlternatives, type ChannelView, type Party } from "../../model/rendezvous.js";
import { accessesOf, canGoOn, channelAccesses, isChannelOp, partyOfGoroutine } from "../guest/guest-operations.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import type { GuestObjects } from "../guest/guest-objects.js";
import type { HostClock } from "./causal-clock.js";
import { isNetOp, netDeadline } from "../net/net-objects.js";
import { isYielding } from "./spinning.js";

/** What deciding who can go on needs to know of a run. */
export interface SchedulerView {
  readonly goroutines: readonly GuestGoroutine[];
  readonly objects: GuestObjects;
  readonly clock: HostClock;
  /** When control began, on the guest's clock: `Pending.time` counts from there. */
  readonly began: number;
  /** The runtime's own next timer (AfterFunc, deadlines); 0: none. */
  readonly pollUntil: number;
  /** Time after which the clock no longer moves. */
  readonly horizon: number;
}

const NO_CHOICES: readonly Choice[] = [];

/**
 * Everybody stopped before an operation, in order of creation; the clock last, if a timer is set. Looks at everybody:
 * what pending-table.ts, which looks at those only whose objects were touched, is held against.
 */
export function guestPending(standing: SchedulerView): readonly Pending[] {
  const stopped = standing.goroutines.filter(isStopped);
  const parties = new Map(
    stopped.filter(({ op }) => isChannelOp(op)).map((goroutine) => [goroutine, partyOfGoroutine(goroutine, standing.objects)]),
  );
  const ways = channelAlternatives([...parties.values()], channelViews(standing));
  const waysOf = new Map([...parties.keys()].map((goroutine, index) => [goroutine, ways[index]!]));
  const pending = stopped.map((goroutine) => pendingEntry(goroutine, parties.get(goroutine), waysOf.get(goroutine), standing));
  const clock = clockOf(stopped, standing);
  return clock ? [...pending, clock] : pending;
}

export const isStopped = (goroutine: GuestGoroutine): boolean => goroutine.stopped && !goroutine.over;

/** Each channel looked at once. */
export function channelViews(standing: SchedulerView): (channel: ObjectId) => ChannelView {
  const views = new Map<ObjectId, ChannelView>();
  return (channel) => {
    let known = views.get(channel);
    if (known === undefined) views.set(channel, (known = standing.objects.channel(channel, (timer) => isDue(timer, standing))));
    return known;
  };
}

export function pendingEntry(goroutine: GuestGoroutine, party: Party | undefined, ways: readonly Choice[] | undefined, standing: SchedulerView): Pending {
  const alternatives = ways ?? (canGoOn(goroutine, standing) ? alternativesOf(goroutine) : NO_CHOICES);
  return {
    goroutine: goroutine.name,
    op: goroutine.op,
    accesses: (isNetOp(goroutine.op) ? undefined : goroutine.told?.accesses) ?? (party ? channelAccesses(party, standing.objects) : accessesOf(goroutine, standing.objects)),
    alternatives,
    ...(alternatives.length > 0 && isYielding(goroutine) ? { yielding: true } : {}),
    ...(party?.select === true ? { hasDefault: party.hasDefault } : {}),
  };
}

function alternativesOf(goroutine: GuestGoroutine): readonly Choice[] {
  if (goroutine.op !== "random") return [goChoice(goroutine.name)];
  return Array.from({ length: goroutine.aux }, (_, value) => ({ kind: "value", goroutine: goroutine.name, value }) as const);
}

function isDue(timer: number, standing: SchedulerView): boolean {
  const when = standing.objects.when(timer);
  return when !== 0 && when <= standing.clock.base;
}

/** The clock, if anybody (of those who wait for time, at least) is to be woken by a timer. */
export function clockOf(waiting: Iterable<GuestGoroutine>, standing: SchedulerView): Pending | undefined {
  const next = nextTimer(waiting, standing);
  if (next === undefined) return undefined;
  return {
    goroutine: undefined,
    op: "clock",
    accesses: [{ object: CLOCK_OBJECT, op: "clock" }],
    alternatives: next <= standing.horizon ? [{ kind: "clock" }] : NO_CHOICES,
    time: nanos(BigInt(next - standing.began)),
  };
}

/** When the timers fire that are set and at whose channels it waits. */
export function timersOf(goroutine: GuestGoroutine, objects: GuestObjects): readonly number[] {
  if (!isChannelOp(goroutine.op)) return NO_TIMES;
  return (goroutine.party ?? partyOfGoroutine(goroutine, objects)).offers.flatMap(({ channel }) => {
    const timer = objects.timerOf(channel ?? 0);
    const when = timer === 0 ? 0 : objects.when(timer);
    return when === 0 ? NO_TIMES : [when];
  });
}

const NO_TIMES: readonly number[] = [];

/** The earliest time at which a timer wakes somebody: sleepers, timer channels that are waited on, the runtime's own. */
function nextTimer(waiting: Iterable<GuestGoroutine>, { objects, clock, pollUntil }: SchedulerView): number | undefined {
  let next = pollUntil > 0 ? pollUntil : Infinity;
  for (const goroutine of waiting) {
    if (goroutine.op === "sleep" && goroutine.until > clock.base) next = Math.min(next, goroutine.until);
    const deadline = netDeadline(goroutine, objects);
    if (deadline > clock.base) next = Math.min(next, deadline);
    for (const when of timersOf(goroutine, objects)) if (when > clock.base) next = Math.min(next, when);
  }
  return next === Infinity ? undefined : Math.max(next, clock.base);
}
