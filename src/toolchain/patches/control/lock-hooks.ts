import { BUBBLE } from "../../../model/run/trace.js";
import type { Patch } from "../../overlay/patch.js";
import { address, enter, PC, replace } from "./hook.js";

export function lockHooks(): readonly Patch[] {
  const mutex = "internal/sync/mutex.go";
  const rw = "sync/rwmutex.go";
  const point = (op: string, object: string, aux = "0", pc = "0"): string => `unparkPoint(${op}, ${address(object)}, ${aux}, ${pc})`;
  return [
    { file: mutex, edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls Lock tells noise of the standard library" },
    enter(mutex, "(*Mutex).Lock", point("unparkLock", "m", "0", PC), "a lock is visible"),
    enter(mutex, "(*Mutex).TryLock", point("unparkTryLock", "m", "0", PC), "a try is visible"),
    enter(mutex, "(*Mutex).Unlock", point("unparkUnlock", "m", "0", PC), "an unlock is visible"),
    { file: rw, edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls tells noise of the standard library" },
    enter(rw, "(*RWMutex).RLock", point("unparkRLock", "rw", "0", PC), "a read lock is visible"),
    enter(rw, "(*RWMutex).TryRLock", point("unparkTryRLock", "rw", "0", PC), "a try is visible"),
    enter(rw, "(*RWMutex).RUnlock", point("unparkRUnlock", "rw", "0", PC), "a read unlock is visible"),
    enter(rw, "(*RWMutex).Lock", point("unparkWLock", "rw", "0", PC), "a waiting writer shuts out readers"),
    replace(
      rw,
      "(*RWMutex).Lock",
      "runtime_SemacquireRWMutex(&rw.writerSem, false, 0)\n\t}",
      `${point("unparkWAcquire", "rw")}; runtime_SemacquireRWMutex(&rw.writerSem, false, 0)\n\t} else {\n\t\t${point("unparkWAcquire", "rw", "1", PC)}\n\t}`,
      "the writer goes on when the readers have left; a step of its own even if there were none, or their leaving would not commute with the announcement",
    ),
    enter(rw, "(*RWMutex).TryLock", point("unparkTryWLock", "rw", "0", PC), "a try is visible"),
    enter(rw, "(*RWMutex).Unlock", point("unparkWUnlock", "rw", "0", PC), "a write unlock is visible"),
    enter("sync/waitgroup.go", "(*WaitGroup).Add", point("unparkWGAdd", "wg", "int32(delta)"), "the counter is visible"),
    enter("sync/waitgroup.go", "(*WaitGroup).Wait", point("unparkWGWait", "wg"), "waits for the counter"),
    enter("sync/pool.go", "(*Pool).Put", "unparkPooled(x)", "what was done with an object comes before what is done with it by who gets it"),
    replace("sync/pool.go", "(*Pool).Get", "if x == nil && p.New != nil {", "unparkPooled(x)\n\tif x == nil && p.New != nil {", "the other side"),
    ...["synctestWait", "synctestRun"].map((name) =>
      replace("runtime/synctest.go", name, "if raceenabled {", "unparkRest()\n\tif raceenabled {", "what the others in a bubble did before they blocked comes before what is done after the wait", { since: "1.25" }),
    ),
    enter("runtime/synctest.go", "synctestRun", `if unparkBox.hooks != 0 { unparkStub("${BUBBLE}") }`, "the experiment's clock is not under control; who asks for it is told of", { before: "1.25" }),
    enter("sync/cond.go", "(*Cond).Wait", point("unparkCondWait", "c", "0", PC), "enters the waiting list"),
    enter("sync/cond.go", "(*Cond).Signal", point("unparkCondSignal", "c", "0", PC), "wakes the first of the list"),
    enter("sync/cond.go", "(*Cond).Broadcast", point("unparkCondBroadcast", "c", "0", PC), "wakes the list"),
    { file: "sync/cond.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls" },
    { file: "sync/once.go", edit: { kind: "import", path: "unsafe" }, why: "the object's address" },
    { file: "sync/once.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls Do tells noise of the standard library" },
    enter("sync/once.go", "(*Once).Do", point("unparkOnce", "o", "0", PC), "who comes first is visible"),
    replace(
      "sync/once.go",
      "(*Once).doSlow",
      "\t\tf()",
      `\t\tdefer ${point("unparkOnceDone", "o")}\n\t\tf()`,
      "the others go on when it is done",
    ),
    enter(
      "runtime/sema.go",
      "semacquire1",
      `unparkPoint(unparkSemacquire, ${address("addr")}, int32(reason), 0)`,
      "whatever else waits on a semaphore",
    ),
    enter(
      "context/context.go",
      "(*cancelCtx).propagateCancel",
      "c.done.Store(make(chan struct{}))",
      "else the first Done makes it, and whether that comes before the cancellation changes which channel is waited for",
    ),
  ];
}
