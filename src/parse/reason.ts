import type { OperationWaitReason } from "../model/run/operation.js";
import type { GoroutineState } from "../model/goroutine/snapshot.js";
import type { Stack } from "../model/goroutine/stack.js";
import { plainReason, stateOfReason } from "../model/goroutine/wait.js";

/**
 * Profiles do not say why a goroutine waits, but the runtime's own frames do. Innermost match wins; a row names the
 * function and the reason that a dump of the same goroutine would give (runtime/chan.go, select.go, sema.go, time.go).
 * debug=1 text hides leading `runtime.` frames (printStackRecord in runtime/pprof): there channels cannot be told.
 */
const REASONS: Readonly<Record<string, OperationWaitReason | "select (no cases)" | "coroutine" | "syscall" | "runnable" | "running">> = {
  "runtime.chansend": "chan send",
  "runtime.chansend1": "chan send",
  "runtime.chanrecv": "chan receive",
  "runtime.chanrecv1": "chan receive",
  "runtime.chanrecv2": "chan receive",
  "runtime.selectgo": "select",
  "runtime.block": "select (no cases)",
  "runtime.netpollblock": "IO wait",
  "internal/poll.runtime_pollWait": "IO wait",
  "internal/poll.runtime_pollWaitCanceled": "IO wait",
  "time.Sleep": "sleep",
  "sync.runtime_notifyListWait": "sync.Cond.Wait",
  "sync.runtime_SemacquireMutex": "sync.Mutex.Lock",
  "internal/sync.runtime_SemacquireMutex": "sync.Mutex.Lock",
  "sync.runtime_SemacquireRWMutexR": "sync.RWMutex.RLock",
  "sync.runtime_SemacquireRWMutex": "sync.RWMutex.Lock",
  "sync.runtime_SemacquireWaitGroup": "sync.WaitGroup.Wait",
  "sync.(*WaitGroup).Wait": "sync.WaitGroup.Wait",
  "sync.runtime_Semacquire": "semacquire",
  "internal/poll.runtime_Semacquire": "semacquire",
  "runtime.coroswitch_m": "coroutine",
  "runtime.coroswitch": "coroutine",
  "runtime.asyncPreempt": "runnable",
  "runtime.Gosched": "runnable",
  "runtime.cgocall": "syscall",
  "runtime.notetsleepg": "syscall",
  "syscall.Syscall": "syscall",
  "syscall.Syscall6": "syscall",
  "syscall.RawSyscall6": "syscall",
  "internal/runtime/syscall.Syscall6": "syscall",
  "internal/runtime/syscall/linux.Syscall6": "syscall",
  "runtime.goroutineProfileWithLabels": "running",
  "runtime.pprof_goroutineProfileWithLabels": "running",
  "runtime/pprof.writeRuntimeProfile": "running",
};

/** Made once: a large profile asks for each of its stacks. */
const OF_FUNCTION: ReadonlyMap<string, Reason> = new Map(
  Object.entries(REASONS).map(([name, row]) => [name, { state: stateOfReason(plainReason(row)), waitReason: row === "running" || row === "runnable" ? "" : row }]),
);
const UNKNOWN: Reason = { state: "unknown", waitReason: "" };

/** How deep the runtime's and the library's own frames may lie above the user's. */
const DEPTH = 12;

export interface Reason {
  readonly state: GoroutineState;
  readonly waitReason: string;
}

export function reasonOfStack(stack: Stack): Reason {
  for (let i = 0; i < stack.length && i < DEPTH; i++) {
    const reason = OF_FUNCTION.get(stack[i]!.function);
    // A semaphore, seen from inside: the caller says whose. Go on to it.
    if (reason?.waitReason === "semacquire" && stack[i + 1]?.function === "sync.(*WaitGroup).Wait") continue;
    if (reason !== undefined) return reason;
  }
  return UNKNOWN;
}
