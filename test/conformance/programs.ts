import type { Body, Description, SelectCase, Stmt } from "./program.js";

// Short words for the statements.
const snd = (ch: string, value = 1): Stmt => ({ do: "send", ch, value });
const rcv = (ch: string): Stmt => ({ do: "recv", ch });
const cls = (ch: string): Stmt => ({ do: "close", ch });
const rng = (ch: string): Stmt => ({ do: "range", ch });
const go = (...body: Body): Stmt => ({ do: "go", body });
const sel = (...cases: readonly SelectCase[]): Stmt => ({ do: "select", cases, otherwise: false });
const poll = (...cases: readonly SelectCase[]): Stmt => ({ do: "select", cases, otherwise: true });
const r = (ch: string): SelectCase => ({ recv: ch });
const s = (ch: string, value = 1): SelectCase => ({ send: ch, value });
const lock = (mu = "m0"): Stmt => ({ do: "lock", mu });
const unlock = (mu = "m0"): Stmt => ({ do: "unlock", mu });
const rlock = (mu = "r0"): Stmt => ({ do: "rlock", mu });
const runlock = (mu = "r0"): Stmt => ({ do: "runlock", mu });
const tryl = (mu = "m0"): Stmt => ({ do: "trylock", mu });
const tryr = (mu = "r0"): Stmt => ({ do: "tryrlock", mu });
const add = (delta: number, wg = "w0"): Stmt => ({ do: "add", wg, delta });
const wait = (wg = "w0"): Stmt => ({ do: "wait", wg });
const once = (...body: Body): Stmt => ({ do: "once", once: "o0", body });
const cwait: Stmt = { do: "cwait", cond: "k0" };
const signal: Stmt = { do: "signal", cond: "k0" };
const broadcast: Stmt = { do: "broadcast", cond: "k0" };
const sleep = (ms: number): Stmt => ({ do: "sleep", ms });
const cancel = (ctx = "x0"): Stmt => ({ do: "cancel", ctx });
const over = (ctx = "x0"): Stmt => ({ do: "awaitctx", ctx });
const boom = (text = "boom"): Stmt => ({ do: "panic", text });
const goexit: Stmt = { do: "goexit" };
const guarded = (...body: Body): Stmt => ({ do: "guarded", body });
const deferring = (deferred: Body, ...body: Body): Stmt => ({ do: "deferring", deferred, body });
const load: Stmt = { do: "load", a: "a0" };
const store = (value: number): Stmt => ({ do: "store", a: "a0", value });
const inc = (value = 1): Stmt => ({ do: "addint", a: "a0", value });
const swap = (value: number): Stmt => ({ do: "swap", a: "a0", value });
const cas = (old: number, value: number): Stmt => ({ do: "cas", a: "a0", old, value });
const timer = (ms: number): Stmt => ({ do: "timer", t: "t0", ms });
const trecv: Stmt = { do: "trecv", t: "t0" };
const tstop: Stmt = { do: "tstop", t: "t0" };
const treset = (ms: number): Stmt => ({ do: "treset", t: "t0", ms });
const afterfunc = (ms: number, ...body: Body): Stmt => ({ do: "afterfunc", ms, body });

const program = (name: string, parts: Omit<Description, "name" | "body">, ...body: Body): Description => ({ name, ...parts, body });
const times = (n: number, make: (i: number) => Stmt): Body => Array.from({ length: n }, (_, i) => make(i));
const C = (...sizes: readonly (number | "nil")[]): { chans: Record<string, number | "nil"> } => ({
  chans: Object.fromEntries(sizes.map((size, i) => [`c${i}`, size])),
});
const M = { mutexes: ["m0"] };
const W = { waitgroups: ["w0"] };

/** Sizes 0, 1, 2 with one to three senders and one to three values taken. */
function traffic(): readonly Description[] {
  const all: Description[] = [];
  for (const size of [0, 1, 2]) {
    for (const senders of [1, 2, 3]) {
      for (const taken of [0, 1, 2]) {
        if (senders === 3 && taken === 2 && size > 0) continue; // too many schedules for plain search
        all.push(program(`${senders} senders, size ${size}, ${taken} taken`, C(size), ...times(senders, (i) => go(snd("c0", i + 1))), ...times(taken, () => rcv("c0"))));
      }
    }
  }
  return all;
}

/** Ends of channels: closed, nil, drained; by whom and when. */
function endings(): readonly Description[] {
  const all: Description[] = [];
  for (const size of [0, 1] as const) {
    all.push(
      program(`close meets a sender, size ${size}`, C(size), go(snd("c0")), cls("c0")),
      program(`close meets a receiver, size ${size}`, C(size), go(rcv("c0")), cls("c0")),
      program(`a closed channel keeps its values, size ${size}`, C(size), go(snd("c0"), cls("c0")), rcv("c0"), rcv("c0")),
      program(`two receivers of one close, size ${size}`, C(size), go(rcv("c0")), go(rcv("c0")), cls("c0")),
      program(`range until close, size ${size}`, C(size), go(snd("c0", 1), snd("c0", 2), cls("c0")), rng("c0")),
      program(`range without close, size ${size}`, C(size), go(rng("c0")), snd("c0", 1), snd("c0", 2)),
      program(`two ranges share, size ${size}`, C(size), go(rng("c0")), go(rng("c0")), snd("c0", 1), cls("c0")),
      program(`two close, size ${size}`, C(size), go(cls("c0")), cls("c0")),
      program(`a recovered second close, size ${size}`, C(size), go(guarded(cls("c0"))), guarded(cls("c0"))),
      program(`a recovered send on closed, size ${size}`, C(size), cls("c0"), guarded(snd("c0"))),
      program(`senders of a closing channel recover, size ${size}`, C(size), go(guarded(snd("c0", 1))), go(guarded(snd("c0", 2))), cls("c0")),
    );
  }
  all.push(
    program("send to nil", C("nil"), go(snd("c0"))),
    program("receive from nil", C("nil"), go(rcv("c0"))),
    program("range over nil", C("nil"), go(rng("c0"))),
    program("close of nil", C("nil"), guarded(cls("c0"))),
    program("nil in a select", C("nil", 1), go(snd("c1", 7)), sel(r("c0"), r("c1"))),
    program("nil in a select with default", C("nil"), poll(r("c0"), s("c0"))),
    program("select of nothing", {}, go(sel())),
    program("main blocks for ever", C(0), rcv("c0")),
    program("main blocks, others end", C(0, 1), go(snd("c1")), rcv("c0")),
  );
  return all;
}

function selects(): readonly Description[] {
  return [
    program("two ready cases", C(1, 1), snd("c0", 1), snd("c1", 2), sel(r("c0"), r("c1"))),
    program("one of two senders", C(0, 0), go(snd("c0", 1)), go(snd("c1", 2)), sel(r("c0"), r("c1"))),
    program("both of two senders", C(0, 0), go(snd("c0", 1)), go(snd("c1", 2)), sel(r("c0"), r("c1")), sel(r("c0"), r("c1"))),
    program("send or receive", C(1, 1), snd("c1", 9), sel(s("c0", 5), r("c1"))),
    program("selects meet", C(0), go(sel(s("c0", 4))), sel(r("c0"))),
    program("selects meet crosswise", C(0, 0), go(sel(s("c0", 1), r("c1"))), sel(r("c0"), s("c1", 2))),
    program("a select sends to itself never", C(0), go(sel(s("c0", 1), r("c0")))),
    program("default when empty", C(1), poll(r("c0"))),
    program("default when full", C(1), snd("c0"), poll(s("c0"))),
    program("default or a sender that comes", C(0), go(snd("c0", 3)), poll(r("c0"))),
    program("default or a receiver that comes", C(0), go(rcv("c0")), poll(s("c0", 3))),
    program("two defaults never meet", C(0), go(poll(s("c0"))), poll(r("c0"))),
    program("default or a buffered sender", C(1), go(snd("c0", 3)), poll(r("c0"))),
    program("closed case is ready", C(0, 0), cls("c0"), sel(r("c0"), r("c1"))),
    program("closed and full are both ready", C(0, 1), cls("c0"), snd("c1", 8), sel(r("c0"), r("c1"))),
    program("send case to closed panics", C(0), cls("c0"), guarded(sel(s("c0")))),
    program("send case to closed, or another", C(0, 1), cls("c0"), snd("c1"), guarded(sel(s("c0"), r("c1")))),
    program("close wakes a select", C(0, 0), go(sel(r("c0"), r("c1"))), cls("c1")),
    program("close makes a waiting send case panic", C(0, 0), go(guarded(sel(s("c0"), r("c1")))), cls("c0")),
    program("three selects, one value", C(0), ...times(2, () => go(sel(r("c0")))), sel(s("c0", 6))),
    program("same channel twice", C(1), snd("c0", 1), sel(r("c0"), r("c0"))),
    program("fan-in by select", C(0, 0), go(snd("c0", 1), cls("c0")), go(snd("c1", 2)), sel(r("c0"), r("c1"))),
    program("done channel ends a generator", C(0, 0), go(sel(s("c0", 1), r("c1")), sel(s("c0", 2), r("c1"))), rcv("c0"), cls("c1")),
    program("select in both of two", C(0, 0), go(sel(r("c0"), s("c1", 1))), go(sel(r("c1"), s("c0", 2)))),
    program("poll twice", C(1), go(snd("c0", 1)), poll(r("c0")), poll(r("c0"))),
    program("a poller and a waiter", C(0), go(rcv("c0")), go(poll(r("c0"))), snd("c0", 2)),
  ];
}

function locks(): readonly Description[] {
  const R = { rwmutexes: ["r0"] };
  return [
    program("two critical sections", { ...M, ...C(2) }, go(lock(), snd("c0", 1), unlock()), go(lock(), snd("c0", 2), unlock())),
    program("lock twice", M, go(lock(), lock())),
    program("never unlocked", M, go(lock()), go(lock())),
    program("unlocked by another", { ...M, ...C(0) }, go(lock(), snd("c0")), rcv("c0"), unlock(), lock()),
    program("unlock of unlocked", M, unlock()),
    program("trylock", M, go(tryl()), tryl()),
    program("trylock of a short section", M, go(lock(), unlock()), tryl()),
    program("opposite order", { mutexes: ["m0", "m1"] }, go(lock("m0"), lock("m1"), unlock("m1"), unlock("m0")), lock("m1"), lock("m0"), unlock("m0"), unlock("m1")),
    program("lock and channel crossed", { ...M, ...C(0) }, go(lock(), snd("c0"), unlock()), lock(), rcv("c0"), unlock()),
    program("two readers", R, go(rlock(), runlock()), rlock(), runlock()),
    program("reader and writer", { ...R, ...C(2) }, go(rlock(), snd("c0", 1), runlock()), lock("r0"), snd("c0", 2), unlock("r0")),
    program("two writers", R, go(lock("r0"), unlock("r0")), lock("r0"), unlock("r0")),
    program("a writer shuts out a second read lock", R, go(rlock(), rlock(), runlock(), runlock()), lock("r0"), unlock("r0")),
    program("a writer that never leaves", R, go(lock("r0")), go(rlock())),
    program("a reader that never leaves", R, go(rlock()), go(lock("r0"))),
    program("try read lock against a writer", R, go(lock("r0"), unlock("r0")), tryr()),
    program("try lock against a reader", R, go(rlock(), runlock()), tryl("r0")),
    program("try lock against a writer", R, go(lock("r0"), unlock("r0")), tryl("r0")),
    program("runlock of unlocked", R, runlock()),
    program("RWMutex unlock of unlocked", R, unlock("r0")),
    program("upgrade deadlocks", R, go(rlock(), lock("r0"))),
  ];
}

function groups(): readonly Description[] {
  const O = { onces: ["o0"] };
  const K = { ...M, conds: ["k0"] };
  return [
    program("wait for two", W, add(2), go(add(-1)), go(add(-1)), wait()),
    program("wait for one too many", W, add(2), go(add(-1)), go(wait())),
    program("negative counter", W, guarded(add(-1))),
    program("one done too many", W, add(1), go(add(-1)), go(guarded(add(-1)))),
    program("two waiters", W, add(1), go(wait()), go(wait()), add(-1)),
    program("wait of zero", W, wait()),
    program("waited and used again", W, add(1), go(add(-1)), wait(), add(1), go(add(-1)), wait()),
    program("add inside the goroutine", W, go(add(1), add(-1)), wait()),
    program("done after a send", { ...W, ...C(0) }, add(1), go(snd("c0"), add(-1)), rcv("c0"), wait()),
    program("once by two", { ...O, ...C(2) }, go(once(snd("c0", 1))), once(snd("c0", 2))),
    program("once waits for the first", { ...O, ...C(0) }, go(once(rcv("c0"))), go(once(rcv("c0"))), snd("c0")),
    program("once inside itself", O, go(once(once()))),
    program("a panic in once counts", O, go(guarded(once(boom()))), guarded(once(boom("again")))),
    program("once that hangs", { ...O, ...C(0) }, go(once(rcv("c0"))), go(once())),
    program("signal before or after wait", K, go(lock(), cwait, unlock()), lock(), signal, unlock()),
    program("signal without the lock", K, go(lock(), cwait, unlock()), signal),
    program("broadcast to two", K, go(lock(), cwait, unlock()), go(lock(), cwait, unlock()), lock(), broadcast, unlock()),
    program("one signal, two waiters", K, go(lock(), cwait, unlock()), go(lock(), cwait, unlock()), lock(), signal, unlock()),
    program("cond wait without lock", K, cwait),
    program("atomic adds", { atomics: ["a0"] }, go(inc()), go(inc()), inc()),
    program("lost update", { atomics: ["a0"] }, go(load, store(1)), load, store(2), load),
    program("cas races", { atomics: ["a0"] }, go(cas(0, 1)), go(cas(0, 2)), load),
    program("swap and load", { atomics: ["a0"] }, go(swap(1)), go(load), swap(2)),
    program("publish by an atomic", { atomics: ["a0"], ...C(1) }, go(snd("c0", 5), store(1)), load, poll(r("c0"))),
  ];
}

function clocks(): readonly Description[] {
  const T = { timers: ["t0"] };
  return [
    program("two sleepers", C(2), go(sleep(1), snd("c0", 1)), go(sleep(2), snd("c0", 2)), rcv("c0"), rcv("c0")),
    program("equal sleepers", C(2), go(sleep(1), snd("c0", 1)), go(sleep(1), snd("c0", 2)), rcv("c0"), rcv("c0")),
    program("timeout or answer", C(0), go(sleep(1), snd("c0")), sel(r("c0"), { after: 2 })),
    program("timeout or answer, buffered", C(1), go(sleep(1), snd("c0")), sel(r("c0"), { after: 2 })),
    program("answer at the very time", C(1), go(sleep(2), snd("c0")), sel(r("c0"), { after: 2 })),
    program("timeout alone", C(0), sel(r("c0"), { after: 1 })),
    program("two timeouts", C(0), sel({ after: 1 }, { after: 2 })),
    program("timeout then answer", C(0), go(snd("c0")), sel(r("c0"), { after: 1 }), poll(r("c0"))),
    program("a timer fires", T, timer(1), trecv),
    program("a stopped timer", T, timer(1), tstop),
    program("stopped, then received", { ...T, ...C(0) }, timer(1), tstop, go(trecv)),
    program("stop races with firing", { ...T, ...C(0) }, timer(1), sleep(1), tstop),
    program("stop after it fired", T, timer(1), trecv, tstop),
    program("reset before", T, timer(5), treset(1), trecv),
    program("reset after", T, timer(1), trecv, treset(1), trecv),
    program("reset drops an old tick", T, timer(1), sleep(3), treset(1), trecv, tstop),
    program("AfterFunc", C(1), afterfunc(1, snd("c0", 1)), rcv("c0")),
    program("AfterFunc and main", C(1), afterfunc(1, snd("c0", 1)), sleep(1), poll(r("c0"))),
    program("two AfterFuncs", C(2), afterfunc(1, snd("c0", 1)), afterfunc(1, snd("c0", 2)), rcv("c0"), rcv("c0")),
    program("AfterFunc hangs", C(0), afterfunc(1, snd("c0", 1))),
    program("sleep past a lock", { ...M }, go(lock(), sleep(1), unlock()), sleep(2), tryl()),
    program("sleep in the lock", { ...M }, go(lock(), sleep(1), unlock()), lock(), unlock()),
  ];
}

function contexts(): readonly Description[] {
  const X = { contexts: { x0: {} } };
  return [
    program("cancel ends one", X, go(over()), cancel()),
    program("cancel ends two", X, go(over()), go(over()), cancel()),
    program("nobody cancels", X, go(over())),
    program("cancel twice", X, cancel(), cancel(), over()),
    program("cancel by two", X, go(cancel()), cancel(), over()),
    program("timeout ends", { contexts: { x0: { timeout: 1 } } }, over()),
    program("timeout or cancel", { contexts: { x0: { timeout: 1 } } }, go(cancel()), over()),
    program("child of a cancelled parent", { contexts: { x0: {}, x1: { parent: "x0" } } }, go(over("x1")), cancel("x0")),
    program("a child's cancel leaves the parent", { contexts: { x0: {}, x1: { parent: "x0" } } }, go(over("x0")), cancel("x1")),
    program("parent and child, both awaited", { contexts: { x0: {}, x1: { parent: "x0" } } }, go(over("x0")), go(over("x1")), cancel("x0")),
    program("parent's timeout", { contexts: { x0: { timeout: 1 }, x1: { parent: "x0" } } }, over("x1")),
    program("child's shorter timeout", { contexts: { x0: { timeout: 3 }, x1: { parent: "x0", timeout: 1 } } }, over("x1")),
    program("select with done", { ...X, ...C(0) }, go(sel(s("c0", 1), { done: "x0" })), cancel()),
    program("result or done", { ...X, ...C(0) }, go(sel(s("c0", 1), { done: "x0" })), go(cancel()), sel(r("c0"), { done: "x0" })),
  ];
}

function panics(): readonly Description[] {
  return [
    program("panic in main", {}, boom()),
    program("panic in a goroutine", C(1), go(boom()), snd("c0")),
    program("recovered", {}, guarded(boom())),
    program("recovered, and on", {}, guarded(boom()), { do: "log", text: "on" }),
    program("recovered in a goroutine", C(1), go(guarded(boom()), snd("c0", 1)), rcv("c0")),
    program("panic in deferred replaces", {}, guarded(deferring([boom("second")], boom("first")))),
    program("deferred runs on panic", C(1), guarded(deferring([snd("c0", 1)], boom())), rcv("c0")),
    program("deferred send hangs", C(0), go(deferring([snd("c0")], { do: "log", text: "work" }))),
    program("deferred unlock", M, guarded(deferring([unlock()], lock(), boom())), lock()),
    program("goexit runs deferred", C(1), go(deferring([snd("c0", 1)], goexit)), rcv("c0")),
    program("goexit is no panic", C(1), go(guarded(deferring([snd("c0", 1)], goexit))), rcv("c0")),
    program("panic while another waits", C(0), go(rcv("c0")), boom()),
    program("two panics race", {}, go(boom("a")), go(boom("b"))),
    program("deferred in order", {}, deferring([{ do: "log", text: "first deferred" }], deferring([{ do: "log", text: "second" }]))),
  ];
}

export const PROGRAMS: readonly Description[] = [
  ...traffic(), ...endings(), ...selects(), ...locks(), ...groups(), ...clocks(), ...contexts(), ...panics(),
];
