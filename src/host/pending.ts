import { DEFAULT_CASE, goChoice, type Choice } from "../model/choice.js";
import { nanos, objectId, type ObjectId } from "../model/ids.js";
import { CLOCK_OBJECT, type Access, type OpKind } from "../model/operation.js";
import type { Pending } from "../model/program.js";
import { channelAlternatives, type ChannelView, type Offer, type Party } from "../model/rendezvous.js";
import type { GuestGoroutine } from "./goroutine.js";
import type { GuestObjects } from "./guest-objects.js";
import type { HostClock } from "./host-clock.js";

/** What deciding who can go on needs to know of a run. */
export interface Standing {
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

const NOTHING: readonly Choice[] = [];
const CLOCK_READ: Access = { object: CLOCK_OBJECT, op: "load" };
/** So many looks in a row, with nobody else moving, and a goroutine is taken to be spinning. */
const SPINS = 8;

/** Everybody stopped before an operation, in order of creation; the clock last, if a timer is set. */
export function pendingOf(standing: Standing): readonly Pending[] {
  const stopped = standing.goroutines.filter((goroutine) => goroutine.stopped && !goroutine.over);
  const parties = stopped.filter((goroutine) => isChannelOp(goroutine.op));
  const partyOf = new Map(parties.map((goroutine) => [goroutine, partyOfGoroutine(goroutine, standing.objects)]));
  const views = new Map<ObjectId, ChannelView>();
  const view = (channel: ObjectId): ChannelView => {
    let known = views.get(channel);
    if (known === undefined) views.set(channel, (known = standing.objects.channel(channel, (timer) => isDue(timer, standing))));
    return known;
  };
  const ways = channelAlternatives([...partyOf.values()], view);
  const waysOf = new Map(parties.map((goroutine, index) => [goroutine, ways[index]!]));
  const pending: Pending[] = stopped.map((goroutine) => tell(goroutine, partyOf.get(goroutine), waysOf.get(goroutine), standing));
  const next = nextTimer(stopped, partyOf, standing);
  if (next !== undefined) {
    pending.push({
      goroutine: undefined,
      op: "clock",
      accesses: [{ object: CLOCK_OBJECT, op: "clock" }],
      alternatives: next <= standing.horizon ? [{ kind: "clock" }] : NOTHING,
      time: nanos(BigInt(next - standing.began)),
    });
  }
  return pending;
}

/** Most goroutines stand as they stood a step ago: what was told of them then is told again. */
function tell(goroutine: GuestGoroutine, party: Party | undefined, ways: readonly Choice[] | undefined, standing: Standing): Pending {
  const canGo = ways !== undefined ? ways.length > 0 : goroutine.op === "random" || canGoOn(goroutine, standing);
  const yielding = canGo && isYielding(goroutine);
  const told = goroutine.told;
  if (told !== undefined && (party === undefined || !canGo) && told.alternatives.length > 0 === canGo && (told.yielding ?? false) === yielding) return told;
  goroutine.told = {
    goroutine: goroutine.name,
    op: goroutine.op,
    accesses: told?.accesses ?? (party ? channelAccesses(party, standing.objects) : accessesOf(goroutine)),
    alternatives: ways ?? (canGo ? alternativesOf(goroutine) : NOTHING),
    ...(yielding ? { yielding: true } : {}),
    ...(party?.select === true ? { hasDefault: party.hasDefault } : {}),
  };
  return goroutine.told;
}

export const isChannelOp = (op: OpKind): boolean => op === "send" || op === "recv" || op === "select";

export const isSpinning = (goroutine: GuestGoroutine): boolean => goroutine.spins >= SPINS;

const isYielding = (goroutine: GuestGoroutine): boolean => goroutine.yielded || isSpinning(goroutine);

/** A goroutine before a channel operation, as `model/rendezvous` sees it. A select's aux: nsends | nrecvs << 15 | block << 30. */
export function partyOfGoroutine(goroutine: GuestGoroutine, objects: GuestObjects): Party {
  const { name, op, object, aux, arrived } = goroutine;
  if (op !== "select") {
    const direction = op === "send" ? "send" : "recv";
    const channel = object === 0 ? undefined : objectId(object);
    return { goroutine: name, offers: [{ channel, direction }], select: aux === 0, hasDefault: aux === 0, arrived };
  }
  const sends = aux & 0x7fff;
  const cases = sends + ((aux >>> 15) & 0x7fff);
  const offers: Offer[] = [];
  for (let index = 0; index < cases; index++) {
    const channel = objects.caseChannel(object, index);
    offers.push({ channel: channel === 0 ? undefined : objectId(channel), direction: index < sends ? "send" : "recv" });
  }
  return { goroutine: name, offers, select: true, hasDefault: aux >>> 30 === 0, arrived };
}

function channelAccesses({ offers }: Pick<Party, "offers">, objects: GuestObjects, exactly = false): readonly Access[] {
  const accesses: Access[] = [];
  for (const { channel, direction } of offers) {
    if (channel === undefined) continue;
    const timer = objects.timerOf(channel);
    if (timer !== 0) accesses.push({ object: channel, op: direction }, { object: objectId(timer), op: "load" }, CLOCK_READ);
    else if (!exactly) accesses.push({ object: channel, op: direction });
    else {
      const { length: before, capacity } = objects.channel(channel, () => false);
      accesses.push({ object: channel, op: direction, before, capacity });
    }
  }
  return accesses;
}

/**
 * What a goroutine touches by going on with case `index` (undefined: no select), and what the object held before: to be
 * asked before the step. Of a select only the case that it takes; all of them for a default (see model's Footprint).
 */
export function touchedBy(goroutine: GuestGoroutine, index: number | undefined, objects: GuestObjects): readonly Access[] {
  const { op, object, aux } = goroutine;
  if (op === "wgadd") return [{ object: objectId(object), op, before: objects.counter(object), delta: aux }];
  if (!isChannelOp(op)) return accessesOf(goroutine);
  const { offers } = partyOfGoroutine(goroutine, objects);
  const taken = channelAccesses({ offers: index === undefined || index === DEFAULT_CASE ? offers : [offers[index]!] }, objects, true);
  // Whichever case it takes, it no longer waits for the timers of the others, and the clock may have another next move.
  return waitsForTimer(goroutine, objects) ? [...taken, CLOCK_READ] : taken;
}

export const waitsForTimer = (goroutine: GuestGoroutine, objects: GuestObjects): boolean =>
  partyOfGoroutine(goroutine, objects).offers.some(({ channel }) => channel !== undefined && objects.timerOf(channel) !== 0);

/** The accesses of an operation that is not on channels. */
export function accessesOf({ op, object }: GuestGoroutine): readonly Access[] {
  switch (op) {
    case "sleep":
      return [CLOCK_READ];
    case "timerstop":
    case "timerreset":
      return [{ object: objectId(object), op }, CLOCK_READ];
    case "yield":
    case "random":
    case "start":
    case "io":
      return [];
    default:
      return object === 0 ? [] : [{ object: objectId(object), op }];
  }
}

function alternativesOf(goroutine: GuestGoroutine): readonly Choice[] {
  if (goroutine.op !== "random") return [goChoice(goroutine.name)];
  return Array.from({ length: goroutine.aux }, (_, value) => ({ kind: "value", goroutine: goroutine.name, value }) as const);
}

/** Whether an operation would go on without waiting, read from the object itself. */
export function canGoOn({ op, object, until }: GuestGoroutine, { objects, clock }: Standing): boolean {
  switch (op) {
    case "lock":
    case "wlock": // RWMutex.w is its first field: another writer holds it
      return !objects.locked(object);
    case "rlock":
      return objects.readerCount(object) >= 0;
    case "wacquire":
      return objects.writerSemaphore(object) > 0;
    case "wgwait":
      return objects.counter(object) === 0;
    case "once":
      return objects.onceReady(object);
    case "semacquire":
      return objects.word(object) !== 0;
    case "sleep":
      return until <= clock.base;
    case "io":
      return false;
    default:
      return true;
  }
}

function isDue(timer: number, standing: Standing): boolean {
  const when = standing.objects.when(timer);
  return when !== 0 && when <= standing.clock.base;
}

/** The earliest time at which a timer wakes somebody: sleepers, timer channels that are waited on, the runtime's own. */
function nextTimer(
  stopped: readonly GuestGoroutine[],
  parties: ReadonlyMap<GuestGoroutine, Party>,
  { objects, clock, pollUntil }: Standing,
): number | undefined {
  let next = pollUntil > 0 ? pollUntil : Infinity;
  for (const goroutine of stopped) {
    if (goroutine.op === "sleep" && goroutine.until > clock.base) next = Math.min(next, goroutine.until);
    for (const { channel } of parties.get(goroutine)?.offers ?? []) {
      const timer = objects.timerOf(channel ?? 0);
      const when = timer === 0 ? 0 : objects.when(timer);
      if (when > clock.base) next = Math.min(next, when);
    }
  }
  return next === Infinity ? undefined : Math.max(next, clock.base);
}

/** A goroutine that looks at an object and finds no reason to go on does it again: counted for `yielding`. */
export const isLook = (op: OpKind): boolean => op === "load" || op === "trylock" || op === "tryrlock" || op === "trywlock";

