import type { GoroutineGroup } from "../../model/goroutine-group.js";
import { isObserver } from "./observer.js";

/**
 * Goroutines that are nobody's leak, whatever they wait for: the runtime's own workers (runtime/runtime2.go,
 * waitReasonStrings: they are shown with GOTRACEBACK=system, and up to Go 1.3 always), the test runner's, and those that
 * look at the others (profiles, traces, gops).
 */
const RUNTIME_REASONS = /^(?:finalizer wait|cleanup wait|GC (?:worker|sweep|scavenge|assist|background sweeper)|force gc|trace reader|wait for GC|debug call|GOMAXPROCS updater|timer goroutine|sync event|system goroutine|garbage collection|dumping heap|flushing proc caches)/;
const OWN = /^(?:runtime\.(?:runfinq|runFinalizers|bgsweep|bgscavenge|forcegchelper|gcBgMarkWorker|timerproc|runCleanups|unique_runtime_registerUniqueMapCleanup|ensureSigM)|runfinq$|os\/signal\.(?:loop|signal_recv)|testing\.\(\*M\)\.startAlarm|testing\.\(\*T\)\.(?:Run|Parallel)|testing\.\(\*B\)\.|testing\.runTests|testing\.\(\*(?:testContext|testState)\)\.waitParallel|testing\.runFuzzing|testing\/synctest\.|runtime\/trace\.Start)/;

export const isSystem = (group: GoroutineGroup): boolean =>
  RUNTIME_REASONS.test(group.waitReason) || (group.goroutines[0]?.stack ?? []).some(({ function: name }) => OWN.test(name)) || (isObserver(group) && group.stack.length > 0);
