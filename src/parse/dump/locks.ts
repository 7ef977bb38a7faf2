import { objectId } from "../../model/ids.js";
import type { OpKind } from "../../model/run/operation.js";
import type { Blocked } from "../../model/goroutine/snapshot.js";

/**
 * The frames whose first argument is the lock's own address, so that goroutines waiting for the same lock are seen to
 * do so. Standard library, Go 1.18 to 1.27: the fast paths (`Lock`, `RLock`) are inlined and show `(...)`.
 */
const LOCKS: Readonly<Record<string, OpKind>> = {
  "sync.(*Mutex).lockSlow": "lock",
  "internal/sync.(*Mutex).lockSlow": "lock",
  "sync.(*RWMutex).Lock": "wlock",
  "sync.(*RWMutex).RLock": "rlock",
  "sync.(*WaitGroup).Wait": "wgwait",
  "sync.(*Cond).Wait": "condwait",
};

export const lockOf = (name: string): OpKind | undefined => (Object.hasOwn(LOCKS, name) ? LOCKS[name] : undefined);

export function blockedOnLock(op: OpKind, address: number): Blocked {
  return { op, objects: [{ object: objectId(address), op }], nil: false };
}
