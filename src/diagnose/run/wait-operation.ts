import type { OpKind } from "../../model/operation.js";
import type { Goroutine } from "../../model/snapshot.js";

/** The runtime's words for waiting (runtime2.go, waitReasonStrings) by the operation that waits. */
const BY_REASON: readonly (readonly [RegExp, OpKind])[] = [
  [/^chan send/, "send"],
  [/^chan receive/, "recv"],
  [/^select/, "select"],
  [/^sync\.Mutex\.Lock/, "lock"],
  [/^sync\.RWMutex\.RLock/, "rlock"],
  [/^sync\.RWMutex\.Lock/, "wlock"],
  [/^sync\.WaitGroup\.Wait/, "wgwait"],
  [/^sync\.Cond\.Wait/, "condwait"],
  [/^IO wait/, "io"],
  [/^sleep/, "sleep"],
  [/^sync\.Once/, "once"],
];

/** What a goroutine waits to do: as the host says, else from the runtime's words. */
export function waitingFor(goroutine: Goroutine): OpKind | undefined {
  return goroutine.blockedOn?.op ?? BY_REASON.find(([reason]) => reason.test(goroutine.waitReason))?.[1];
}
