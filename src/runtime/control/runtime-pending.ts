import { isYielding } from "../../control/spinning.js";
import { goChoice, type Choice } from "../../model/choice.js";
import { nanos, type ObjectId } from "../../model/ids.js";
import { CLOCK_OBJECT, type Access } from "../../model/operation.js";
import type { Pending } from "../../model/program.js";
import { channelAlternatives, type ChannelView, type Party } from "../../model/rendezvous.js";
import type { Hchan } from "../core/hchan.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import type { VirtualClock } from "./virtual-clock.js";

const NO_CHOICES: readonly Choice[] = [];
const CLOCK: readonly Choice[] = [{ kind: "clock" }];
const CLOCK_ACCESS: readonly Access[] = [{ object: CLOCK_OBJECT, op: "clock" }];
const CLOCK_READ: Access = { object: CLOCK_OBJECT, op: "load" };

/** Everybody that is stopped, in order of creation; the clock last, if somebody waits for it. */
export function runtimePending(members: readonly ControlledGoroutine[], clock: VirtualClock, horizon: number): readonly Pending[] {
  const stopped = members.filter((member) => member.stop !== undefined);
  const parties: Party[] = [];
  const cores = new Map<ObjectId, Hchan>();
  for (const member of stopped) {
    const channels = member.stop!.channels;
    if (channels === undefined) continue;
    const { offers, select, hasDefault } = channels;
    parties.push({ goroutine: member.name, offers, select, hasDefault, arrived: member.arrived });
    for (let i = 0; i < offers.length; i++) {
      const { channel } = offers[i]!;
      if (channel !== undefined && !cores.has(channel)) cores.set(channel, channels.core(i));
    }
  }
  const ways = channelAlternatives(parties, (channel) => viewOf(cores.get(channel)!, clock.now()));
  let nextParty = 0;
  const pending = stopped.map((member): Pending => {
    const stop = member.stop!;
    const alternatives = stop.channels !== undefined ? ways[nextParty++]! : alternativesOf(member);
    const accesses = withTimers(stop.accesses, cores);
    const yielding = alternatives.length > 0 && isYielding(member);
    const { name: goroutine } = member;
    const select = stop.channels?.select === true ? { hasDefault: stop.channels.hasDefault } : undefined;
    return { goroutine, op: stop.op, accesses, alternatives, ...(yielding ? { yielding } : {}), ...select };
  });
  const next = nextTimer(stopped, cores, clock);
  if (next !== undefined) {
    const alternatives = next <= horizon ? CLOCK : NO_CHOICES;
    pending.push({ goroutine: undefined, op: "clock", accesses: CLOCK_ACCESS, alternatives, time: nanos(BigInt(Math.round(next))) });
  }
  return pending;
}

function viewOf(core: Hchan, now: number): ChannelView {
  const { closed, length } = core;
  // A timer's channel is unbuffered to those who look, and never has a sender to meet: its capacity of 1 keeps meets away.
  return { closed, length, capacity: core.capacity, parkedReceivers: false, parkedSenders: false, due: core.due(now) };
}

function alternativesOf(member: ControlledGoroutine): readonly Choice[] {
  const stop = member.stop!;
  if (stop.values !== undefined) {
    return Array.from({ length: stop.values }, (_, value) => ({ kind: "value", goroutine: member.name, value }) as const);
  }
  return stop.ready() ? [goChoice(member.name)] : NO_CHOICES;
}

/** Who looks at a timer's channel looks at the timer and the clock. */
function withTimers(accesses: readonly Access[], cores: ReadonlyMap<ObjectId, Hchan>): readonly Access[] {
  let all: Access[] | undefined;
  for (const access of accesses) {
    const timer = cores.get(access.object)?.timer;
    if (timer === undefined) continue;
    all ??= [...accesses];
    all.push({ object: timer.object, op: "load" }, CLOCK_READ);
  }
  return all ?? accesses;
}

/** The earliest time at which something happens: a sleep ends, a timer's channel that is waited on, AfterFunc. */
function nextTimer(stopped: readonly ControlledGoroutine[], cores: ReadonlyMap<ObjectId, Hchan>, clock: VirtualClock): number | undefined {
  const now = clock.now();
  let next = clock.next() ?? Infinity;
  for (const { stop } of stopped) if (stop!.until !== undefined && stop!.until > now) next = Math.min(next, stop!.until);
  for (const core of cores.values()) {
    const when = core.timer?.next();
    if (when !== undefined && when > now) next = Math.min(next, when);
  }
  return next === Infinity ? undefined : Math.max(next, now);
}
