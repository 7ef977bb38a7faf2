import { optional } from "../../base/optional.js";
import { hideFile } from "./native-patches.js";
import type { AddedFile, Patch, PatchSet } from "../overlay/patch.js";

/**
 * What `--deep` and `--each` add to the native hooks: the runtime's own collection is asked more, owners go through
 * timers, and each owner counts its goroutines (go/native/runtime/unpark.go). Everything is compiled again for it, once.
 * For Go 1.26 and later, which have the collection.
 */
export function deepPatches(): PatchSet {
  return { name: "native-deep", patches: [...collection(), ...memory(), ...owners()], files: files() };
}

function replace(file: string, name: string | undefined, old: string, text: string, why: string, since = "1.26"): Patch {
  return { file, ...optional({ function: name }), edit: { kind: "replace", old, new: text }, why, since };
}

const GC = "runtime/mgc.go";

function collection(): readonly Patch[] {
  return [
    replace(GC, "findGoroutineLeaks", "\t\tcasgstatus(gp, _Gwaiting, _Gleaked)", "\t\tif unparkGC.on { unparkFound(gp) } else { casgstatus(gp, _Gwaiting, _Gleaked) }", "what is found is noted, and stays as it is"),
    replace(GC, "findGoroutineLeaks", "gp0.waitreason == waitReasonSelectNoCases {", "gp0.waitreason == waitReasonSelectNoCases && !unparkGC.on {", "its status was not changed", "1.27"),
    replace(GC, "setSyncObjectsUntraceable", "sg.c.setUntraceable()", "sg.c.setUntraceable(); if gp.waitreason != waitReasonChanReceive { sg.elem.setUntraceable() }", "the value to be sent may lie in the closure that holds the channel; where a receiver's value goes is kept alive by nobody else"),
    {
      file: GC,
      function: "(*g).isMaybeRunnable",
      edit: { kind: "enter", text: "if alive, ok := unparkIsOpen(gp); ok { return alive }" },
      why: "whether a ticker or a packet is all that could wake it",
      since: "1.26",
    },
    replace("runtime/mgcmark.go", "allGsSnapshotSortedForGC", "gp.internalBlocked() {", "(gp.internalBlocked() && !unparkAsks(gp)) {", "waiting for the network is no proof of life"),
    {
      file: "internal/poll/fd_poll_runtime.go",
      function: "(*pollDesc).wait",
      edit: { kind: "replace", old: "\tres := runtime_pollWait", new: "\tunparkPoll(unsafe.Pointer(pd)); res := runtime_pollWait" },
      why: "which FD is waited for",
    },
    { file: "internal/poll/fd_poll_runtime.go", edit: { kind: "import", path: "unsafe" }, why: "the FD's address" },
    replace(
      "runtime/runtime2.go",
      undefined,
      "\tlabels          unsafe.Pointer // profiler labels\n",
      "\tlabels          unsafe.Pointer; unparkFD uintptr; unparkLeft bool\n",
      "what the collection asks of a goroutine",
    ),
  ];
}

function memory(): readonly Patch[] {
  return [
    {
      file: "runtime/malloc.go",
      function: "mallocgcTiny",
      edit: { kind: "enter", text: "if unparkNoTiny { return mallocgcSmallNoscan(size, typ, true) }" },
      why: "a mutex that shares its block with others is hidden from the leak collection",
    },
    { file: "runtime/malloc.go", edit: { kind: "declare", text: "const unparkNoTiny = true" }, why: "no shared blocks" },
    replace("runtime/malloc.go", undefined, "const sizeSpecializedMallocEnabled = goexperiment", "const sizeSpecializedMallocEnabled = false && goexperiment", "the specialised allocators share blocks as well"),
  ];
}

function owners(): readonly Patch[] {
  return [
    replace("time/sleep.go", "AfterFunc", "goFunc, f, nil", "goFunc, unparkOwned(f), nil", "a timer's goroutine belongs to whom the timer belongs"),
    replace("runtime/proc.go", "newproc1", "newg.labels = mp.curg.labels", "newg.labels = mp.curg.labels; unparkCount(newg.labels, 1)", "an owner has one more goroutine"),
    replace("runtime/proc.go", "gdestroy", "\tgp.labels = nil", "\tunparkCount(gp.labels, -1); gp.labels = nil", "an owner has one less"),
    replace(
      "runtime/proflabel.go",
      "runtime_setProfLabel",
      "\tgetg().labels = labels",
      "\tunparkCount(getg().labels, -1); unparkCount(labels, 1); getg().labels = labels",
      "a goroutine changes its owner",
    ),
  ];
}

function files(): readonly AddedFile[] {
  return [
    { file: "runtime/unpark.go", source: "native/runtime/unpark.go" },
    { file: "internal/poll/unpark.go", source: "native/poll/unpark.go" },
    { file: "time/unpark.go", source: "native/time/unpark.go" },
    { file: "runtime/pprof/unpark_form.go", source: "native/pprof/unpark_deep.go" },
    hideFile(false),
  ];
}
