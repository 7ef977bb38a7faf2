import type { Patch } from "../../overlay/patch.js";
import { enter, replace } from "./hook.js";

export function schedulerHooks(): readonly Patch[] {
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
