import { PROCESS, WEAK } from "../../../model/run/trace.js";
import type { Patch } from "../../overlay/patch.js";
import { enter, replace } from "./hook.js";

export function memoryHooks(): readonly Patch[] {
  return [
    replace(
      "runtime/mem_wasm.go",
      "sbrk",
      "\tif bl+n > blocMax {",
      "\tblocMax = uintptr(currentMemory()) * physPageSize\n\tif bl+n > blocMax {",
      "after a restore the module has more memory than the restored world knows",
    ),
    enter("runtime/mgc.go", "gcTrigger.test", "if unparkBox.hooks != 0 { return t.kind == gcTriggerHeap && unparkIsFull() }", "no collection during a run but where memory would not do: finalizers depend on it"),
    enter("runtime/mgc.go", "gcStart", "if unparkBox.hooks != 0 { unparkCollectFull(); return }", "that one is one step, too"),
    enter("runtime/mgc.go", "GC", "if unparkBox.hooks != 0 { unparkCollectNow(); return }", "a collection in one step, with the finalizers that it makes run; who asks for one is told of"),
    enter("runtime/mheap.go", "internal_weak_runtime_makeStrongFromWeak", `if unparkBox.hooks != 0 { unparkStub("${WEAK}") }`, "a loop that ends when an object has been collected goes round for ever here alone"),
    enter("syscall/syscall_wasip1.go", "Kill", "if true { return unparkKill(pid, signum) }", "a program may send signals to itself; WASI's end it"),
    ...["enable", "disable", "ignore"].map((name) => enter("os/signal/signal_unix.go", `${name}Signal`, `unparkIgnore(sig, ${name === "ignore"})`, "which signals are ignored")),
    enter("os/signal/signal_unix.go", "signalIgnored", "if true { return unparkIgnored>>uint(sig)&1 != 0 }", "the runtime does not know"),
    enter("os/exec/exec.go", "(*Cmd).Start", `unparkStub("${PROCESS}")`, "there are no other processes; who starts one is told of"),
    enter("runtime/mgc.go", "setSyncObjectsUntraceable", "unparkHideDefers()", "a goroutine's deferred calls do not keep alive what it waits for", {
      since: "1.26",
    }),
    replace("runtime/coro.go", "newcoro", "gp.coroarg = c", "gp.coroarg = c\n\tunparkNewCoro(gp, c)", "who can switch the goroutine that waits in it", { since: "1.26" }),
    { file: "runtime/coro.go", edit: { kind: "replace", old: "f  func(*coro)\n", new: "f  func(*coro)\n\tunparkMaker [1]uintptr\n" }, why: "who made it", since: "1.26" },
    replace("runtime/coro.go", "coroswitch", "gp.coroarg = c", "gp.coroarg = c\n\tgp.sigpc = uintptr(unsafe.Pointer(c))", "who can switch the goroutine that waits in it", { since: "1.26" }),
    enter("runtime/mgcmark.go", "(*g).internalBlocked", "if unparkInCoro(gp) { return false }", "an iter.Pull whose next and stop nobody holds never goes on", { since: "1.26" }),
    enter("runtime/mgc.go", "(*g).isMaybeRunnable", "if unparkCouldGoOn(gp) { return true }; if readgstatus(gp) == _Gwaiting && unparkInCoro(gp) { return isMarkedOrNotInHeap(unsafe.Pointer(gp.sigpc)) }", "it goes on if anybody can get at its coro; a select that was ready would go on by itself", { since: "1.26" }),
    enter("runtime/mgcmark.go", "scanstack", "unparkShowDefers(gp)", "a goroutine that may run has its deferred calls scanned", { since: "1.26" }),
    replace(
      "runtime/mgc.go",
      "setSyncObjectsUntraceable",
      "sg.c.setUntraceable()",
      "sg.c.setUntraceable()\n\t\t\t\tsg.elem.setUntraceable()",
      "the value to be sent may lie in the closure that holds the channel: `go func() { ch <- i }()` is missed otherwise",
      { since: "1.26" },
    ),
    enter("runtime/mfinal.go", "wakefing", "if unparkBox.leakGC == 1 { return nil }", "the leak collection only looks: finalizers run in a pass of their own"),
    enter("runtime/mcleanup.go", "(*cleanupQueue).needsWake", "if unparkBox.leakGC == 1 { return false }", "cleanups, too", { since: "1.25" }),
    ...["gcScanFinalizer", "gcScanCleanup"].map((name) =>
      enter("runtime/mgcmark.go", name, "if unparkFinalized { return }", "whose finalizers have not run by then, a stuck goroutine alone holds: it never will", { since: "1.26" }),
    ),
    enter(
      "runtime/malloc.go",
      "mallocgcTiny",
      "if unparkBox.idle != 0 { return mallocgcSmallNoscan(size, typ, true) }",
      "a mutex that shares its block with others is hidden from the leak collection",
    ),
    {
      file: "runtime/malloc.go",
      edit: { kind: "replace", old: "const sizeSpecializedMallocEnabled = goexperiment", new: "const sizeSpecializedMallocEnabled = false && goexperiment" },
      since: "1.26",
      why: "the specialised allocators share blocks as well",
    },
  ];
}
