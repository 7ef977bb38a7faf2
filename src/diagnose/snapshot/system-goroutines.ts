import { MARK } from "../../model/goroutine/frame-marks.js";
import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import { isObserver } from "./observer.js";

/**
 * Goroutines that are nobody's leak, whatever they wait for: the runtime's own workers (runtime/runtime2.go,
 * waitReasonStrings: they are shown with GOTRACEBACK=system, and up to Go 1.3 always), the test runner's, and those that
 * look at the others (profiles, traces, gops).
 */
const RUNTIME_REASONS = /^(?:finalizer wait|cleanup wait|GC (?:worker|sweep|scavenge|assist|background sweeper)|force gc|trace reader|wait for GC|debug call|GOMAXPROCS updater|timer goroutine|sync event|system goroutine|garbage collection|dumping heap|flushing proc caches)/;

export const isSystem = (group: GoroutineGroup): boolean =>
  (group.marks & MARK.system) !== 0 || (group.kind === "other" && RUNTIME_REASONS.test(group.waitReason)) || (group.first.stack.length > 0 && isObserver(group));
