import { canBlock, OPERATION_TABLE, type BlockingOp } from "../run/operation.js";
import type { Goroutine, GoroutineState } from "./snapshot.js";
import type { Stack } from "./stack.js";

/**
 * The runtime's words for why a goroutine does not run, and what they mean. Sources: `waitReasonStrings` in
 * runtime/runtime2.go and `gStatusStrings` in runtime/traceback.go, Go 1.18 to 1.27.
 */
const STATES: Readonly<Record<string, GoroutineState>> = {
  running: "running",
  runnable: "runnable",
  preempted: "runnable",
  copystack: "running",
  syscall: "syscall",
  "waiting for cgo callback": "syscall",
  "IO wait": "io",
  sleep: "sleeping",
};

/** What a wait reason (without its additions) says; any word that is not in the table is a way of waiting. */
export const stateOfReason = (reason: string): GoroutineState =>
  reason === "" ? "unknown" : Object.hasOwn(STATES, reason) ? STATES[reason]! : "waiting";

/**
 * In which way a goroutine waits, coarse enough that every format has it: a profile shows the stack but not
 * whether the channel was nil, and old Go versions say `semacquire` for every lock.
 */
export type WaitKind =
  | "send" | "receive" | "select" | "lock" | "waitgroup" | "cond" | "semaphore" | "sleep" | "io" | "syscall"
  | "running" | "other" | "unknown";

const KIND_OF_OPERATION: Readonly<Record<BlockingOp, WaitKind>> = {
  send: "send",
  recv: "receive",
  select: "select",
  lock: "lock",
  rlock: "lock",
  wlock: "lock",
  wacquire: "lock",
  once: "lock",
  wgwait: "waitgroup",
  condwait: "cond",
  semacquire: "semaphore",
  semwait: "semaphore",
  sleep: "sleep",
  io: "io",
  netread: "io",
  netwrite: "io",
  netrecv: "io",
  netsend: "io",
  netaccept: "io",
};

const KINDS: ReadonlyMap<string, WaitKind> = new Map<string, WaitKind>([
  ...OPERATION_TABLE.flatMap(({ op, waitReason }): [string, WaitKind][] =>
    waitReason !== undefined && canBlock(op) ? [[waitReason, KIND_OF_OPERATION[op]]] : [],
  ),
  ["errgroup.Wait", "waitgroup"], // TypeScript's
  ["syscall", "syscall"],
  ["waiting for cgo callback", "syscall"],
  ["running", "running"],
  ["runnable", "running"],
  ["preempted", "running"],
  ["", "unknown"],
]);

/** `chan receive (nil chan)` → `chan receive`: the words without what only some formats have. */
export const plainReason = (reason: string): string => {
  const cut = reason.indexOf(" (");
  return cut < 0 ? reason : reason.slice(0, cut);
};

export function waitKind(goroutine: Pick<Goroutine, "waitReason" | "state" | "stack">): WaitKind {
  if (goroutine.state === "running" || goroutine.state === "runnable") return "running";
  const kind = KINDS.get(plainReason(goroutine.waitReason)) ?? "other";
  return kind === "semaphore" ? semaphoreKind(goroutine.stack) : kind;
}

/** Whose semaphore it is: up to Go 1.20 the runtime says `semacquire` of every lock, up to Go 1.24 of every WaitGroup. */
function semaphoreKind(stack: Stack): WaitKind {
  for (const { function: name } of stack.slice(0, DEPTH)) {
    if (/^(internal\/)?sync\.(\(\*(RW)?Mutex\)|runtime_Semacquire(RW)?Mutex)/.test(name)) return "lock";
    if (name === "sync.(*WaitGroup).Wait") return "waitgroup";
  }
  return "semaphore";
}
/** The runtime's own frames (gopark, goparkunlock, semacquire1) may lie above. */
const DEPTH = 6;
