import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import type { GroupSurvey } from "./group-survey.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";

/**
 * Who waits for whom, as far as one dump's text bears it. What is certain: that a goroutine waits for a lock, in which
 * frame it asked, and of which receiver that frame's method is (Go prints addresses that may be stale with a `?`; those
 * are not kept). What is concluded: a goroutine that is inside a method of the same receiver, past the frame that would
 * ask for its lock, may hold that lock. Where an address is missing, the receiver's type has to do, and `certain` is
 * false.
 */
export class WaitingGraph {
  /** Goroutines that wait for a lock, or were just woken in it. */
  readonly waits: readonly DumpLockWait[];
  /** By receiver type: who is inside its methods. Only types whose locks are waited for. */
  readonly #inside = new Map<string, Inside[]>();
  readonly #byGoroutine = new Map<Goroutine, DumpLockWait>();

  constructor(survey: GroupSurvey) {
    const waits = survey.ofKinds("lock", "running").flatMap((group) => lockWaits(group));
    const types = new Set(waits.flatMap(({ owner }) => (owner ? [owner.type] : [])));
    if (types.size > 0) for (const group of survey.groups) this.#enter(group, types);
    const offsets = new Map([...types].map((type) => [type, this.#offsetOf(type, waits)]));
    this.waits = waits.map((wait) => withOwner(wait, offsets));
    for (const wait of this.waits) this.#byGoroutine.set(wait.goroutine, wait);
  }

  /**
   * How far behind the receiver's address its lock lies: what all waits of the type agree on of which both are known, or 0
   * where a lock's address is that of a receiver in the text. Undefined: not known, or there are several locks.
   */
  #offsetOf(type: string, waits: readonly DumpLockWait[]): number | undefined {
    const own = waits.filter(({ owner }) => owner?.type === type);
    const known = new Set(own.flatMap((wait) => (wait.owner!.address > 0 && lockOf(wait) !== undefined ? [lockOf(wait)! - wait.owner!.address] : [])));
    const receivers = new Set((this.#inside.get(type) ?? []).map(({ address }) => address));
    if (own.some((wait) => wait.owner!.address === 0 && receivers.has(lockOf(wait) ?? -1))) known.add(0);
    const [offset] = known;
    return known.size === 1 && offset! >= 0 && offset! < LARGEST_OWNER ? offset : undefined;
  }

  waitOf(goroutine: Goroutine): DumpLockWait | undefined {
    return this.#byGoroutine.get(goroutine);
  }

  /** Other goroutines that may hold the lock that is waited for; those that ask for it in the same place do not. */
  holdersOf({ goroutine, owner }: DumpLockWait): readonly Inside[] {
    if (!owner) return [];
    return (this.#inside.get(owner.type) ?? []).filter((inside) => {
      if (inside.goroutine === goroutine || !agree(inside.address, owner.address)) return false;
      const asks = this.#byGoroutine.get(inside.goroutine);
      return !asks || asks.owner?.type !== owner.type || inside.frame > asks.frame;
    });
  }

  /** Frames further out on the same stack that are of the same receiver: it may hold what it waits for. */
  ownHoldsOf({ goroutine, owner, frame }: DumpLockWait): readonly Inside[] {
    if (!owner) return [];
    return (this.#inside.get(owner.type) ?? []).filter((inside) => inside.goroutine === goroutine && inside.frame > frame && agree(inside.address, owner.address));
  }

  #enter(group: GoroutineGroup, types: ReadonlySet<string>): void {
    for (const goroutine of group.goroutines.slice(0, MOST_OF_A_GROUP)) {
      goroutine.stack.forEach((frame, index) => {
        const type = receiverType(frame.function);
        if (type === undefined || !types.has(type)) return;
        const list = this.#inside.get(type) ?? [];
        if (list.length === 0) this.#inside.set(type, list);
        if (list.length < MOST_OF_A_TYPE) list.push({ goroutine, group, frame: index, address: goroutine.receivers?.[index] ?? 0 });
      });
    }
  }
}

/** Bytes: a lock lies in its owner. */
const LARGEST_OWNER = 4096;

const lockOf = ({ goroutine }: DumpLockWait): number | undefined => goroutine.blockedOn?.objects[0]?.object;

/** The receiver's address from the lock's: Go prints an address that may be stale with a `?`, but the lock's own is sure. */
function withOwner(wait: DumpLockWait, offsets: ReadonlyMap<string, number | undefined>): DumpLockWait {
  const { owner } = wait;
  const lock = lockOf(wait);
  const offset = owner === undefined ? undefined : offsets.get(owner.type);
  if (owner === undefined || owner.address > 0 || lock === undefined || offset === undefined) return wait;
  return { ...wait, owner: { type: owner.type, address: lock - offset } };
}

/** A group of many alike is known by some of them; pairs of all would take quadratic time. */
const MOST_OF_A_GROUP = 40;
const MOST_OF_A_TYPE = 400;

export interface DumpLockWait {
  readonly goroutine: Goroutine;
  readonly group: GoroutineGroup;
  /** Which lock operation: `read` waits behind writers only. */
  readonly mode: "lock" | "read" | "write";
  /** The index of the frame that asked for it: the first that is neither sync's nor a wrapper's of a lock. */
  readonly frame: number;
  /** Of the method that asked. Undefined: a function or closure. */
  readonly owner: LockOwner | undefined;
  /** It is runnable: the lock was given back, and it tries again. */
  readonly woken: boolean;
}

interface LockOwner {
  readonly type: string;
  /** 0: not known for sure. */
  readonly address: number;
}

/** A goroutine inside a method of a receiver. */
export interface Inside {
  readonly goroutine: Goroutine;
  readonly group: GoroutineGroup;
  readonly frame: number;
  readonly address: number;
}

const agree = (a: number, b: number): boolean => a === 0 || b === 0 || a === b;

/** Both addresses are known: then that they are equal is a fact, and no guess by type. */
export const isCertain = (inside: Inside, owner: LockOwner): boolean => inside.address > 0 && inside.address === owner.address;

/** `pkg.(*T).f` → `pkg.T`, closures of its methods too; `(*List[...])` without its type arguments. */
function receiverType(symbol: string): string | undefined {
  const open = symbol.indexOf(".(*");
  const close = open < 0 ? -1 : symbol.indexOf(")", open);
  return close < 0 ? undefined : `${symbol.slice(0, open)}.${symbol.slice(open + 3, close).replace(/\[.*$/, "")}`;
}

const SYNC = /^(?:runtime\.|internal\/runtime\/|(?:internal\/)?sync\.(?:runtime_Semacquire|\(\*(?:RW)?Mutex\)\.|\(\*rlocker\)\.))/;
const READ = /sync\.\(\*RWMutex\)\.RLock|sync\.\(\*rlocker\)\.Lock|runtime_SemacquireRWMutexR$/;
const WRITE = /sync\.\(\*RWMutex\)\.Lock/;
/** Methods by which a type of the user's or a library's hands a lock on. */
const WRAPPER = /\.(?:[rR]?[lL]ock|[rR]?LockContext|Acquire|acquire|lockSlow)$/;

const isLockFrame = ({ function: name }: Frame): boolean => SYNC.test(name);

/** Of a group that waits for a lock, or runs. */
function lockWaits(group: GoroutineGroup): readonly DumpLockWait[] {
  const { stack } = group.goroutines[0]!;
  const inner = stack.findIndex((frame) => !isLockFrame(frame));
  const waiting = group.kind === "lock";
  const woken = group.kind === "running" && inner > 0 && stack.slice(0, inner).some(({ function: name }) => /\.lockSlow$|SemacquireMutex|SemacquireRWMutex/.test(name));
  if (inner < 0 || (!waiting && !woken)) return [];
  let frame = inner;
  while (frame + 1 < stack.length && WRAPPER.test(stack[frame]!.function)) frame++;
  const locks = stack.slice(0, inner);
  const mode = locks.some(({ function: name }) => READ.test(name)) ? "read" : locks.some(({ function: name }) => WRITE.test(name)) ? "write" : "lock";
  const type = receiverType(stack[frame]!.function);
  return group.goroutines.slice(0, MOST_OF_A_GROUP).map((goroutine) => ({
    goroutine, group, mode, frame, woken,
    owner: type === undefined ? undefined : { type, address: goroutine.receivers?.[frame] ?? 0 },
  }));
}

/** Cycles of goroutines each of which waits for a lock that the next may hold; each once, the shortest through its first. */
export function lockCycles(graph: WaitingGraph): readonly (readonly LockLink[])[] {
  const waits = graph.waits.filter(({ woken, owner }) => !woken && owner).slice(0, MOST_WAITS);
  const links = new Map<Goroutine, LockLink[]>();
  for (const wait of waits) {
    const out = graph.holdersOf(wait).flatMap((holder) => {
      const next = graph.waitOf(holder.goroutine);
      return next && !next.woken && next.owner && !sameLock(next, wait) ? [{ wait, holder, next }] : [];
    });
    if (out.length > 0) links.set(wait.goroutine, out);
  }
  const cycles: (readonly LockLink[])[] = [];
  const seen = new Set<GoroutineGroup>();
  for (const wait of waits) {
    if (seen.has(wait.group)) continue;
    const cycle = shortestCycle(wait.goroutine, links);
    if (!cycle || cycle.some((link) => seen.has(link.wait.group))) continue;
    for (const link of cycle) seen.add(link.wait.group);
    cycles.push(cycle);
  }
  return cycles;
}
const MOST_WAITS = 300;

/** `wait` asks for what `holder` may hold, which itself waits. */
export interface LockLink {
  readonly wait: DumpLockWait;
  readonly holder: Inside;
  readonly next: DumpLockWait;
}

const sameLock = (a: DumpLockWait, b: DumpLockWait): boolean => a.owner?.type === b.owner?.type && agree(a.owner?.address ?? 0, b.owner?.address ?? 0);

function shortestCycle(start: Goroutine, links: ReadonlyMap<Goroutine, readonly LockLink[]>): readonly LockLink[] | undefined {
  const reached = new Map<Goroutine, LockLink | undefined>([[start, undefined]]);
  const queue = [start];
  for (let at = 0; at < queue.length; at++) {
    for (const link of links.get(queue[at]!) ?? []) {
      const to = link.next.goroutine;
      if (to === start) {
        const cycle = [link];
        for (let back = reached.get(queue[at]!); back; back = reached.get(back.wait.goroutine)) cycle.unshift(back);
        return cycle;
      }
      if (!reached.has(to)) {
        reached.set(to, link);
        queue.push(to);
      }
    }
  }
  return undefined;
}
