import { OPERATIONS, readsOnly, type OpKind } from "../../model/run/operation.js";
import { codeOf, KINDS, type DependencyAccess, type AccessKind } from "./object-access.js";

/**
 * Which steps depend on which: the table that reduction rests on. It is asked only about two steps of different
 * goroutines on one object, `earlier` having been done before `later`.
 *
 * commute   the other order leads to the same state, and is possible whenever this one is
 * enables   ordered, for `later` could not have gone on, or not in this way, before `earlier`; nothing to reverse
 * conflict  the other order is possible and may lead elsewhere
 *
 * A pair that no row names conflicts: whatever is not understood is tried both ways. The table is checked from outside,
 * by the property tests (reduction finds what plain search finds) and by the swap test.
 */
type Relation = "commute" | "enables" | "conflict";

interface DependenceRow {
  readonly earlier: readonly AccessKind[];
  readonly later: readonly AccessKind[];
  readonly relation: Relation | DependenceRule;
  /** Also the other way round. */
  readonly symmetric: boolean;
  readonly why: string;
}

/** Rows whose answer depends on what the object held: see `decide`. */
type DependenceRule = "buffer" | "counter" | "done" | "close" | "closed" | "default" | "timeout" | "stream" | "end";

/** The operations that change nothing (model/run/operation.ts). */
const READS: readonly OpKind[] = OPERATIONS.filter(readsOnly);

export const TABLE: readonly DependenceRow[] = [
  // Channels (Go specification; runtime/chan.go)
  row(["send", "send"], "conflict", "values are taken in the order in which they were sent"),
  row(["recv", "recv"], "closed", "who is first gets the first value; of a closed, empty channel all get the same"),
  both("send", "recv", "buffer", "a buffer keeps its order: they commute unless the one waited for the other"),
  row(["close", "close"], "conflict", "the second panics"),
  both("send", "close", "conflict", "a send on a closed channel panics"),
  row(["close", "recv"], "close", "a value in the buffer is received before and after the close alike"),
  row(["recv", "close"], "close", "as above"),
  both("meet", "close", "conflict", "after the close the send panics and the receive gets nothing"),
  row(["meet", "meet"], "commute", "an unbuffered channel holds nothing, and the four goroutines are different ones"),
  // Select: a case not taken is only touched by what makes it ready
  row(["offer-recv", "recv"], "commute", "takes a value away: no new alternative for the select that went before"),
  row(["offer-send", "send"], "commute", "takes room away: no new alternative"),
  row(["offer-recv", "offer-recv"], "commute", "both only look"),
  row(["offer-send", "offer-send"], "commute", "both only look"),
  row(["send", "offer-recv"], "default", "going first, the select has fewer alternatives; a new one only if it has a default"),
  row(["recv", "offer-send"], "default", "as above"),
  row(["offer-recv", "meet"], "commute", "the race is with the pending send and receive, not with their meeting"),
  row(["offer-send", "meet"], "commute", "as above"),
  row(["probe-recv", "recv"], "commute", "the value that it takes was sent after the probe, and that is what conflicts"),
  row(["probe-send", "send"], "commute", "the room was made after the probe"),
  row(["recv", "probe-recv"], "enables", "it took the last value: only then could the select find none"),
  row(["send", "probe-send"], "enables", "it took the last room"),
  both(["probe-recv", "probe-send"], ["probe-recv", "probe-send", "meet"], "commute", "neither changes the channel"),
  both(["probe-recv", "probe-send"], ["offer-recv", "offer-send"], "commute", "neither changes the channel"),
  both("offer-load", "load", "commute", "both only look"),
  row(["offer-load", "offer-load"], "commute", "both only look"),
  row(["clock", "offer-load"], "timeout", "before it, the case was not ready: another way only for a select that has a default"),
  // Mutex
  row(["unlock", "lock"], "enables", "it is held until the unlock, so the lock could not have come before"),
  // RWMutex: `wlock` announces the writer and shuts out new readers, `wacquire` waits for the old ones
  // (A reader's unlock only reads, too: that a goroutine releases what another holds is not tried earlier.)
  both("runlock", "wlock", "commute", "the writer only announces itself; it waits in wacquire"),
  both(["rlock", "runlock", "wlock", "wunlock"], "wacquire", "enables", "cannot both be possible: readers and writers exclude each other"),
  row([["wunlock"], ["rlock", "wlock"]], "enables", "the writer shuts them out until then"),
  both("tryrlock", ["rlock", "runlock"], "commute", "readers share"),
  row(["tryrlock", "tryrlock"], "commute", "readers share"),
  // WaitGroup
  row(["wgadd", "wgadd"], "counter", "sums commute, unless the counter would fall below zero on the way"),
  row(["wgwait", "wgwait"], "commute", "both only look"),
  row(["wgadd", "wgwait"], "done", "Done can only let a Wait go on; Add can stop it"),
  // The network (go/net/net_fake.go). `netread` is also who accepts or receives, `netwrite` who dials or sends
  both("netread", "netwrite", "stream", "bytes keep their order: a read that is full without the write does not see it"),
  both("netread", "netfin", "end", "the end is read after all that was written"),
  both("netstop", "netfin", "commute", "the two ends of a connection are closed"),
  // Once, atomics, clock
  row(["oncedone", "once"], "enables", "the others wait for the first to be done"),
  // Whatever only reads
  row([READS, READS], "commute", "readers of a lock share it, loads look (for the clock: readings)"),
];

type Kinds = AccessKind | readonly AccessKind[];

function row(pair: readonly [Kinds, Kinds], relation: Relation | DependenceRule, why: string): DependenceRow {
  return { earlier: [pair[0]].flat(), later: [pair[1]].flat(), relation, symmetric: false, why };
}

function both(a: Kinds, b: Kinds, relation: Relation | DependenceRule, why: string): DependenceRow {
  return { earlier: [a].flat(), later: [b].flat(), relation, symmetric: true, why };
}

const RULES: readonly (Relation | DependenceRule)[] = ["conflict", "commute", "enables", "buffer", "counter", "done", "close", "closed", "default", "timeout", "stream", "end"];
const CONFLICT = 0;
const COMMUTE = 1;
const ENABLES = 2;
const MATRIX = matrix();

function matrix(): Uint8Array {
  const cells = new Uint8Array(KINDS.length * KINDS.length); // 0: conflict
  for (const { earlier, later, relation, symmetric } of TABLE) {
    for (const a of earlier) {
      for (const b of later) {
        cells[codeOf(a) * KINDS.length + codeOf(b)] = RULES.indexOf(relation);
        if (symmetric) cells[codeOf(b) * KINDS.length + codeOf(a)] = RULES.indexOf(relation);
      }
    }
  }
  return cells;
}

/** For two steps that were done, or a step that was done and an operation that is pending (then `later`). */
export function commutes(earlier: DependencyAccess, later: DependencyAccess): boolean {
  return decide(earlier, later) === COMMUTE;
}

/** Could `later` have come before `earlier`, and would that make a difference? */
export function conflicts(earlier: DependencyAccess, later: DependencyAccess): boolean {
  return decide(earlier, later) === CONFLICT;
}

/** The answer depends on the two kinds only: it is the same for every earlier step of that kind. */
export const isPlain = (earlier: DependencyAccess, later: DependencyAccess): boolean => MATRIX[earlier.kind * KINDS.length + later.kind]! <= ENABLES;

/** For two steps that are both possible in one state, in which `b` was the one done: does their order matter? */
export function dependent(a: DependencyAccess, b: DependencyAccess): boolean {
  const cell = MATRIX[a.kind * KINDS.length + b.kind]!;
  if (RULES[cell] === "buffer") return !(a.capacity > 0 && b.capacity > 0); // one found a value, the other found room
  if (RULES[cell] === "counter") return a.before < 0 || b.before < 0 || b.before + Math.min(a.delta, a.delta + b.delta) < 0;
  if (RULES[cell] === "stream") return (a.kind === NETREAD ? readThenWrite(a, b) : readThenWrite(b, a)) !== COMMUTE;
  return decide(a, b) !== COMMUTE || decide(b, a) !== COMMUTE;
}

const SEND = codeOf("send");
const NETREAD = codeOf("netread");
const RECV = codeOf("recv");

function decide(earlier: DependencyAccess, later: DependencyAccess): number {
  const cell = MATRIX[earlier.kind * KINDS.length + later.kind]!;
  if (cell <= ENABLES) return cell;
  switch (RULES[cell] as DependenceRule) {
    case "buffer":
      return buffer(earlier, later);
    case "counter":
      return counter(earlier, later);
    case "done":
      return earlier.before >= 0 && earlier.delta < 0 ? ENABLES : CONFLICT;
    case "close":
      return close(earlier, later);
    case "closed":
      return earlier.before === 0 && later.before === 0 ? COMMUTE : CONFLICT;
    case "default":
      return later.orElse || !(earlier.capacity > 0) ? CONFLICT : ENABLES;
    case "timeout":
      return later.orElse ? CONFLICT : ENABLES;
    case "stream":
      return earlier.kind === NETREAD ? readThenWrite(earlier, later) : writeThenRead(earlier, later);
    case "end":
      return end(earlier, later);
  }
}

/** With a buffer, a receive that found nothing waited for the close; one that found a value would have found it anyway. */
function close(earlier: DependencyAccess, later: DependencyAccess): number {
  const receive = earlier.kind === RECV ? earlier : later;
  if (receive.before > 0) return COMMUTE;
  if (earlier.capacity <= 0) return CONFLICT;
  return earlier.kind === RECV ? COMMUTE : ENABLES;
}

/** The n-th receive waited for the n-th send; the n-th send, into a buffer of size c, for receive n - c. */
function buffer(earlier: DependencyAccess, later: DependencyAccess): number {
  if (earlier.capacity <= 0) return CONFLICT;
  if (earlier.seq < 0 || later.seq < 0) return ENABLES;
  const waited = earlier.kind === SEND ? earlier.seq <= later.seq : later.seq >= earlier.seq + earlier.capacity;
  return waited ? ENABLES : COMMUTE;
}

/** A read: `before` bytes were taken before it, it wants `capacity`. A write: `before` bytes lay before its own `delta`, of `capacity` that may lie unread. */
function writeThenRead(write: DependencyAccess, read: DependencyAccess): number {
  if (write.before < 0 || read.before < 0) return CONFLICT;
  if (write.before <= read.before) return ENABLES; // there was nothing to read without it
  return write.before >= read.before + read.capacity ? COMMUTE : CONFLICT;
}

function readThenWrite(read: DependencyAccess, write: DependencyAccess): number {
  if (write.before < 0 || read.before < 0) return CONFLICT;
  if (write.before >= read.before + write.capacity) return ENABLES; // there was no room
  const seen = write.before < read.before + read.capacity;
  const squeezed = write.before + write.delta > read.before + write.capacity;
  return seen || squeezed ? CONFLICT : COMMUTE;
}

/** A receive that finds something does not see the end; one that finds nothing waited for it. */
function end(earlier: DependencyAccess, later: DependencyAccess): number {
  const read = earlier.kind === NETREAD ? earlier : later;
  if (read.before < 0) return CONFLICT;
  if (read.delta > 0) return COMMUTE;
  return earlier === read ? CONFLICT : ENABLES;
}

function counter(earlier: DependencyAccess, later: DependencyAccess): number {
  if (earlier.before < 0 || later.before < 0) return CONFLICT;
  if (earlier.delta < 0 && later.delta < 0) return later.before + later.delta < 0 ? CONFLICT : COMMUTE;
  if (earlier.delta > 0 && later.delta < 0) return later.before - earlier.delta + later.delta < 0 ? CONFLICT : COMMUTE;
  return COMMUTE;
}
