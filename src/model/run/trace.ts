import type { Choice } from "./choice.js";
import type { GoroutineName, Nanos } from "../ids.js";
import type { Access, OpKind } from "./operation.js";
import type { Creator } from "../goroutine/snapshot.js";
import type { Stack } from "../goroutine/stack.js";

/** Of `Trace.stubs`, those that are Unpark's own: what they ask for does not happen in a run. */
export const COLLECTION = "runtime.GC";
/** One that nobody asked for: memory would not have done. It is no stub of a trace: natively it comes, too. */
export const COLLECTION_UNASKED = "runtime.gcStart";
/** Who asks whether an object is still there: in a run nothing goes. */
export const WEAK = "weak.Pointer.Value";
/** A file's permissions refused what root, who runs the tests natively in many containers, may do. */
export const PERMISSION = "permission denied";
export const PROCESS = "os/exec.(*Cmd).Start";
/** A bubble as Go 1.24's experiment has it: its clock is not under control, and moves only as the rest is blocked. */
export const BUBBLE = "internal/synctest.Run";
/** The network under control has no groups. */
export const MULTICAST = "net.ListenMulticastUDP";
/** Those that a trace has: none answers ENOSYS. */
export const OWN_STUBS: readonly string[] = [COLLECTION, PERMISSION, PROCESS, BUBBLE, MULTICAST];

/** One run, step by step: what a replay records so that a person can follow it and diagnosis can find evidence. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  /** Every goroutine that lived in the run, in order of creation. */
  readonly lives: readonly GoroutineLife[];
  /** Functions that the run called and that do not do here what they do natively: they were not written for this system, and answer ENOSYS; or OWN_STUBS. */
  readonly stubs?: readonly string[];
  /** Of each goroutine that was left, where it had come to and did not go on; where the run was traced with values. */
  readonly stands?: ReadonlyMap<GoroutineName, Stack>;
}

export interface TraceStep {
  readonly choice: Choice;
  /** What was done: one act; two when a send and a receive met; none for the clock. */
  readonly acts: readonly Act[];
  /** What the goroutine did besides in the same step, in order: operations of the standard library that are no choice of their own. */
  readonly joined?: readonly Act[];
  /** Virtual time since the run began, after the step. */
  readonly time: Nanos;
}

export interface Act {
  readonly goroutine: GoroutineName;
  readonly op: OpKind;
  readonly accesses: readonly Access[];
  /** The stack at the operation, innermost frame first; the runtime's own frames left out. */
  readonly stack: Stack;
  /** For a select: which case; DEFAULT_CASE for default. For a draw: the value. For WaitGroup.Add: the delta. */
  readonly detail?: number;
  /** A channel operation's channel was closed (recv), or nil. */
  readonly note?: "closed" | "nil";
}

export interface GoroutineLife {
  readonly name: GoroutineName;
  readonly createdBy?: Creator;
  /** The stack of the `go` statement, where the host knows it: whose call led to one of a library's. */
  readonly startedFrom?: Stack;
  /** The function it was started with. */
  readonly entry: string;
  /** Index of the step during which it was started (-1: before the first), and of the one in which it ended. */
  readonly startedAt: number;
  readonly endedAt?: number;
}
