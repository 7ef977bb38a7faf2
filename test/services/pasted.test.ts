import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnoseSnapshot } from "../../src/diagnose/snapshot/suspects.js";
import { isFinding } from "../../src/model/finding/suspect.js";
import { parseBytes } from "../../src/parse/parse.js";

/** Dumps of one kind each, with a healthy twin that must stay quiet; packages and addresses are invented. */
const frame = (call: string, place: string): string => `${call}\n\t${place} +0x1\n`;
const LOCK = (address: string): string => `internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/usr/local/go/src/runtime/sema.go:95 +0x25\ninternal/sync.(*Mutex).lockSlow(${address})\n\t/usr/local/go/src/internal/sync/mutex.go:149 +0x15d\nsync.(*Mutex).Lock(...)\n\t/usr/local/go/src/sync/mutex.go:46\n`;
const RLOCK = "sync.runtime_SemacquireRWMutexR(0x0?, 0x0?, 0x0?)\n\t/usr/local/go/src/runtime/sema.go:100 +0x25\nsync.(*RWMutex).RLock(...)\n\t/usr/local/go/src/sync/rwmutex.go:74\n";
const WLOCK = "sync.runtime_SemacquireRWMutex(0x0?, 0x0?, 0x0?)\n\t/usr/local/go/src/runtime/sema.go:105 +0x25\nsync.(*RWMutex).Lock(0xc000900000)\n\t/usr/local/go/src/sync/rwmutex.go:155\n";
const go = (id: number, state: string, stack: string, by = "app.Run in goroutine 1"): string => `goroutine ${id} [${state}]:\n${stack}created by ${by}\n\t/src/app/run.go:9 +0x1\n\n`;
const MAIN = `goroutine 1 [IO wait]:\n${frame("main.main()", "/src/app/main.go:8")}\n`;
const many = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join("");
const bank = (method: string, address: string, line: number): string => frame(`app.(*Bank).${method}(${address})`, `/src/app/bank.go:${line}`);
const book = (method: string, address: string, line: number): string => frame(`app.(*Book).${method}(${address})`, `/src/app/book.go:${line}`);

const TABLE: readonly (readonly [name: string, text: string, wanted: readonly string[]])[] = [
  ["two locks in opposite orders, by address", MAIN + go(5, "sync.Mutex.Lock, 9 minutes", LOCK("0xc000000108") + bank("get", "0xc000000100", 3) + book("sum", "0xc000000200", 7)) + go(6, "sync.Mutex.Lock, 9 minutes", LOCK("0xc000000208") + book("add", "0xc000000200", 5) + bank("put", "0xc000000100", 8)), ["2 lock-order lock-order high bank.go:3"]],
  ["a circle of three", MAIN + go(5, "sync.Mutex.Lock", LOCK("0xc1") + bank("get", "0xc000000100", 3) + book("sum", "0xc000000200", 7)) + go(6, "sync.Mutex.Lock", LOCK("0xc2") + frame("app.(*Till).open(0xc000000300)", "/src/app/till.go:4") + bank("put", "0xc000000100", 8)) + go(7, "sync.Mutex.Lock", LOCK("0xc3") + book("add", "0xc000000200", 5) + frame("app.(*Till).shut(0xc000000300)", "/src/app/till.go:9")), ["3 lock-order lock-order high bank.go:3"]],
  ["other receivers of the same types: no circle", MAIN + go(5, "sync.Mutex.Lock", LOCK("0xc000000108") + bank("get", "0xc000000100", 3) + book("sum", "0xc000000200", 7)) + go(6, "sync.Mutex.Lock", LOCK("0xc000000408") + book("add", "0xc000000400", 5) + bank("put", "0xc000000300", 8)), []],
  ["a caller that holds the lock", MAIN + go(5, "sync.Mutex.Lock, 6 minutes", LOCK("0xc000000108") + bank("flush", "0xc000000100", 3) + bank("Put", "0xc000000100", 9)), ["1 recursive-lock recursive-lock high bank.go:3"]],
  ["a caller of the same receiver, while another goroutine is at work in it", MAIN + go(5, "sync.Mutex.Lock", LOCK("0xc000000108") + bank("flush", "0xc000000100", 3) + bank("Put", "0xc000000100", 9)) + go(6, "running", bank("Get", "0xc000000100", 20)), []],
  ["a reader behind a writer that waits", MAIN + go(5, "sync.RWMutex.RLock, 6 minutes", RLOCK + bank("peek", "0xc000000100", 3) + bank("Sum", "0xc000000100", 9)) + go(6, "sync.RWMutex.Lock, 6 minutes", WLOCK + bank("Set", "0xc000000100", 30)), ["1 recursive-lock recursive-lock high bank.go:3"]],
  ["a lock held while it sends: the culprit, not its victims", MAIN + go(5, "chan send, 7 minutes", bank("notify", "0xc000000100", 40) + bank("Set", "0xc000000100", 44)) + many(12, (i) => go(20 + i, "sync.Mutex.Lock, 7 minutes", LOCK("0xc000000108") + bank("Get", "0xc000000100", 3))), ["1 lock-held-while-waiting send-without-receiver high bank.go:40"]],
  ["contention: some were just woken", MAIN + many(2, (i) => go(5 + i, "runnable", LOCK("0xc000000108") + bank("Get", "0xc000000100", 3))) + many(5, (i) => go(20 + i, "sync.Mutex.Lock", LOCK("0xc000000108") + bank("Get", "0xc000000100", 3))), []],
  ["wg.Wait and close: the senders are the cause", MAIN + go(5, "chan send, 9 minutes", frame("app.Run.func1()", "/src/app/run.go:12")) + go(6, "sync.WaitGroup.Wait, 9 minutes", frame("sync.(*WaitGroup).Wait(0xc1)", "/usr/local/go/src/sync/waitgroup.go:118") + frame("app.Run.func2()", "/src/app/run.go:30")), ["1 blocked-send send-without-receiver medium run.go:12"]],
  ["a call into C, and the one that should be served meanwhile", MAIN + go(5, "syscall, 70 minutes", frame("runtime.cgocall(0x1, 0x2)", "/usr/local/go/src/runtime/cgocall.go:157") + frame("app._Cfunc_write(0x1)", "_cgo_gotypes.go:17") + frame("app.save(0x1)", "/src/app/save.go:19")) + go(6, "chan send, 70 minutes", frame("app.feed(0x1)", "/src/app/feed.go:6"), "golang.org/x/sync/errgroup.(*Group).Go in goroutine 5"), ["1 long-call no-timeout high save.go:19"]],
  ["an event loop in C, in main", `goroutine 1 [syscall, 700 minutes, locked to thread]:\n${frame("runtime.cgocall(0x1, 0x2)", "/usr/local/go/src/runtime/cgocall.go:157")}${frame("app._Cfunc_loop(0x1)", "_cgo_gotypes.go:17")}${frame("main.main()", "/src/app/main.go:8")}\n`, []],
  ["idle workers of one pool, for hours", MAIN + many(16, (i) => go(5 + i, "chan receive, 300 minutes", frame("app.(*Pool).work(0xc1)", "/src/app/pool.go:7"))), []],
  ["idle Cond workers", MAIN + many(12, (i) => go(5 + i, "sync.Cond.Wait, 7 minutes", frame("sync.(*Cond).Wait(0xc1)", "/usr/local/go/src/sync/cond.go:71") + frame("app.(*Pool).work(0xc1)", "/src/app/pool.go:7"))), []],
  ["a test that timed out; its idle worker is none", `panic: test timed out after 1m0s\n\trunning tests:\n\t\tTestX (1m0s)\n\n${go(9, "select", frame("app.wait(0x1)", "/src/app/wait.go:4") + frame("app.TestX(0xc1)", "/src/app/wait_test.go:9") + frame("testing.tRunner(0xc1, 0x2)", "/usr/local/go/src/testing/testing.go:1792"), "testing.(*T).Run in goroutine 1")}${go(12, "chan receive", frame("app.(*Pool).work(0xc1)", "/src/app/pool.go:7"), "app.NewPool in goroutine 9")}`, ["1 blocked-select select-without-ready-case high wait.go:4"]],
  ["connections of a client that are idle for long, and a pool of them that is not", MAIN + many(40, (i) => go(100 + i, "IO wait, 20 minutes", frame("internal/poll.runtime_pollWait(0x1, 0x2)", "/usr/local/go/src/runtime/netpoll.go:351") + frame("net/http.(*persistConn).readLoop(0xc1)", "/usr/local/go/src/net/http/transport.go:2205"), "net/http.(*Transport).dialConn in goroutine 50")), ["40 library-shape resource-not-closed medium transport.go:2205"]],
  ["a pool of connections in use", MAIN + many(40, (i) => go(100 + i, "IO wait", frame("internal/poll.runtime_pollWait(0x1, 0x2)", "/usr/local/go/src/runtime/netpoll.go:351") + frame("net/http.(*persistConn).readLoop(0xc1)", "/usr/local/go/src/net/http/transport.go:2205"), "net/http.(*Transport).dialConn in goroutine 50")), []],
  ["a CPU profile is being taken", MAIN + go(7, "select", frame("net/http/pprof.sleep(0xc1, 0x2)", "/usr/local/go/src/net/http/pprof/pprof.go:117") + frame("net/http.HandlerFunc.ServeHTTP(0xc1)", "/usr/local/go/src/net/http/server.go:2220") + frame("net/http.(*conn).serve(0xc1)", "/usr/local/go/src/net/http/server.go:2092"), "net/http.(*Server).Serve in goroutine 3"), []],
  ["all asleep, behind a prefix", "app_1  | fatal error: all goroutines are asleep - deadlock!\napp_1  | \napp_1  | goroutine 1 [chan send]:\napp_1  | main.main()\napp_1  | \t/src/app/main.go:8 +0xf\napp_1  | \n", ["1 proved send-without-receiver proved main.go:8"]],
];

for (const [name, text, wanted] of TABLE) {
  test(`pasted: ${name}`, () => {
    const parsed = parseBytes(Buffer.from(text), { source: name });
    assert.ok(parsed.ok);
    const found = parsed.value.snapshots.flatMap((snapshot) => diagnoseSnapshot(snapshot)).filter(isFinding);
    assert.deepEqual(found.map(({ rule, cause, confidence, group, blamed }) => `${group.count} ${rule} ${cause} ${confidence} ${blamed.file.replace(/^.*\//, "")}:${blamed.line}`), wanted);
  });
}
