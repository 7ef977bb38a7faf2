import assert from "node:assert/strict";
import { test } from "node:test";
import { objectId } from "../../model/ids.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import { stateOfReason, plainReason } from "../../model/goroutine/wait.js";
import { isFinding } from "../../model/finding/suspect.js";
import { diagnoseSnapshot, GRAPH_RULES, SNAPSHOT_RULES } from "./suspects.js";

/** `n` goroutines in a state, with a stack of functions, innermost first; user's code lies in /src/app. */
function goroutines(n: number, waitReason: string, functions: readonly string[], more: Partial<Goroutine> = {}): Goroutine[] {
  const stack = functions.map((fn, i) => ({ function: fn, file: /^(net\/http|sync|io|internal|runtime|bufio|testing)/.test(fn) ? `/go/src/${fn.replace(/\.[^/]*$/, "")}/x.go` : "/src/app/app.go", line: 10 + i }));
  return Array.from({ length: n }, () => ({ count: 1, state: stateOfReason(plainReason(waitReason)), waitReason, stack, ...more }));
}
const creator = (fn: string, id: number) => ({ function: fn, file: "/src/app/app.go", line: 5, id });
const snapshot = (...parts: readonly Goroutine[][]): Snapshot => ({ provenance: { source: "x", how: "debug=2 text" }, losses: [], goroutines: parts.flat() });
const said = (s: Snapshot): string[] => diagnoseSnapshot(s).map(({ rule, cause, confidence, group }) => `${group.count} ${rule} ${cause} ${confidence}`);
const found = (s: Snapshot): string[] => diagnoseSnapshot(s).filter(isFinding).map(({ rule, cause, confidence, group }) => `${group.count} ${rule} ${cause} ${confidence}`);

const at = (address: number): Partial<Goroutine> => ({ blockedOn: { op: "lock", objects: [{ object: objectId(address), op: "lock" }], nil: false } });
const MAIN = goroutines(1, "IO wait", ["main.main"], { id: 1 });

test("shapes that a stack can show", () => {
  const serve = ["net/http.HandlerFunc.ServeHTTP", "net/http.(*conn).serve"];
  const table: readonly (readonly [string, Snapshot, string])[] = [
    ["one send, for six minutes", snapshot(goroutines(1, "chan send", ["app.f"], { waitMinutes: 6 })), "1 blocked-send send-without-receiver medium"],
    ["many, for long", snapshot(goroutines(20, "chan send", ["app.f"], { waitMinutes: 6 })), "20 blocked-send send-without-receiver high"],
    ["a nil channel", snapshot(goroutines(1, "chan receive (nil chan)", ["app.f"])), "1 never-ready nil-channel proved"],
    ["an empty select", snapshot(goroutines(3, "select (no cases)", ["app.f"], { waitMinutes: 9 })), "3 never-ready select-without-cases medium"],
    ["proved by the runtime", snapshot(goroutines(2, "sync.Cond.Wait", ["app.f"], { unreachable: true })), "2 proved cond-never-signalled proved"],
    ["a nil channel, proved", snapshot(goroutines(1, "chan send (nil chan)", ["app.f"], { unreachable: true })), "1 proved nil-channel proved"],
    ["a lock", snapshot(goroutines(12, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Cache).Get"])), "12 held-lock mutex-never-unlocked medium"],
    ["one lock from two places", snapshot(goroutines(6, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Cache).Get"], at(7)), goroutines(6, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Cache).Put", "app.g"], at(7))), "12 held-lock mutex-never-unlocked medium"],
    ["a WaitGroup", snapshot(goroutines(1, "sync.WaitGroup.Wait", ["sync.(*WaitGroup).Wait", "app.run"], { waitMinutes: 9, createdBy: creator("main.main", 1) })), "1 wait-group waitgroup-mismatch high"],
    ["calls without an answer", snapshot(goroutines(11, "select", ["net/http.(*persistConn).roundTrip", "net/http.(*Client).Do", "app.call"])), "11 http-call no-timeout medium"],
    ["bodies not closed", snapshot(goroutines(30, "select", ["net/http.(*persistConn).readLoop"])), "30 unclosed-body resource-not-closed medium"],
    ["handlers without a client", snapshot(goroutines(4, "select", ["io.(*pipe).read", "app.follow", ...serve])), "4 stale-handler missing-cancel high"],
    ["sleep loops", snapshot(goroutines(15, "sleep", ["app.beat"])), "15 sleep-loop loop-without-exit medium"],
    ["half of everything at one line", snapshot(goroutines(60, "chan receive", ["app.f"]), MAIN), "60 concentration unknown medium"],
  ];
  for (const [name, world, expected] of table) assert.deepEqual(found(world), [expected], name);
});

test("who is proved to stay is not told to be on its way; who may wait for another is told so with a may", () => {
  const workers = goroutines(12, "chan send", ["app.f"], { unreachable: true, createdBy: creator("main.main", 1) }).map((one, i) => ({ ...one, id: 10 + i }));
  const waiter = goroutines(1, "sync.WaitGroup.Wait", ["sync.(*WaitGroup).Wait", "app.run"], { id: 40, createdBy: creator("main.main", 1), waitMinutes: 0 });
  const [suspect] = diagnoseSnapshot(snapshot(workers, waiter, MAIN));
  assert.deepEqual(suspect!.evidence, ["the runtime's leak collection proves that nothing can wake them", "12 goroutines wait at this one place", "may be held up behind it: 1 × app.run (app.go:11)"]);
});

test("what healthy services show stays quiet", () => {
  const serve = ["net/http.HandlerFunc.ServeHTTP", "net/http.(*conn).serve"];
  const quiet: Readonly<Record<string, Snapshot>> = {
    "a pool of idle workers": snapshot(goroutines(16, "chan receive", ["app.(*Pool).work"], { waitMinutes: 0, createdBy: creator("app.NewPool", 1) }), MAIN),
    "a pool that was idle for an hour": snapshot(goroutines(8, "chan receive", ["app.(*Pool).work"], { waitMinutes: 60, createdBy: creator("app.NewPool", 1) }), MAIN),
    "one loop's select for a day": snapshot(goroutines(1, "select", ["app.(*Loop).run"], { waitMinutes: 1440 })),
    "idle connections of a server": snapshot(goroutines(200, "IO wait", ["internal/poll.runtime_pollWait", "bufio.(*Reader).Peek", "net/http.(*conn).serve"])),
    "idle connections of a client": snapshot(goroutines(50, "IO wait", ["internal/poll.runtime_pollWait", "net/http.(*persistConn).readLoop"]), goroutines(50, "select", ["net/http.(*persistConn).writeLoop"])),
    "handlers at work, each with its client": snapshot(goroutines(5, "select", ["app.follow", ...serve]), goroutines(5, "IO wait", ["net/http.(*connReader).backgroundRead"])),
    "main waits for ever": snapshot(goroutines(1, "select (no cases)", ["main.main"], { waitMinutes: 99 })),
    "a test's runner": snapshot(goroutines(3, "chan receive", ["testing.(*T).Run", "app.TestX"], { waitMinutes: 9 })),
  };
  for (const [name, world] of Object.entries(quiet)) assert.deepEqual(found(world), [], name);
});

test("a running service's dump: what is on its way, or serves a connection, stays quiet; its leaking twin does not", () => {
  const numbered = (from: number, list: readonly Goroutine[], parent: (i: number) => number, more: (i: number) => Partial<Goroutine> = () => ({})): Goroutine[] =>
    list.map((one, i) => ({ ...one, id: from + i, createdBy: creator("app.start", parent(i)), ...more(i) }));
  const main = goroutines(1, "IO wait", ["main.main"], { id: 1 });
  const one = (): number => 1; // all by main, which lives
  const each = (i: number): number => 1000 + i; // each by a request's goroutine, which is over
  const send = goroutines(30, "chan send", ["app.produce"]);
  const pool = goroutines(100, "chan receive", ["app.work"]);
  const lock = goroutines(40, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.hot"]);
  const inside = goroutines(1, "sleep", ["app.hot"], { id: 900, createdBy: creator("app.start", 1) }).map((g) => ({ ...g, stack: g.stack.map((f) => ({ ...f, line: 99 })) }));
  const reads = goroutines(60, "IO wait", ["internal/poll.runtime_pollWait", "net.(*conn).Read", "app.readPump"]);
  const writes = goroutines(60, "select", ["app.writePump"]);
  const old = { waitMinutes: 9 };
  const stream = goroutines(30, "select", ["google.golang.org/grpc.newClientStreamWithParams.func4"], { id: 50 });
  const recv = goroutines(30, "select", ["google.golang.org/grpc.(*clientStream).RecvMsg", "app.follow"], { id: 51 });
  const flight = (waitMinutes: number): Goroutine[][] => [
    numbered(10, goroutines(29, "sync.WaitGroup.Wait", ["sync.(*WaitGroup).Wait", "golang.org/x/sync/singleflight.(*Group).Do", "app.get"]), each, () => (waitMinutes > 0 ? { waitMinutes } : {})),
    numbered(90, goroutines(1, "chan receive", ["app.load", "golang.org/x/sync/singleflight.(*Group).doCall", "golang.org/x/sync/singleflight.(*Group).Do", "app.get"]), each, () => (waitMinutes > 0 ? { waitMinutes } : {})),
  ];
  const table: readonly (readonly [string, Goroutine[][], string[]])[] = [
    ["producers with a slow consumer", [numbered(10, send, one)], []],
    ["producers for minutes", [numbered(10, send, one, () => old)], ["30 blocked-send send-without-receiver high"]],
    ["a sender for each request", [numbered(10, send, each)], ["30 blocked-send send-without-receiver high"]],
    ["a hot lock, somebody inside", [numbered(10, lock, one), inside], []],
    ["a lock with nobody inside", [numbered(10, lock, one)], ["40 held-lock mutex-never-unlocked medium"]],
    ["a pool of a hundred, idle", [numbered(10, pool, one, () => old)], []],
    ["as many, one by one", [numbered(10, pool, one, (i) => ({ waitMinutes: 1 + i }))], ["100 blocked-receive receive-without-sender medium"]],
    ["as many, one for each request", [numbered(10, pool, each)], ["100 blocked-receive receive-without-sender medium"]],
    ["sessions: a reader and a writer each", [numbered(10, reads, (i) => 1000 + i, () => old), numbered(100, writes, (i) => 1000 + i, () => old)], []],
    ["writers without their readers", [numbered(100, writes, (i) => 1000 + i, () => old)], ["60 blocked-select select-without-ready-case medium"]],
    ["connections of one accept loop", [numbered(10, reads, one, () => old)], []],
    ["workers that poll", [numbered(10, goroutines(24, "sleep", ["app.poll"]), one)], []],
    ["handlers that send a piece now and then", [numbered(10, goroutines(24, "sleep", ["app.stream", "net/http.HandlerFunc.ServeHTTP", "net/http.(*conn).serve"]), each), numbered(100, goroutines(24, "IO wait", ["net/http.(*connReader).backgroundRead"]), each)], []],
    ["loops that sleep, one for each request", [numbered(10, goroutines(24, "sleep", ["app.poll"]), each)], ["24 sleep-loop loop-without-exit medium"]],
    ["a library that waits for Background", [numbered(10, goroutines(4, "chan receive (nil chan)", ["k8s.io/client-go/tools/cache.(*controller).RunWithContext.func1"]).map((g) => ({ ...g, stack: g.stack.map((f) => ({ ...f, file: "/go/pkg/mod/k8s.io/client-go@v0.34.1/tools/cache/controller.go" })) })), one, () => old)], []],
    ["main reads its input", [goroutines(1, "syscall", ["syscall.read", "os.(*File).Read", "main.main"], { id: 1, waitMinutes: 9 }), numbered(10, goroutines(2, "chan send", ["app.f"]), one)], []],
    ["thirty in one call of the system", [numbered(10, goroutines(30, "syscall", ["syscall.Open", "app.openPipe"]), each, () => old)], ["30 long-call no-timeout medium"]],
    ["thirty that wait for their processes", [numbered(10, goroutines(30, "syscall", ["syscall.Syscall6", "os.(*Process).Wait", "app.run"]), each, () => old)], []],
    ["streams, each with a reader", [stream, recv], []],
    ["streams that nobody reads", [stream], ["30 library-shape resource-not-closed medium"]],
    ["singleflight, a moment", flight(0), []],
    ["singleflight, for minutes", flight(6), ["1 single-flight receive-without-sender high"]],
    ["NATS connections, with the linker's dots", [goroutines(30, "chan receive", ["github.com/nats-io/nats%2ego.(*Conn).flusher"], { id: 60 })], ["30 library-shape resource-not-closed medium"]],
  ];
  for (const [name, parts, expected] of table) assert.deepEqual(found(snapshot(...(parts.flat().some(({ id }) => id === 1) ? [] : [main]), ...parts)), expected, name);
});

test("evidence: one leak for each call, the probable holder of a lock, workers that a WaitGroup waits for", () => {
  const calls = Array.from({ length: 12 }, (_, i) => goroutines(1, "chan receive", ["app.wait"], { createdBy: creator("app.handle", 100 + i) })[0]!);
  const [leak] = diagnoseSnapshot(snapshot(calls));
  assert.match(leak!.evidence.join("\n"), /started by app\.handle in 12 goroutines, 12 of which have ended/);
  assert.equal(leak!.confidence, "medium");

  const waiters = goroutines(12, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Cache).Get"]);
  const holder = goroutines(1, "chan send", ["app.(*Cache).Refresh"]);
  const [culprit, victims] = diagnoseSnapshot(snapshot(waiters, holder));
  assert.match(culprit!.evidence.join("\n"), /inside app\.\(\*Cache\)\.Refresh \(app\.go:10\), a method of the type app\.Cache, and is blocked in 'chan send': it may hold the lock meanwhile\n12 goroutines wait for that lock/);
  assert.deepEqual([culprit!.rule, culprit!.confidence, culprit!.group.count], ["lock-held-while-waiting", "medium", 1]);
  assert.deepEqual([victims!.rule, victims!.confidence, victims!.group.count, victims!.consequence], ["held-lock", "low", 12, true]);

  const waiting = goroutines(1, "sync.WaitGroup.Wait", ["sync.(*WaitGroup).Wait", "app.run"], { waitMinutes: 9, createdBy: creator("main.main", 1) });
  const workers = goroutines(3, "chan send", ["app.run.func1"], { createdBy: creator("app.run", 7) });
  const group = diagnoseSnapshot(snapshot(waiting, workers)).find((s) => s.rule === "wait-group");
  assert.match(group!.evidence.join("\n"), /3 goroutines that may call Done are still there, blocked in 'chan send' at app\.run\.func1/);
  assert.deepEqual([group!.consequence, group!.confidence], [true, "low"]);
});

test("a process that hung a moment ago: who waits for whom says it, not age", () => {
  const hung = (...parts: readonly Goroutine[][]): Snapshot => ({ ...snapshot(...parts), message: "SIGQUIT: quit" });
  const timedOut = (...parts: readonly Goroutine[][]): Snapshot => ({ ...hung(...parts), message: "panic: test timed out after 1s", ending: { kind: "test-timeout", after: "1s", tests: [] } });
  /** Waits in a method whose receiver's address the text does not say, called by one of a known receiver; the lock's own is known. */
  const send = (id: number, from: number, lock: number): Goroutine[] =>
    goroutines(1, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Account).deposit", "app.(*Account).Send"], { id, receivers: [lock, 0, from], ...at(lock) });
  const close = goroutines(1, "sync.WaitGroup.Wait", ["sync.(*WaitGroup).Wait", "app.(*Store).Close", "main.main"], { id: 1, receivers: [0x108, 0x100, 0] });
  const add = (lock: number): Goroutine[] => goroutines(3, "sync.Mutex.Lock", ["sync.(*Mutex).Lock", "app.(*Store).add"], { id: 9, receivers: [lock, 0], ...at(lock) });
  const publish = (reason: string): Goroutine[] => goroutines(1, reason, ["app.(*Bus).Publish", "main.main"], { id: 1 });
  const leave = goroutines(1, "sync.RWMutex.Lock", ["sync.(*RWMutex).Lock", "app.(*Bus).Leave"], { id: 8, receivers: [0x200, 0x1f8], ...at(0x200) });
  const walk = (n: number, reason: string, inner: readonly string[]): Goroutine[] => goroutines(n, reason, [...inner, "app.walk", "golang.org/x/sync/errgroup.(*Group).Go.func1"], { id: 20 });
  const asks = ["golang.org/x/sync/errgroup.(*Group).Go"];
  const call = goroutines(1, "select", ["net/http.(*persistConn).roundTrip", "net/http.(*Client).Do", "app.TestGate", "testing.tRunner"], { id: 30 });
  const handler = (reason: string): Goroutine[] => goroutines(1, reason, ["app.(*Gate).ServeHTTP", "net/http.serverHandler.ServeHTTP", "net/http.(*conn).serve"], { id: 31, createdBy: creator("net/http.(*Server).Serve", 3) });
  const watcher = goroutines(1, "IO wait", ["net/http.(*connReader).backgroundRead"], { id: 32 });
  const table: readonly (readonly [string, Snapshot, readonly string[]])[] = [
    ["a circle of three locks, told by the locks' own addresses", hung(send(5, 0x20, 0x30), send(6, 0x30, 0x40), send(7, 0x40, 0x20)), ["3 lock-order lock-order high"]],
    ["no circle: the last wants a lock of nobody in the text", hung(send(5, 0x20, 0x30), send(6, 0x30, 0x40), send(7, 0x40, 0x50)), []],
    ["Close waits for workers that need its lock", hung(close, add(0x100)), ["1 lock-held-while-waiting waitgroup-mismatch high"]],
    ["the lock lies behind the receiver: by the type", hung(close, add(0x110)), ["1 lock-held-while-waiting waitgroup-mismatch medium"]],
    ["the same in a service that runs", snapshot(close, add(0x100)), []],
    ["a send under a lock that its receiver wants", hung(publish("chan send"), leave), ["1 lock-held-while-waiting send-without-receiver medium"]],
    ["a write to the network under a lock: it may be over in a moment", hung(publish("IO wait"), leave), []],
    ["an errgroup that holds all of its own slots", hung(walk(2, "chan send", asks)), ["2 own-slot send-without-receiver high"]],
    ["one that may give a slot back", hung(walk(2, "chan send", asks), walk(1, "IO wait", [])), []],
    ["a test's call that its own server's handler does not answer", timedOut(call, handler("chan receive"), watcher), ["1 served-here receive-without-sender high", "1 http-call no-timeout high"]],
    ["a handler that asks the network itself is no cause", timedOut(call, handler("IO wait"), watcher), ["1 http-call no-timeout high"]],
    ["the same in a service that runs", snapshot(call, handler("chan receive"), watcher), []],
  ];
  for (const [name, world, expected] of table) assert.deepEqual(found(world), expected, name);
});

test("the source line tells range and Done apart", () => {
  const at = (source: string): Snapshot => {
    const [g] = goroutines(1, "chan receive", ["app.f"]);
    return snapshot([{ ...g!, stack: [{ ...g!.stack[0]!, source }] }]);
  };
  assert.deepEqual(said(at("for v := range in {")), ["1 blocked-receive range-never-closed low"]);
  assert.deepEqual(said(at("<-ctx.Done()")), ["1 blocked-receive missing-cancel low"]);
  assert.deepEqual(said(at("v := <-ch")), ["1 blocked-receive receive-without-sender low"]);
});

test("every rule has a code of its own and says what it looks for", () => {
  assert.equal(new Set([...SNAPSHOT_RULES, ...GRAPH_RULES].map(({ code }) => code)).size, SNAPSHOT_RULES.length + GRAPH_RULES.length);
  for (const { doc } of [...SNAPSHOT_RULES, ...GRAPH_RULES]) assert.match(doc, /\.$/);
});
