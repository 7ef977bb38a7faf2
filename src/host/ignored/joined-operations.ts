import { isOf, type OpKind } from "../../model/run/operation.js";
import { codesWhere } from "../guest/op-codes.js";

interface JoinedRow {
  /** Of the function that does the operation. */
  readonly prefix: string;
  readonly ops: readonly OpKind[];
  /** Only in a step that begins with this operation of the goroutine's. */
  readonly after?: OpKind;
  readonly why: string;
}

/*
 * Operations of the standard library that are part of the step at hand, whatever that is: no choice comes before them, but what they
 * touch counts in the step's footprint, so that the step's order with what others do is tried as before.
 *
 * What that leaves out: somebody else's operations between the step S and such an operation T. By conflict serializability
 * (Velodrome: Flanagan, Freund and Yi, PLDI 2008) a run with others in between ends as one in which S and T stand together, unless
 * S comes before some X1 of another goroutine, that before some X2 (the same, or later), and X2 before T: for what conflicts with
 * T alone can come before S, and what conflicts with S alone behind T. So each row says why there is no such chain,
 * or why it makes no difference. An operation that would have to wait is a choice as usual; it counts in the footprint of the step before
 * it, for that has ended there because of what somebody else holds.
 *
 * Line numbers are not used, and where a function has several operations of one kind the row holds for all. Checked by
 * test/noise/joined.test.ts, which runs programs with and without.
 */
const JOINED: readonly JoinedRow[] = [
  { prefix: "context.(*cancelCtx).cancel", ops: ["close"], why: "the error is stored under the same lock just before; who reads it waits for this close before it is told of it (Err)" },
  { prefix: "context.(*cancelCtx).propagateCancel", ops: ["recv"], why: "looks whether the parent is cancelled; what is missed here, the look under the parent's lock finds, with the same effect" },
  { prefix: "context.(*cancelCtx).propagateCancel", ops: ["lock"], why: "enters the child in the parent's set: cancelled then or a moment later, the child is cancelled before its maker can do anything with it, or after" },
  { prefix: "context.removeChild", ops: ["lock"], why: "takes a child out of its parent's set that is cancelled already: the parent's cancellation does nothing to such a child" },
  { prefix: "net/http.(*connReader).", ops: ["condwait"], why: "the lock is held since it was seen that a read goes on, and who ends that read takes the lock before it wakes anybody" },
  { prefix: "net/http.(*connReader).", ops: ["condbroadcast"], why: "the read was said to be over under the lock just before: who comes to wait after that waits for another read, looks again when it is woken, and goes on waiting" },
  { prefix: "net/http.(*wantConn).tryDeliver", ops: ["send"], after: "lock", why: "the one operation under the lock (run/library-blocks.ts): the channel has room for it" },
  { prefix: "net/http.(*wantConn).tryDeliver", ops: ["close"], why: "the value that was sent just before is received the same before and after the close, and once only" },
  { prefix: "net/http.(*persistConn).roundTrip", ops: ["send"], after: "send", why: "the channel is empty, this is its only sender, and the one who receives from it waits: nobody can do anything with it before" },
  { prefix: "net/http.(*persistConn).roundTrip", ops: ["close"], why: "says that the caller is gone: others wait for that, and never look whether it is so" },
  { prefix: "net/http.(*persistConn).writeLoop", ops: ["send"], after: "send", why: "a channel of this request's with room for one, which one goroutine receives from and waits for" },
  { prefix: "net/http.(*persistConn).writeLoop", ops: ["close"], why: "says that the loop has ended: others wait for that, and never look whether it is so" },
  { prefix: "net/http.(*persistConn).readLoop", ops: ["close"], why: "says that nothing more is read: others wait for that, and never look whether it is so" },
  { prefix: "net/http.(*persistConn).readLoop", ops: ["lock"], after: "recv", why: "counts the answer just received off, which it took from a channel that nobody uses again before the connection is free" },
  { prefix: "net/http.(*persistConn).markReused", ops: ["lock"], why: "sets a flag that only requests on this connection read, which is in nobody's hands now" },
  { prefix: "net/http.(*persistConn).closeLocked", ops: ["close"], why: "under the lock with which the connection was said to be closed: others wait for it, and never look whether it is so" },
  { prefix: "net/http.(*conn).setState", ops: ["store"], why: "read by who closes idle connections; just before, its own goroutine took a lock of the connection's or entered it in the server's set, and nobody learns by that what it has not seen here" },
  { prefix: "net/http.(*conn).serve", ops: ["store"], why: "the request at hand, read by the connection's background reader alone, which starts after the one store and has ended before the other" },
];

/** The rows of a caller; most have none. */
export function joinedRowsOf(caller: string): readonly JoinedRow[] {
  const rows = JOINED.filter(({ prefix }) => caller.startsWith(prefix));
  return rows.length === 0 ? NONE : rows;
}

/** Does one of the rows hold for this operation, in a step that began with `began`? */
export const isJoined = (rows: readonly JoinedRow[], op: OpKind, began: OpKind | undefined): boolean =>
  rows.some(({ ops, after }) => ops.includes(op) && (after === undefined || after === began));

/** Who calls these is no matter for the other tables: what they do is visible whoever does it. */
export const VISIBLE_TO_ALL = codesWhere((op) => isOf(op, "channel", "cond"));

const NONE: readonly JoinedRow[] = [];
