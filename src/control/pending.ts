import { goChoice, type Choice } from "../model/run/choice.js";
import { nanos, type GoroutineName, type ObjectId } from "../model/ids.js";
import { CLOCK_OBJECT, type Access, type OpKind } from "../model/run/operation.js";
import type { Pending } from "../model/run/program.js";
import { channelAlternatives, type ChannelView, type Party } from "../model/run/rendezvous.js";
import { fairWays, isDraining, isYielding, mayBeStraight, type Spinner } from "./spinning.js";

/** A goroutine as deciding who can go on sees it. */
interface StoppedGoroutine extends Spinner {
  readonly name: GoroutineName;
  /** Pending.order */
  readonly index?: number;
  /** On the way to where it stands it did more than look, and nobody was asked (RunOptions.unaskedAfter). */
  readonly acted?: boolean;
  /** So many operations it did so. */
  readonly unasked?: number;
}

/** A host's objects, and what its goroutines are stopped before: all that a host has to supply. */
export interface ObjectView<G extends StoppedGoroutine> {
  op(goroutine: G): OpKind;
  /** Before a channel operation: as rendezvous sees it. */
  party(goroutine: G): Party | undefined;
  channel(channel: ObjectId): ChannelView;
  /** What the operation would touch, whichever way it goes on. */
  accesses(goroutine: G): readonly Access[];
  /** Whether an operation that is not on channels would go on without waiting. */
  canGoOn(goroutine: G): boolean;
  /** Of a draw: how many values there are. */
  values(goroutine: G): number | undefined;
  /** Of an operation that can go on: what may go wrong in it, by number (model/run/fault.ts). Missing: nothing ever does. */
  faults?(goroutine: G): readonly number[];
  /** When timers are due that would wake it: its sleep's end, those of the channels that it waits at. */
  wakes(goroutine: G): readonly number[];
}

/** The host's clock, on its own scale. */
export interface ClockView {
  readonly now: number;
  /** When the run began: `Pending.time` counts from there. */
  readonly began: number;
  /** The clock moves no further than this. */
  readonly horizon: number;
  /** The next timer that no goroutine waits at (AfterFunc, deadlines). */
  readonly next: number | undefined;
  /** Its next move goes as far as this, past timers that are due before: they have shown that they go round (livelock.ts). */
  readonly skipTo?: number | undefined;
  /** What is touched beside the clock by its move, where that is known before. */
  touches?(time: number): readonly Access[];
}

const NONE: readonly Choice[] = [];
const NO_FAULTS: readonly number[] = [];
const CLOCK: readonly Choice[] = [{ kind: "clock" }];
const CLOCK_MOVES: Access = { object: CLOCK_OBJECT, op: "clock" };
/** A step that reads the time. */
export const CLOCK_READ: Access = { object: CLOCK_OBJECT, op: "load" };

/** All who are stopped, in the order given (of creation); the clock last, if a timer is set. */
export function pendingOf<G extends StoppedGoroutine>(stopped: readonly G[], view: ObjectView<G>, clock: ClockView): readonly Pending[] {
  const parties: Party[] = [];
  for (const goroutine of stopped) {
    const party = view.party(goroutine);
    if (party !== undefined) parties.push(party);
  }
  const ways = channelAlternatives(parties, (channel) => view.channel(channel));
  const pending: Pending[] = [];
  let next = 0;
  for (const goroutine of stopped) {
    const party = parties[next]?.goroutine === goroutine.name ? parties[next] : undefined;
    pending.push(pendingEntry(goroutine, party, party === undefined ? undefined : ways[next++], view));
  }
  const last = clockEntry(stopped, view, clock);
  if (last !== undefined) pending.push(last);
  return pending;
}

/** `ways`: the alternatives of a channel operation. */
export function pendingEntry<G extends StoppedGoroutine>(
  goroutine: G,
  party: Party | undefined,
  ways: readonly Choice[] | undefined,
  view: ObjectView<G>,
): Pending {
  const drains = party !== undefined && isDraining(goroutine);
  const alternatives = ways === undefined ? (view.canGoOn(goroutine) ? ownChoices(goroutine, view) : NONE) : drains ? fairWays(goroutine, ways) : ways;
  // Filled, not spread: this is made for each goroutine in each step.
  const entry: { -readonly [K in keyof Pending]: Pending[K] } = {
    goroutine: goroutine.name,
    op: view.op(goroutine),
    accesses: view.accesses(goroutine),
    alternatives,
  };
  if (goroutine.index !== undefined) entry.order = goroutine.index;
  if (alternatives.length > 0 && (drains || isYielding(goroutine))) {
    entry.yielding = true;
    if (!drains && mayBeStraight(goroutine)) entry.mayBeStraight = true;
  }
  if (goroutine.acted === true) entry.acted = true;
  if (goroutine.unasked !== undefined && goroutine.unasked > 0) entry.unasked = goroutine.unasked;
  if (party?.select === true) entry.hasDefault = party.hasDefault;
  return entry;
}

function ownChoices<G extends StoppedGoroutine>(goroutine: G, view: ObjectView<G>): readonly Choice[] {
  const values = view.values(goroutine);
  if (values === undefined) {
    const faults = view.faults?.(goroutine) ?? NO_FAULTS;
    return faults.length === 0 ? [goChoice(goroutine.name)] : [goChoice(goroutine.name), ...faults.map((value) => ({ kind: "value", goroutine: goroutine.name, value }) as const)];
  }
  return Array.from({ length: values }, (_, value) => ({ kind: "value", goroutine: goroutine.name, value }) as const);
}

/** The clock's entry, if a timer is to wake one of `waiting`, or is the host's own. */
export function clockEntry<G extends StoppedGoroutine>(waiting: Iterable<G>, view: Pick<ObjectView<G>, "wakes">, clock: ClockView): Pending | undefined {
  const next = clockMovesTo(waiting, view, clock);
  return next === undefined ? undefined : clockEntryFor(next, clock);
}

/** Where the clock's next move goes, on its own scale; undefined: no timer is set. */
export function clockMovesTo<G extends StoppedGoroutine>(waiting: Iterable<G>, view: Pick<ObjectView<G>, "wakes">, clock: ClockView): number | undefined {
  let next = clock.next ?? Infinity;
  for (const goroutine of waiting) for (const when of view.wakes(goroutine)) if (when > clock.now && when < next) next = when;
  return next === Infinity ? undefined : Math.max(next, clock.now, clock.skipTo ?? 0);
}

export function clockEntryFor(next: number, clock: ClockView): Pending {
  return {
    goroutine: undefined,
    op: "clock",
    accesses: [CLOCK_MOVES, ...(clock.touches?.(next) ?? [])],
    alternatives: next <= clock.horizon ? CLOCK : NONE,
    time: nanos(BigInt(Math.round(next - clock.began))),
  };
}

/** A timer is set that the clock could go to next: the clock's entry stands last. */
export function clockCanMove(pending: readonly Pending[]): boolean {
  const last = pending.at(-1);
  return last !== undefined && last.goroutine === undefined && last.alternatives.length > 0;
}

/** Only the clock can go on: each goroutine that is stopped has certainly reached its operation (RunOptions.arrival). */
export const isQuiet = (pending: readonly Pending[]): boolean => pending.every((one) => one.op === "clock" || one.alternatives.length === 0);
