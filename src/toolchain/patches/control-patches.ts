import { BUBBLE, PROCESS, WEAK } from "../../model/run/trace.js";
import type { AddedFile, Patch, PatchSet } from "../overlay/patch.js";

/**
 * The hooks of the controlled mode: what is put into the user's own standard library so that every visible operation
 * stops at a point where the host decides (go/runtime/unpark.go). One row per hook, with its reason. Supported and
 * tried in tests: Go 1.24 to 1.27.
 */
export function controlPatches(): PatchSet {
  return { name: "control", patches: patches(), files: files() };
}

const PC = "sys.GetCallerPC()";
const address = (pointer: string): string => `uintptr(unsafe.Pointer(${pointer}))`;

function enter(file: string, name: string, text: string, why: string, versions: { since?: string; before?: string } = {}): Patch {
  return { file, function: name, edit: { kind: "enter", text }, why, ...versions };
}

function replace(file: string, name: string, old: string, text: string, why: string, versions: { since?: string; before?: string } = {}): Patch {
  return { file, function: name, edit: { kind: "replace", old, new: text }, why, ...versions };
}

function patches(): readonly Patch[] {
  return [...channels(), ...locks(), ...scheduler(), ...time(), ...randomness(), ...memory(), ...testing(), ...network(), ...rawSockets(), ...osFiles(), ...permissions(), ...mappedFiles(), ...pipes(), ...firstUses()];
}

/**
 * What the standard library makes at its first use, the same in each run, is made with its package: a run starts behind that, and would make it
 * again each time (a timer's first setting was 6 % of a program that selects between two). No run can tell: each of these passes as noise
 * (src/host/ignored/ignored-operations.ts), reads no clock, draws nothing, and a setting that is changed later is changed all the same.
 */
function firstUses(): readonly Patch[] {
  const first = (file: string, text: string, versions: { before?: string } = {}): Patch => ({ file, edit: { kind: "declare", text: `func init() { ${text} }` }, why: "the same in each run: made before the first", ...versions });
  return [
    first("time/sleep.go", "asynctimerchan.Value()", { before: "1.27" }),
    first("runtime/netpoll_wasip1.go", "netpollGenericInit()"), // of the first timer
    first("fmt/print.go", "ppFree.Get()"),
    first("net/textproto/reader.go", "commonHeaderOnce.Do(initCommonHeader)"),
    first("net/http/header.go", 'headerNewlineToSpace.Replace("")'),
    first("net/http/server.go", "http2server.Value()"),
    first("net/http/transport.go", "http2client.Value()"),
  ];
}

function channels(): readonly Patch[] {
  const chan = "runtime/chan.go";
  const select = "runtime/select.go";
  return [
    enter(chan, "chansend", `unparkPoint(unparkSend, ${address("c")}, unparkBlock(block), callerpc)`, "a send is visible"),
    enter(chan, "chanrecv", `unparkPoint(unparkRecv, ${address("c")}, unparkBlock(block), unparkPoller())`, "a receive is visible"),
    replace(chan, "selectnbrecv", "return chanrecv(", `unparkPolls = ${PC}\n\treturn chanrecv(`, "who polls: chanrecv is not told"),
    enter(chan, "closechan", `unparkPoint(unparkClose, ${address("c")}, 0, ${PC})`, "a close is visible"),
    enter(
      select,
      "selectgo",
      `unparkRoom()\n\tunparkPoint(unparkSelect, ${address("cas0")}, int32(nsends)|int32(nrecvs)<<15|unparkBlock(block)<<30, 0)`,
      "a select is visible; its cases lie on the stack, which must not move before the goroutine stops",
    ),
    replace(select, "selectgo", "cheaprandn(uint32(norder + 1))", "unparkSelectOrder(uint32(norder+1), i)", "the host chooses the case"),
    replace(
      select,
      "selectgo",
      "for _, casei := range pollorder {",
      "for _, casei := range unparkSelectPoll(pollorder) {",
      "when two selects meet, the first waits in the queues whatever else is ready",
    ),
    {
      file: chan,
      edit: { kind: "declare", text: "func unparkBlock(block bool) int32 {\n\tif block {\n\t\treturn 1\n\t}\n\treturn 0\n}\n" },
      why: "whether an operation may wait, as a number",
    },
  ];
}

function locks(): readonly Patch[] {
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
    ...["StorePointer", "SwapPointer", "CompareAndSwapPointer"].map((name) =>
      enter(
        "runtime/atomic_pointer.go",
        `sync_atomic_${name}`,
        `unparkPoint(${name === "StorePointer" ? "unparkStore" : "unparkRMW"}, ${address("ptr")}, 0, ${PC})`,
        "an atomic is visible",
      ),
    ),
    { file: "runtime/atomic_pointer.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls the atomic" },
    ...["Load", "Store", "Swap", "CompareAndSwap"].map((name) =>
      enter("sync/atomic/value.go", `(*Value).${name}`, point(name === "Load" ? "unparkLoad" : "unparkRMW", "v", "0", PC), "a Value is one object, whatever it does inside"),
    ),
    { file: "sync/atomic/value.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it" },
    ...["Load", "Store", "Swap", "CompareAndSwap"].map((name) =>
      enter(
        "sync/atomic/type.go",
        `(*Pointer).${name}`,
        point(name === "Load" ? "unparkLoad" : name === "Store" ? "unparkStore" : "unparkRMW", "&x.v", "0", PC),
        "in generic code it is called, not inlined: its caller is then not the one of the function within",
      ),
    ),
    { file: "sync/atomic/type.go", edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it" },
    enter(
      "context/context.go",
      "(*cancelCtx).propagateCancel",
      "c.done.Store(make(chan struct{}))",
      "else the first Done makes it, and whether that comes before the cancellation changes which channel is waited for",
    ),
    ...maps("sync/map.go", ["Delete"], { since: "1.26" }),
    ...maps("sync/hashtriemap.go", [], { before: "1.26" }), // there Delete calls LoadAndDelete
    replace("internal/sync/hashtriemap.go", "(*indirect).empty", "i.children[j].Load() != nil", "*(*unsafe.Pointer)(unsafe.Pointer(&i.children[j])) != nil", "who deletes holds the node's lock: the sixteen loads are no points (4 % of a test's end)"),
  ];
}

function maps(file: string, more: readonly string[], versions: { since?: string; before?: string }): readonly Patch[] {
  const reads = ["Load", "Range"];
  const changes = ["Store", "Swap", "LoadOrStore", "LoadAndDelete", "CompareAndSwap", "CompareAndDelete", "Clear"];
  return [
    ...[...reads, ...changes, ...more].map((name) =>
      enter(
        file,
        `(*Map).${name}`,
        `unparkPoint(${reads.includes(name) ? "unparkLoad" : "unparkRMW"}, ${address("m")}, 0, ${PC})`,
        "a Map is one object, whatever it does inside",
        versions,
      ),
    ),
    { file, edit: { kind: "import", path: "unsafe" }, why: "the object's address", ...versions },
    { file, edit: { kind: "import", path: "internal/runtime/sys" }, why: "who calls it", ...versions },
  ];
}

function scheduler(): readonly Patch[] {
  const proc = "runtime/proc.go";
  return [
    replace("time/sleep.go", "when", "return runtimeNano()\n\t}\n\tt :=", "return unparkPast(runtimeNano())\n\t}\n\tt :=", "a timer that is set into the past is due, whatever its goroutine reads from the clock: that lies before it by a tick for each step"),
    { file: "time/sleep.go", edit: { kind: "declare", text: "func unparkPast(now int64) int64\n" }, why: "the runtime knows where that holds: in no bubble" },
    enter("runtime/debug.go", "GOMAXPROCS", "if true { return unparkProcs(n) }", "a program that asks how many may run at once gets more than one, as everywhere but here"),
    enter("runtime/debug.go", "NumCPU", "if true { return unparkCPUs }", "the same"),
    enter(proc, "Gosched", "unparkPoint(unparkYield, 0, 0, 0)", "a yield goes on after another goroutine has moved"),
    {
      file: proc,
      function: "exitsyscall",
      edit: { kind: "replace", old: "Gosched()", new: "goschedNoPoint()" },
      why: "no write barriers are allowed there",
    },
    enter(proc, "newproc1", "unparkStack()", "to copy the stacks of a few goroutines again and again takes a tenth of their time"),
    replace(proc, "newproc1", "malg(stackMin)", "malg(int32(startingStackSize))", "the same"),
    {
      file: proc,
      function: "newproc1",
      edit: { kind: "replace", old: "return newg", new: "unparkGo(callergp, newg)\n\n\treturn newg" },
      why: "the name of a goroutine follows from who started it",
    },
    enter(proc, "gdestroy", "unparkEnd(gp)", "a goroutine has ended"),
    replace(proc, "casgstatus", "if !gp.tracking {", "if !gp.tracking || unparkBox.hooks != 0 {", "how long a goroutine waits to be run is no property of the program: nobody reads the clock for it"),
    replace(proc, "main", "fn := main_main", "unparkMain()\n\tfn := main_main", "control begins before main.main"),
    replace(proc, "main", "\tfn()\n", "\tfn()\n\tunparkMainReturned(0)\n", "main's return ends the scope"),
    enter(proc, "os_beforeExit", "unparkMainReturned(exitCode)", "os.Exit ends the scope"),
    replace(
      "runtime/traceback.go",
      "goroutineheader",
      "\t// approx time the G is blocked, in minutes",
      "\tif gpstatus == _Gwaiting {\n\t\tstatus = unparkShownState(gp, status)\n\t}\n\n\t// approx time the G is blocked, in minutes",
      "a program that looks at stacks (goleak) sees the states that it would see natively",
    ),
    enter(proc, "findRunnable", "if gp := unparkNext(); gp != nil { return gp, false, false }", "between two steps there is one who goes on, and the host names it"),
    replace(
      "runtime/lock_wasip1.go",
      "beforeIdle",
      "return nil, false",
      "return unparkIdle(pollUntil)",
      "nothing is runnable: the host decides",
    ),
    enter(
      "runtime/lock_wasip1.go",
      "notetsleepg",
      "if n == &sig.note && unparkBox.hooks != 0 { gopark(nil, nil, waitReasonSleep, traceBlockGeneric, 1) }",
      "os/signal's loop waits for signals by yielding for ever; none ever comes here",
    ),
    {
      file: "runtime/lock_wasip1.go",
      edit: { kind: "replace", old: "func beforeIdle(int64, int64) (*g, bool) {", new: "//go:yeswritebarrierrec\nfunc beforeIdle(now, pollUntil int64) (*g, bool) {" },
      why: "the time of the next timer",
    },
  ];
}

function time(): readonly Patch[] {
  const file = "runtime/time.go";
  return [
    enter("runtime/os_wasip1.go", "nanotime1", "if true { return int64(unparkHostClock()) }", "the same clock as WASI's, by way of no memory"),
    enter("runtime/os_wasip1.go", "walltime1", "if true { return unparkWallTime() }", "the same"),
    enter(file, "timeSleep", "if unparkSleep(ns) { return }", "sleeping is waiting for the clock, which the host owns"),
    enter(file, "stopTimer", `unparkPoint(unparkTimerStop, ${address("&t.timer")}, 0, 0)`, "stopping races with the clock"),
    enter(file, "resetTimer", `unparkPoint(unparkTimerReset, ${address("&t.timer")}, 0, 0)`, "resetting races with the clock"),
    replace(
      file,
      "(*timer).maybeRunChan",
      "now := nanotime()",
      "var now int64\n\tsystemstack(func() { now = nanotime() })",
      "whether a timer is due follows the clock itself, not what the goroutine has read",
    ),
    replace(file, "newTimer", "t := new(timeTimer)", "t := new(timeTimer)\n\tunparkNewTimer(&t.timer)", "what a timer starts is named after its maker"),
    enter(file, "(*timer).unlockAndRun", `unparkBox.timer = uint32(${address("t")})`, "whose function runs now"),
  ];
}

/** cheaprand stays as it is: the allocator's sampling draws from it at times that depend on everybody's allocations. */
function randomness(): readonly Patch[] {
  const choose = (type: string): string => `if v, ok := unparkChooseRandom(int64(n)); ok { return ${type}(v) }`;
  return [
    enter("runtime/rand.go", "rand", "if unparkRandOn() { return unparkRand() }", "each goroutine draws from a stream of its own"),
    ...(["Int63n", "Int31n", "Intn"] as const).map((name) =>
      enter("math/rand/rand.go", name, choose({ Int63n: "int64", Int31n: "int32", Intn: "int" }[name]), "a draw from few values is a choice"),
    ),
    ...(["Uint64N", "Uint32N", "Int64N", "Int32N", "IntN", "UintN"] as const).map((name) =>
      enter("math/rand/v2/rand.go", name, choose(name.slice(0, -1).toLowerCase()), "a draw from few values is a choice"),
    ),
  ];
}

function memory(): readonly Patch[] {
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
    enter("runtime/mgc.go", "(*g).isMaybeRunnable", "if readgstatus(gp) == _Gwaiting && unparkInCoro(gp) { return isMarkedOrNotInHeap(unsafe.Pointer(gp.sigpc)) }", "it goes on if anybody can get at its coro", { since: "1.26" }),
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

function testing(): readonly Patch[] {
  const file = "testing/testing.go";
  return [
    replace(file, "(*M).Run", "haveExamples = len(m.examples) > 0", "unparkPrograms(m); haveExamples = len(m.examples) > 0", "each test is a program of its own"),
    replace(file, "Init", `"test.parallel", runtime.GOMAXPROCS(0)`, `"test.parallel", 8`, "compiled to WebAssembly Go sees one processor, and would run parallel tests one after the other; no flag, for Ginkgo refuses that one"),
    enter(file, "runTests", "if unparkNested == 0 && unparkRun.kind != unparkTest { return false, true }", "the program is none of the tests"),
    enter(file, "RunTests", "unparkNested++; defer func() { unparkNested-- }()", "a test that runs tests: their end is not the end of its scope (testify's own suite package)"),
    replace(file, "runTests", "return ran, ok", "unparkOver(unparkTest, !ok); return ran, ok", "the scope of the test is over"),
    replace("testing/fuzz.go", "runFuzzTests", "}\n\n\treturn ran, ok", "}\n\n\tunparkOver(unparkFuzz, !ok); return ran, ok", "the scope of the fuzz target is over"),
    replace("testing/run_example_wasm.go", "runExample", "_, seekErr := f.Seek(0, io.SeekStart)", "f, seekErr := unparkExampleOutput(f)", "an example may close what it prints to"),
    replace("testing/example.go", "runExamples", "return ran, ok", "unparkOver(unparkExample, !ok); return ran, ok", "the scope of the example is over"),
    replace("testing/benchmark.go", "runBenchmarks", "return !main.failed", "unparkOver(unparkBenchmark, main.failed); return !main.failed", "the scope of the benchmark is over"),
    replace(
      "testing/match.go",
      "(*matcher).fullName",
      "return name, ok, partial",
      "return name, ok && unparkAdmits(c, name), partial",
      "a subtest may be a program of its own",
    ),
    enter(file, "(*common).log", "if unparkLogs(c) { return }", "a goroutine that outlives its test panics if it still logs, where no parent takes the line, and the process has not ended"),
    enter(file, "(*common).Fail", "unparkFails(c)", "a goroutine that outlives its test panics if it still fails it; what comes after it comes of it"),
    enter(file, "(*common).FailNow", "unparkFailsNow()", "what is left by who is ended in the middle of its work comes of that"),
    replace(file, "tRunner", "callerName(0)", '"testing.tRunner"', "it need not be looked up for each test"),
    replace(file, "tRunner", "t.done = true", "unparkDone(&t.common, unparkStore)\n\t\t\tt.done = true", "from here on it does"),
    replace("testing/fuzz.go", "fRunner", "f.done = true", "unparkDone(&f.common, unparkStore); f.done = true", "so does that of a fuzz target"),
    { file, edit: { kind: "replace", old: "mu          sync.RWMutex ", new: "mu          unparkMutex  " }, why: "nothing that it guards is visible, and the end of a test takes it nine times" },
    ...["(*common).Failed", "(*common).checkRaces"].map((name) => replace(file, name, "c.lastRaceErrors.Load()", "int64(race.Errors())", "nobody looks for races there, and none has come since")),
    enter(file, "(*T).report", "if t.chatty == nil && !t.Failed() { return }", "what is not printed need not be formatted"),
    replace(file, "(*testState).waitParallel", "s.mu.Unlock()\n\t<-s.startParallel", "next := unparkWaits(s.startParallel)\n\ts.mu.Unlock()\n\t<-next", "of parallel tests that wait for a place the first comes first"),
    replace(file, "(*testState).release", "s.startParallel <- true", "unparkStarts(s.startParallel) <- true", "the other side"),
    enter(file, "(*common).SkipNow", "unparkSkips(c)", "a skipped test is not a passed one"),
  ];
}

/** go/net/net_fake.go takes the place of Go's own. */
function network(): readonly Patch[] {
  const taken = "if fd.fakeNetFD != nil { return nil }";
  return [
    ...["setKeepAlive"].map((name) => enter("net/sockopt_fake.go", name, taken, "an option of a socket that has none of it, as Linux takes it")),
    ...["setNoDelay", "setKeepAliveIdle", "setKeepAliveInterval", "setKeepAliveCount"].map((name) =>
      enter("net/tcpsockopt_stub.go", name, taken, "an option of a socket that has none of it, as Linux takes it"),
    ),
    enter("net/interface_stub.go", "interfaceTable", "if true { return unparkInterfaces(ifindex), nil }", "the machine has a loopback interface"),
    enter("net/interface_stub.go", "interfaceAddrTable", "if true { return unparkInterfaceAddrs(ifi), nil }", "the machine has a loopback interface"),
    enter(
      "net/dnsclient_unix.go",
      "(*Resolver).tryOneName",
      'if true { return dnsmessage.Parser{}, "", newDNSError(errNoSuchHost, name, "") }',
      "no server answers: names are those of /etc/hosts",
    ),
    enter("syscall/syscall_wasip1.go", "Errno.Error", 'if s := unparkErrorText(e); s != "" { return s }', "tests compare errors with the words of Linux"),
    enter(
      "runtime/runtime2.go",
      "waitReason.isSyncWait",
      "if w == waitReasonIOWait { return true }",
      "a goroutine that waits for a connection (unpark_net.go) waits for whoever holds it",
      { since: "1.26" },
    ),
    enter(
      "runtime/mgcmark.go",
      "(*g).internalBlocked",
      "if gp.waitreason == waitReasonIOWait && gp.waiting != nil { return false }",
      "nobody outside can wake it",
      { since: "1.26" },
    ),
    enter(
      "runtime/mgc.go",
      "(*g).isMaybeRunnable",
      "if readgstatus(gp) == _Gwaiting && gp.waitreason == waitReasonIOWait && gp.waiting != nil { return isMarkedOrNotInHeap(gp.waiting.elem.get()) }",
      "it can go on if anybody can get at the connection",
      { since: "1.26" },
    ),
  ];
}

/** go/syscall/unpark_socket.go, go/net/unpark_raw.go: sockets by number, as options and RawConn have them. */
function rawSockets(): readonly Patch[] {
  const file = "syscall/net_wasip1.go";
  const of = (name: string, text: string, path = file): Patch => enter(path, name, `if s := unparkSocket(fd); s != nil { ${text} }`, "a socket that has a number (RawConn)");
  const raw = (name: string, text: string): Patch => enter("net/rawconn.go", `(*rawConn).${name}`, `if c.ok() && c.fd.fakeNetFD != nil { return ${text} }`, "sockets are package net's own, and have no descriptor");
  return [
    of("GetsockoptInt", "return unparkGetInt(s, level, opt)"),
    of("SetsockoptInt", "return unparkError(s.UnparkSetOption(level, opt, unparkBytes(value)))"),
    of("Recvfrom", "n, _, _, from, err := unparkRecvmsg(s, p, nil, flags); return n, from, err"),
    of("Recvmsg", "return unparkRecvmsg(s, p, oob, flags)"),
    of("Sendto", "_, err := unparkSendmsg(s, p, nil, to); return err"),
    of("SendmsgN", "return unparkSendmsg(s, p, oob, to)"),
    of("Read", "n, _, _, _, err := unparkRecvmsg(s, b, nil, 0); return n, err", "syscall/fs_wasip1.go"),
    of("Write", "n, err := unparkSendmsg(s, b, nil, nil); if err != nil { n = -1 }; return n, err", "syscall/fs_wasip1.go"),
    raw("Control", "c.unparkControl(f)"),
    raw("Read", "c.unparkRead(f)"),
    raw("Write", "c.unparkWrite(f)"),
    { file: "syscall/net_fake.go", edit: { kind: "replace", old: "\tAF_INET6\n", new: "\tAF_INET6 = 10\n" }, why: "numbers of linux, which stand in addresses" },
    { file: "syscall/net_fake.go", edit: { kind: "replace", old: "IPV6_V6ONLY\n\tSO_ERROR\n", new: "_\n)\n\nconst (\n\tIPV6_V6ONLY = 26\n\tSO_ERROR    = 4\n" }, why: "numbers of linux, which options are asked for by" },
  ];
}

/** What may go wrong with a file (--faults). Before the file's own locks are taken: a point inside of them would be held. */
function osFiles(): readonly Patch[] {
  const fails = (ask: string, answer: string): string => `if err := ${ask}; err != nil {\n\t\t${answer}\n\t}`;
  return [
    enter("os/file.go", "OpenFile", fails("unparkOpenFails(name)", "return nil, err"), "it may not be permitted"),
    enter("os/file.go", "(*File).Write", fails('f.unparkFails(unparkFileWrite, "write", syscall.ENOSPC)', "return 0, err"), "no space may be left"),
    enter("os/file_posix.go", "(*File).Close", fails('f.unparkFails(unparkFileClose, "close", syscall.EIO)', "f.file.close()\n\t\treturn err"), "what was written may turn out to be lost"),
  ];
}

/** go/syscall/unpark_mode.go: WASI has no words for permissions. */
function permissions(): readonly Patch[] {
  const file = "syscall/fs_wasip1.go";
  const at = "internal/syscall/unix/at_wasip1.go";
  const chown = (name: string, st: string): Patch => enter(file, name, `if true { var st Stat_t; return unparkChown(${st}, uid, gid) }`, "a file may be given to who has it");
  return [
    replace(file, "openat", "\t\trights,\n\t\tfileRights,", "\t\trights,\n\t\tfileRights|unparkCreated(perm),", "the permissions of a file that is made"),
    replace(file, "Mkdir", "return errnoErr(errno)", "return unparkMade(errno, dirFd, pathPtr, pathLen, perm)", "the permissions of a directory that is made"),
    enter(file, "setDefaultMode", "if true { unparkStatMode(st); return }", "the permissions that a file has"),
    enter(file, "Chmod", "if true { return unparkChmod(path, mode) }", "permissions are kept"),
    enter(file, "Fchmod", "if true { return unparkFchmod(fd, mode) }", "permissions are kept"),
    chown("Chown", "Stat(path, &st)"),
    chown("Lchown", "Lstat(path, &st)"),
    chown("Fchown", "Fstat(fd, &st)"),
    enter("syscall/syscall_wasip1.go", "Umask", "if true { return unparkUmask(mask) }", "what a file that is made is not given"),
    replace(at, "Mkdirat", "return errnoErr(path_create_directory(\n\t\tint32(dirfd),\n\t\tunsafe.StringData(path),\n\t\tsize(len(path)),\n\t))", "if errno := path_create_directory(int32(dirfd), unsafe.StringData(path), size(len(path))); errno != 0 {\n\t\treturn errno\n\t}\n\treturn unparkMadeAt(dirfd, path, mode)", "the permissions of a directory that is made"),
    enter(at, "Fchmodat", "if true { return unparkChmodat(dirfd, path, mode) }", "permissions are kept", { since: "1.25" }),
    enter("os/stat_wasip1.go", "fillFileStatFromSys", "unparkStatMode(&fs.sys)", "the permissions that a file has, however it was looked at"),
    enter("os/executable_wasm.go", "executable", 'if len(Args) > 0 { return "/tmp/" + unparkBase(Args[0]), nil }', "who asks where its program lies: as go test has it, in a temporary folder"),
    replace("os/stat_wasip1.go", "fillFileStatFromSys", "fs.mode |= 0700", "fs.mode |= FileMode(fs.sys.Mode)", "the permissions that it has"),
    replace("os/stat_wasip1.go", "fillFileStatFromSys", "fs.mode |= 0600", "fs.mode |= FileMode(fs.sys.Mode)", "the permissions that it has"),
  ];
}

/** go/syscall/unpark_mmap.go and its neighbours: what stores need of Linux. Nothing is done but where something is mapped, or locked. */
function mappedFiles(): readonly Patch[] {
  const file = "syscall/fs_wasip1.go";
  const mapped = (name: string, text: string, why: string): Patch => enter(file, name, `if len(unparkMaps) > 0 { ${text} }`, why);
  const calls = ["Syscall", "RawSyscall"].flatMap((name) => [
    enter("syscall/syscall_wasip1.go", name, "if true { return unparkSyscall(trap, a1, a2, a3, 0, 0, 0) }", "files that are borrowed for Linux call by number"),
    enter("syscall/syscall_wasip1.go", `${name}6`, "if true { return unparkSyscall(trap, a1, a2, a3, a4, a5, a6) }", "files that are borrowed for Linux call by number"),
  ]);
  return [
    mapped("Read", "unparkBefore(fd)", "what a mapping has changed is in the file (M2)"),
    mapped("Pread", "unparkBefore(fd)", "what a mapping has changed is in the file (M2)"),
    mapped("Write", "return unparkMappedWrite(fd, b)", "a mapping has what is written to the file (M1)"),
    mapped("Pwrite", "return unparkMappedPwrite(fd, b, offset)", "a mapping has what is written to the file (M1)"),
    mapped("Ftruncate", "return unparkMappedFtruncate(fd, length)", "a mapping has what is written to the file (M1)"),
    enter(file, "Close", "unparkUnlock(fd)\n\tif unparkKeeps(fd) { return nil }", "a lock ends with its descriptor; a mapping does not (M3)"),
    ...calls,
  ];
}

/** go/os/unpark_pipe.go: pipes, which Go has none of for wasm. A File that has one does nothing with a descriptor. */
function pipes(): readonly Patch[] {
  const file = "os/file_posix.go";
  const of = (path: string, name: string, text: string, why: string): Patch => enter(path, name, `if f.unparkPipe != nil { ${text} }`, why);
  const noSeeking = "a pipe has no places";
  return [
    { file: "os/file_unix.go", edit: { kind: "replace", old: "type file struct {\n", new: "type file struct {\n\tunparkPipe  *unparkPipeEnd\n\tunparkOwner *unparkPipeOwner\n" }, why: "a File may be one end of a pipe" },
    enter("os/pipe_wasm.go", "Pipe", "if true { return unparkNewPipe() }", "a pipe of the controlled world"),
    of(file, "(*File).read", "return f.unparkPipe.read(b)", "a read of a pipe waits for who writes"),
    of(file, "(*File).write", "return f.unparkPipe.write(b)", "a write to a pipe waits for room"),
    of(file, "(*File).pread", "return 0, syscall.ESPIPE", noSeeking),
    of(file, "(*File).pwrite", "return 0, syscall.ESPIPE", noSeeking),
    of("os/file_unix.go", "(*File).seek", "return 0, syscall.ESPIPE", noSeeking),
    enter("os/file_unix.go", "(*file).close", "if file != nil && file.unparkPipe != nil { return file.unparkPipe.close(file.name) }", "the other end sees it"),
    of(file, "(*File).setDeadline", "return f.unparkPipe.setDeadline(t, true, true)", "a time in the pipe's head"),
    of(file, "(*File).setReadDeadline", "return f.unparkPipe.setDeadline(t, true, false)", "a time in the pipe's head"),
    of(file, "(*File).setWriteDeadline", "return f.unparkPipe.setDeadline(t, false, true)", "a time in the pipe's head"),
    enter("os/stat_unix.go", "(*File).Stat", "if f != nil && f.unparkPipe != nil { return f.unparkStat() }", "it is a pipe"),
  ];
}

/** What is added to package runtime in every Go version, by noun. */
const RUNTIME = ["unpark", ...["box", "host", "unasked", "frames", "schedule", "time", "goroutine", "random", "program", "collect", "procs", "net", "file"].map((noun) => `unpark_${noun}`)];

function files(): readonly AddedFile[] {
  return [
    ...RUNTIME.map((name) => ({ file: `runtime/${name}.go`, source: `runtime/${name}.go` })),
    { file: "runtime/unpark_wasm.s", source: "runtime/unpark_wasm.s" },
    { file: "runtime/unpark_leak.go", source: "runtime/unpark_leak.go", since: "1.26" },
    { file: "runtime/unpark_leak.go", source: "runtime/unpark_noleak.go", before: "1.26" },
    { file: "runtime/unpark_bubble.go", source: "runtime/unpark_bubble.go", since: "1.25" },
    { file: "runtime/unpark_bubble.go", source: "runtime/unpark_bubble24.go", before: "1.25" },
    { file: "net/net_fake.go", source: "net/net_fake.go", overwrite: true },
    { file: "net/unpark.go", source: "net/unpark.go" },
    { file: "os/unpark.go", source: "os/unpark.go" },
    { file: "os/unpark_pipe.go", source: "os/unpark_pipe.go" },
    { file: "os/exec/unpark.go", source: "os/exec/unpark.go" },
    { file: "syscall/unpark.go", source: "syscall/unpark.go" },
    { file: "syscall/unpark_mode.go", source: "syscall/unpark_mode.go" },
    { file: "internal/syscall/unix/unpark_mode.go", source: "internal/syscall/unix/unpark_mode.go" },
    { file: "syscall/unpark_kill.go", source: "syscall/unpark_kill.go" },
    { file: "os/signal/unpark.go", source: "os/signal/unpark.go" },
    { file: "syscall/unpark_mmap.go", source: "syscall/unpark_mmap.go" },
    { file: "syscall/unpark_flock.go", source: "syscall/unpark_flock.go" },
    { file: "syscall/unpark_numbers.go", source: "syscall/unpark_numbers.go" },
    { file: "syscall/unpark_socket.go", source: "syscall/unpark_socket.go" },
    { file: "syscall/unpark_msghdr.go", source: "syscall/unpark_msghdr.go" },
    { file: "net/unpark_raw.go", source: "net/unpark_raw.go" },
    { file: "internal/sync/unpark.go", source: "internal/sync/unpark.go" },
    { file: "sync/unpark.go", source: "sync/unpark.go" },
    { file: "sync/atomic/doc.go", source: "sync/atomic/doc.go", overwrite: true },
    { file: "sync/atomic/asm.s", source: "sync/atomic/asm.s", overwrite: true },
    { file: "sync/atomic/doc_64.go", source: "sync/atomic/doc_64.go", overwrite: true },
    { file: "testing/unpark.go", source: "testing/unpark.go" },
    { file: "math/rand/unpark.go", source: "math/rand/unpark.go" },
    { file: "math/rand/v2/unpark.go", source: "math/rand/v2/unpark.go" },
  ];
}
