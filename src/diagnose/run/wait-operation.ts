import { OPERATION_TABLE, type OpKind } from "../../model/run/operation.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { plainReason } from "../../model/goroutine/wait.js";

/** The runtime's words by the operation that waits; the first of those that share a word. */
const BY_REASON: ReadonlyMap<string, OpKind> = new Map<string, OpKind>([
  ["sync.Once.Do", "once"], // the word of TypeScript's runtime
  ...OPERATION_TABLE.flatMap(({ op, waitReason }): [string, OpKind][] => (waitReason === undefined ? [] : [[waitReason, op]])).reverse(),
]);

/** What a goroutine waits to do: as the host says, else from the runtime's words. */
export function waitingFor(goroutine: Goroutine): OpKind | undefined {
  return goroutine.blockedOn?.op ?? BY_REASON.get(plainReason(goroutine.waitReason));
}
