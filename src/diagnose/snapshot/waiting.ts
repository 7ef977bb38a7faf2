import type { Cause } from "../../model/cause.js";
import type { GoroutineGroup } from "../../model/goroutine-group.js";
import type { WaitKind } from "../../model/wait.js";
import { has, type SnapshotRule, userFrame, weigh } from "./suspect-rule.js";

/** Sleep loops: one is a heartbeat, many at one place are loops that nothing ends. */
export const sleepLoop: SnapshotRule = {
  code: "sleep-loop",
  doc: "Many goroutines asleep at one place of the user's: loops without an exit.",
  look(group, view) {
    if (group.kind !== "sleep" || group.count < view.many || !userFrame(group, view)) return undefined;
    return { cause: "loop-without-exit", confidence: "medium", evidence: weigh(group, view).evidence };
  },
};

/** Waiting for the network or a file. Servers wait for connections and for idle ones' next request: that is their work. */
export const outsideWait: SnapshotRule = {
  code: "outside-wait",
  doc: "Goroutines of the user's that wait for the network or another process, by number and age.",
  look(group, view) {
    if (group.kind !== "io" || has(group, ...ACCEPTS) || !userFrame(group, view)) return undefined;
    const { confidence, evidence } = weigh(group, view);
    return { cause: "no-timeout", confidence, evidence: ["waits for the other side of a connection, without a deadline that has passed", ...evidence] };
  },
};
const ACCEPTS = ["net.(*TCPListener).Accept", "net.(*UnixListener).Accept", "net.(*netFD).accept", "net.(*UDPConn).ReadFrom", "net.(*UDPConn).ReadFromUDP"];

/** The runtime's own leak collection (Go 1.26, goroutineleak profile; `(leaked)` in a dump): nothing can wake them. */
export const proved: SnapshotRule = {
  code: "proved",
  doc: "Goroutines that the runtime proved unreachable, and those of a program that it stopped as deadlocked.",
  look(group, view) {
    const dead = view.snapshot.message?.includes("all goroutines are asleep");
    if (dead && group.kind !== "running") {
      const evidence = ["the runtime stopped the program: all its goroutines were asleep, so that none could wake another", ...weigh(group, view).evidence];
      return { cause: causeOf(group), confidence: "proved", evidence };
    }
    if (BUBBLE_OVER.test(view.snapshot.message ?? "") && userFrame(group, view) && group.goroutines.every((g) => g.bubble !== undefined)) {
      const evidence = ["the runtime ended the synctest bubble: all that was left in it was blocked, and nothing outside can wake it", ...weigh(group, view).evidence];
      return { cause: causeOf(group), confidence: "proved", evidence };
    }
    if (!group.leaked) return undefined;
    const evidence = [`the runtime's leak collection proves that nothing can wake ${group.count === 1 ? "it" : "them"}`, ...weigh(group, view).evidence];
    return { cause: causeOf(group), confidence: "proved", evidence };
  },
};
/** What synctestRun panics with (runtime/synctest.go, Go 1.24 to 1.27). */
const BUBBLE_OVER = /deadlock: (?:all goroutines in bubble are blocked|main bubble goroutine has exited but blocked goroutines remain)/;

const CAUSE: Readonly<Record<WaitKind, Cause>> = {
  send: "send-without-receiver",
  receive: "receive-without-sender",
  select: "select-without-ready-case",
  lock: "mutex-never-unlocked",
  waitgroup: "waitgroup-mismatch",
  cond: "cond-never-signalled",
  semaphore: "unknown",
  sleep: "unknown",
  io: "unknown",
  syscall: "unknown",
  running: "unknown",
  other: "unknown",
  unknown: "unknown",
};

function causeOf(group: GoroutineGroup): Cause {
  if (group.waitReason.endsWith("(nil chan)")) return "nil-channel";
  if (group.waitReason === "select (no cases)") return "select-without-cases";
  return CAUSE[group.kind];
}

/** Whatever it is: this many of the user's goroutines at one line are worth a look. */
export const concentration: SnapshotRule = {
  code: "concentration",
  doc: "A large share of all goroutines at one place, without a better explanation.",
  look(group, view) {
    if (group.kind === "running" || !userFrame(group, view)) return undefined;
    if (group.count < 5 * view.many || group.count * 2 < view.total) return undefined;
    const share = Math.round((100 * group.count) / view.total);
    return { cause: "unknown", confidence: "medium", evidence: [`${share}% of all goroutines are here`, ...weigh(group, view).evidence] };
  },
};
