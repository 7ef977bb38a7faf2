import type { ObjectId } from "../ids.js";
import type { ObjectLabel } from "./object-kind.js";
export { CLOCK_OBJECT, VARIABLES_OBJECT } from "./standing-objects.js";

/** One visible operation: what one goroutine does that another can notice. */
interface OperationRow {
  readonly op: string;
  /** What belongs together: the operations of one family act on the same kind of object. */
  readonly family: string;
  /** The object in a report: `channel A`. Without one the verb is the whole sentence. */
  readonly noun?: string;
  /** What the goroutine does, in a report: `1.2 sends on channel A`. */
  readonly verb: string;
  /** What Go's dumps say of a goroutine that is blocked in it (runtime/runtime2.go, waitReasonStrings); none: it never blocks. */
  readonly waitReason?: string;
  /** It changes nothing: steps that only read an object commute, and do not order each other. */
  readonly reads?: true;
  /** A goroutine that finds no reason to go on does it again: many in a row are a spin. */
  readonly looks?: true;
}

/**
 * The operations, each once. A new one is a row here; the compiler then names what else has to know it (the change map of
 * ARCHITECTURE.md). First those before which a goroutine of compiled Go stops: their order is that of the constants in
 * go/runtime/unpark.go (a test compares them).
 */
const GUEST_ROWS = [
  { op: "send", family: "channel", noun: "channel", verb: "sends on", waitReason: "chan send" },
  { op: "recv", family: "channel", noun: "channel", verb: "receives from", waitReason: "chan receive" },
  { op: "close", family: "channel", noun: "channel", verb: "closes" },
  // A single-case select with default is a select, too.
  { op: "select", family: "channel", noun: "channel", verb: "selects", waitReason: "select" },
  { op: "lock", family: "mutex", noun: "mutex", verb: "locks", waitReason: "sync.Mutex.Lock" },
  { op: "trylock", family: "mutex", noun: "mutex", verb: "tries to lock", looks: true },
  { op: "unlock", family: "mutex", noun: "mutex", verb: "unlocks" },
  { op: "rlock", family: "rwmutex", noun: "rwmutex", verb: "read-locks", waitReason: "sync.RWMutex.RLock", reads: true },
  { op: "tryrlock", family: "rwmutex", noun: "rwmutex", verb: "tries to lock", looks: true },
  { op: "runlock", family: "rwmutex", noun: "rwmutex", verb: "read-unlocks", reads: true },
  // RWMutex.Lock is two: `wlock` takes the writers' mutex and announces, `wacquire` waits for the readers to leave.
  { op: "wlock", family: "rwmutex", noun: "rwmutex", verb: "waits to write-lock", waitReason: "sync.Mutex.Lock" },
  { op: "trywlock", family: "rwmutex", noun: "rwmutex", verb: "tries to lock", looks: true },
  { op: "wacquire", family: "rwmutex", noun: "rwmutex", verb: "write-locks", waitReason: "sync.RWMutex.Lock" },
  { op: "wunlock", family: "rwmutex", noun: "rwmutex", verb: "write-unlocks" },
  { op: "wgadd", family: "waitgroup", noun: "waitgroup", verb: "adds to" },
  { op: "wgwait", family: "waitgroup", noun: "waitgroup", verb: "has waited for", waitReason: "sync.WaitGroup.Wait" },
  { op: "condwait", family: "cond", noun: "cond", verb: "begins to wait on", waitReason: "sync.Cond.Wait" },
  { op: "condsignal", family: "cond", noun: "cond", verb: "signals" },
  { op: "condbroadcast", family: "cond", noun: "cond", verb: "broadcasts on" },
  { op: "once", family: "once", noun: "once", verb: "enters", waitReason: "sync.Mutex.Lock" }, // Once.Do locks its mutex
  { op: "oncedone", family: "once", noun: "once", verb: "has done" },
  // Compiled Go: a runtime semaphore that no other hook explains. TypeScript: semaphore.Weighted's acquire.
  { op: "semacquire", family: "semaphore", noun: "semaphore", verb: "asks for", waitReason: "semacquire" },
  { op: "load", family: "atomic", noun: "atomic", verb: "reads", reads: true, looks: true }, // sync/atomic, sync.Map
  { op: "store", family: "atomic", noun: "atomic", verb: "writes" },
  { op: "rmw", family: "atomic", noun: "atomic", verb: "changes" },
  { op: "yield", family: "scheduler", verb: "yields", looks: true }, // runtime.Gosched
  { op: "sleep", family: "clock", verb: "wakes up from its sleep", waitReason: "sleep" },
  { op: "timerstop", family: "timer", noun: "timer", verb: "stops" },
  { op: "timerreset", family: "timer", noun: "timer", verb: "resets" },
  // math/rand's global functions with a small range: the value is a choice.
  { op: "random", family: "random", verb: "draws a random number" },
  // The network (go/net/net_fake.go). A stream is one direction of a connection; at an address connections are accepted
  // and datagrams received. Closing a connection ends both its streams: `netfin` for who reads there, `netstop` for who writes.
  { op: "netread", family: "network", noun: "stream", verb: "reads from", waitReason: "IO wait" },
  { op: "netwrite", family: "network", noun: "stream", verb: "writes to", waitReason: "IO wait" },
  { op: "netrecv", family: "network", noun: "address", verb: "receives a datagram at", waitReason: "IO wait" },
  { op: "netsend", family: "network", noun: "address", verb: "sends a datagram to", waitReason: "IO wait" },
  { op: "netaccept", family: "network", noun: "address", verb: "accepts a connection at", waitReason: "IO wait" },
  { op: "netdial", family: "network", noun: "address", verb: "connects to" },
  { op: "netbind", family: "network", noun: "address", verb: "binds" },
  { op: "netclose", family: "network", noun: "socket", verb: "closes" },
  { op: "netfin", family: "network", noun: "stream", verb: "ends" },
  { op: "netstop", family: "network", noun: "stream", verb: "stops reading from" },
  { op: "netset", family: "network", noun: "handle", verb: "sets a deadline or an option of" },
  { op: "netlook", family: "network", noun: "handle", verb: "looks, without waiting, at", looks: true }, // RawConn (go/net/unpark_raw.go)
  // Only where something may go wrong (--faults; go/os/unpark.go).
  { op: "fileopen", family: "file", verb: "opens a file" },
  { op: "filewrite", family: "file", verb: "writes to a file" },
  { op: "fileclose", family: "file", verb: "closes a file" },
] as const satisfies readonly OperationRow[];

/** Those that only other hosts have. */
const OTHER_ROWS = [
  { op: "trysemacquire", family: "semaphore", noun: "semaphore", verb: "tries to acquire", looks: true },
  { op: "semwait", family: "semaphore", noun: "semaphore", verb: "acquires", waitReason: "semaphore.Acquire" }, // asked for, and not free then
  { op: "semleave", family: "semaphore", noun: "semaphore", verb: "stops waiting for" }, // its context is over
  { op: "semrelease", family: "semaphore", noun: "semaphore", verb: "releases" },
  { op: "io", family: "outside", verb: "waits for the outside", waitReason: "IO wait" }, // a pipe, the network of the host
  { op: "answer", family: "outside", verb: "is answered" }, // what ordinary code asked the outside for, declared by outside(name, f)
  { op: "start", family: "scheduler", verb: "begins" }, // a goroutine that has not run yet (only where a host stops it there)
  { op: "clock", family: "clock", verb: "moves the clock to the next timer" }, // done by no goroutine
] as const satisfies readonly OperationRow[];

const TABLE = [...GUEST_ROWS, ...OTHER_ROWS] as const;

type Row = (typeof TABLE)[number];
export type OpKind = Row["op"];
/** What a goroutine of compiled Go stops before. */
export type GuestOp = (typeof GUEST_ROWS)[number]["op"];
export type OperationFamily = Row["family"];
/** The operations of a family: `Record<OpOf<"mutex">, …>` does not compile while one is missing. */
export type OpOf<F extends OperationFamily> = Extract<Row, { readonly family: F }>["op"];
/** Those that a goroutine can be blocked in. */
export type BlockingOp = Extract<Row, { readonly waitReason: string }>["op"];
/** The words of Go's dumps for those. */
export type OperationWaitReason = Extract<Row, { readonly waitReason: string }>["waitReason"];

export interface Operation extends OperationRow {
  readonly op: OpKind;
  readonly family: OperationFamily;
  readonly waitReason?: OperationWaitReason;
}

export const OPERATION_TABLE: readonly Operation[] = TABLE;
export const OPERATIONS: readonly OpKind[] = /* @__PURE__ */ TABLE.map(({ op }) => op);
/** By their numbers in go/runtime/unpark.go. */
export const GUEST_OPERATIONS: readonly GuestOp[] = /* @__PURE__ */ GUEST_ROWS.map(({ op }) => op);
const BY_OP = /* @__PURE__ */ new Map<OpKind, Operation>(/* @__PURE__ */ TABLE.map((row) => [row.op, row]));

export const operation = (op: OpKind): Operation => BY_OP.get(op)!;
/** Asked for every goroutine of a step. */
const BLOCKING: ReadonlySet<OpKind> = /* @__PURE__ */ new Set(/* @__PURE__ */ OPERATION_TABLE.filter(({ waitReason }) => waitReason !== undefined).map(({ op }) => op));
export const canBlock = (op: OpKind): op is BlockingOp => BLOCKING.has(op);
const GUEST: ReadonlySet<OpKind> = /* @__PURE__ */ new Set(GUEST_OPERATIONS);
export const isGuestOp = (op: OpKind): op is GuestOp => GUEST.has(op);
export const isOf = <F extends OperationFamily>(op: OpKind, ...families: readonly F[]): op is OpOf<F> => families.includes(operation(op).family as F);

/** The operations of some families: where it is asked in every step. */
export const opsOf = (...families: readonly OperationFamily[]): ReadonlySet<OpKind> => new Set(OPERATIONS.filter((op) => isOf(op, ...families)));

/** Those that change nothing, by the table. Compared one by one: this is asked for every access of every step. */
type ReadingOp = Extract<Row, { readonly reads: true }>["op"];
const LOOKS: ReadonlySet<OpKind> = /* @__PURE__ */ new Set(/* @__PURE__ */ OPERATION_TABLE.filter(({ looks }) => looks).map(({ op }) => op));
export const readsOnly = (op: OpKind): op is ReadingOp => op === "load" || op === "rlock" || op === "runlock";
export const isLook = (op: OpKind): boolean => LOOKS.has(op);

/** How a step touches an object: by which operation. A `select` lists each of its channels as `send` or `recv`. */
export interface Access {
  readonly object: ObjectId;
  readonly op: OpKind;
  /**
   * In footprints, where the host knows it: what the object held just before. A channel: values in its buffer; a
   * WaitGroup: its counter. Reduction needs it to see that a send and a receive commute; without it they do not.
   */
  readonly before?: number;
  /** In footprints: a channel's size. */
  readonly capacity?: number;
  /** In footprints: what a `wgadd` adds. */
  readonly delta?: number;
  /** Where the program knows it by another name than its operations tell. */
  readonly label?: ObjectLabel;
}
