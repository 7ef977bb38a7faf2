import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { canBlock, isOf, type BlockingOp, type OpOf } from "../../model/run/operation.js";
import type { Act } from "../../model/run/trace.js";
import type { RunIndex, ObjectUse } from "./run-index.js";
import { waitingFor } from "./wait-operation.js";

/**
 * A lock that was taken, a writer's turn that was announced (`sync.RWMutex.Lock`), or a Once whose function was entered,
 * and not given back by the end.
 */
export interface LockHold {
  readonly goroutine: GoroutineName;
  readonly step: number;
  readonly act: Act;
  readonly mode: "exclusive" | "shared" | "announced" | "inside" | "places";
  /** Of a semaphore's places: how many. */
  readonly places?: number;
}

/**
 * Who holds a lock at the end. Go lets any goroutine unlock a Mutex, so an unlock ends the hold whoever does it; a
 * reader's unlock ends its own hold first, else the oldest (RWMutex does not know its readers).
 */
export function holders(index: RunIndex, lock: ObjectId): readonly LockHold[] {
  const uses = index.uses(lock);
  const first = uses.find(({ op }) => op === "once"); // later ones wait, or find it done
  if (first) return uses.some(({ op }) => op === "oncedone") ? [] : [hold(first, "inside")];
  return uses.reduce<readonly LockHold[]>((held, use) => isOf(use.op, "mutex", "rwmutex", "semaphore") ? CHANGE[use.op](held, use) : held, []);
}

/** How each operation on a lock changes who holds it. */
const CHANGE: Readonly<Record<OpOf<"mutex" | "rwmutex" | "semaphore">, (held: readonly LockHold[], use: ObjectUse) => readonly LockHold[]>> = {
  lock: (held, use) => [...held, hold(use, "exclusive")],
  rlock: (held, use) => [...held, hold(use, "shared")],
  wlock: (held, use) => [...held, hold(use, "announced")],
  wacquire: (held, use) => [
    ...held.filter(({ mode, goroutine }) => mode !== "announced" || goroutine !== use.act.goroutine),
    hold(use, "exclusive"),
  ],
  // A try gets the lock where nothing stands against it: Go's trace does not say whether it did (internal/sync/mutex.go, TryLock; sync/rwmutex.go).
  trylock: (held, use) => tried(held, use, "exclusive", ["exclusive"]),
  trywlock: (held, use) => tried(held, use, "exclusive", ["exclusive", "shared", "announced"]),
  tryrlock: (held, use) => tried(held, use, "shared", ["exclusive", "announced"]),
  unlock: (held) => held.filter(({ mode }) => mode !== "exclusive"),
  wunlock: (held) => held.filter(({ mode }) => mode !== "exclusive"),
  runlock: (held, { act }) => {
    const mine = held.findIndex(({ mode, goroutine }) => mode === "shared" && goroutine === act.goroutine);
    const any = mine >= 0 ? mine : held.findIndex(({ mode }) => mode === "shared");
    return held.filter((_, at) => at !== any);
  },
  // Their detail says how many places they got: none where they wait, or wait no more.
  semacquire: (held, use) => withPlaces(held, use),
  semwait: (held, use) => withPlaces(held, use),
  trysemacquire: (held, use) => withPlaces(held, use),
  semleave: (held) => held,
  semrelease: (held, { act }) => {
    let left = act.detail ?? 0;
    const order = [...held].sort((a, b) => Number(b.goroutine === act.goroutine) - Number(a.goroutine === act.goroutine));
    const after = new Map(order.map((one) => {
      const given = Math.min(left, one.places ?? 0);
      left -= given;
      return [one, (one.places ?? 0) - given];
    }));
    return held.flatMap((one) => (after.get(one)! > 0 ? [{ ...one, places: after.get(one)! }] : []));
  },
};

const tried = (held: readonly LockHold[], use: ObjectUse, mode: LockHold["mode"], against: readonly LockHold["mode"][]): readonly LockHold[] =>
  use.act.detail === 0 || held.some((one) => against.includes(one.mode)) ? held : [...held, hold(use, mode)];

const withPlaces = (held: readonly LockHold[], use: ObjectUse): readonly LockHold[] => ((use.act.detail ?? 0) > 0 ? [...held, { ...hold(use, "places"), places: use.act.detail! }] : held);

const hold = ({ step, act }: ObjectUse, mode: LockHold["mode"]): LockHold => ({ goroutine: act.goroutine, step, act, mode });

/** Which holds keep a goroutine from going on with its operation (sync/rwmutex.go: a waiting writer stops new readers). */
const STOPS: Readonly<Record<OpOf<"mutex" | "rwmutex" | "once" | "semaphore"> & BlockingOp, readonly LockHold["mode"][]>> = {
  lock: ["exclusive"],
  rlock: ["exclusive", "announced"],
  wlock: ["exclusive", "announced"],
  wacquire: ["shared"],
  once: ["inside"],
  semacquire: ["places"],
  semwait: ["places"],
};

export interface LockWait {
  readonly waits: GoroutineName;
  readonly lock: ObjectId;
  readonly hold: LockHold;
}

/** For whom a goroutine waits at the end, if it waits for a lock. */
export function waits(index: RunIndex, name: GoroutineName): readonly LockWait[] {
  const goroutine = index.goroutine(name);
  const op = goroutine && waitingFor(goroutine);
  if (op === undefined || !isOf(op, "mutex", "rwmutex", "once", "semaphore") || !canBlock(op)) return [];
  return (goroutine?.blockedOn?.objects ?? []).flatMap(({ object: lock }) =>
    holders(index, lock)
      .filter((hold) => STOPS[op].includes(hold.mode) && !(hold.mode === "announced" && hold.goroutine === name))
      .map((hold) => ({ waits: name, lock, hold })),
  );
}

/**
 * Whom it may have acquired a semaphore's places for: those that it started since, and that are not over. (errgroup acquires
 * before it starts, and what it starts releases.)
 */
export const heirs = (index: RunIndex, { goroutine, step }: LockHold): readonly GoroutineName[] =>
  index.trace.lives.filter(({ createdBy, startedAt, endedAt }) => createdBy?.name === goroutine && startedAt >= step - 1 && endedAt === undefined).map(({ name }) => name);

/** The cycle of waits that begins and ends with a goroutine, shortest path first found; undefined where there is none. */
export function cycleFrom(index: RunIndex, start: GoroutineName): readonly LockWait[] | undefined {
  const seen = new Set<GoroutineName>();
  const visit = (name: GoroutineName): readonly LockWait[] | undefined => {
    if (seen.has(name)) return undefined;
    seen.add(name);
    for (const wait of waits(index, name)) {
      if (wait.hold.mode === "places" && heirs(index, wait.hold).length > 0) continue;
      if (wait.hold.goroutine === start) return [wait];
      const further = visit(wait.hold.goroutine);
      if (further) return [wait, ...further];
    }
    return undefined;
  };
  return visit(start);
}
