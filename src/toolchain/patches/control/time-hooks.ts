import type { Patch } from "../../overlay/patch.js";
import { address, enter, replace } from "./hook.js";

export function timeHooks(): readonly Patch[] {
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
export function chanceHooks(): readonly Patch[] {
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
