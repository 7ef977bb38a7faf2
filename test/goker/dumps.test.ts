import assert from "node:assert/strict";
import { test } from "node:test";
import { lookAt } from "../../src/pipeline/services/inspect.js";
import { SourceLines } from "../../src/collect/sources.js";
import type { Goroutine, Snapshot } from "../../src/model/goroutine/snapshot.js";
import { judgeDump, subtypeOf, subtypesOf } from "./dumps.js";

const README = `|[grpc#660]|[pull request]|[patch]| Communication | Channel |
|[moby#25384]|[pull request]|[patch]| Mixed | Misuse WaitGroup |
|[cockroach#584]|[pull request]|[patch]| Resource | Double Locking |`;

test("a kernel's kind is read from Go's README, also where the issue's number is another", () => {
  const subtypes = subtypesOf(README);
  assert.deepEqual(["Grpc660", "Moby25348", "Cockroach584", "Etcd1"].map((kernel) => subtypeOf(kernel, subtypes)), ["Channel", "Misuse WaitGroup", "Double Locking", undefined]);
});

const many = (functions: readonly string[], waitReason: string, count = 40): Goroutine => ({
  count, state: "waiting", waitReason, stack: [...functions, "runtime.goexit"].map((name, line) => ({ function: name, file: "/src/kernel.go", line: line + 10 })),
});
const look = (...goroutines: readonly Goroutine[]): ReturnType<typeof lookAt> => {
  const snapshot: Snapshot = { provenance: { source: "x", how: "debug=2 text" }, losses: [], goroutines };
  return lookAt(snapshot, new SourceLines("/"), {});
};
const SENDER = many(["main.(*T).send", "main.Kernel.func2", "main.Kernel.gowrap1"], "chan send");
const LOCKER = many(["sync.runtime_SemacquireMutex", "internal/sync.(*Mutex).lockSlow", "sync.(*Mutex).Lock", "main.f"], "sync.Mutex.Lock", 60);

test("a dump's verdict: the documented goroutines, a cause of the documented kind, and nothing else above", () => {
  const sends = [/^Kernel\.func2\(.* \[chan send\]/];
  assert.deepEqual(judgeDump(look(SENDER), sends, "Channel"), { verdict: "right", rank: 1, suspects: ["medium send-without-receiver kernel.go:10"] });
  assert.equal(judgeDump(look(SENDER), [/^Kernel\.func3/], "Channel").verdict, "other cause"); // other goroutines
  assert.equal(judgeDump(look(SENDER), [/Mutex|^Kernel\.func2/], "Double Locking").verdict, "other cause"); // another cause
  assert.equal(judgeDump(look(SENDER), sends, "Double locking").verdict, "right"); // filed so, but no lock is documented
  assert.equal(judgeDump(look(SENDER, LOCKER), sends, "Channel").verdict, "wrong one above");
  assert.equal(judgeDump(look(SENDER, LOCKER), [...sends, /^f\(/], "Channel & Lock").verdict, "right"); // the other one leaks, too
  assert.equal(judgeDump(look({ ...SENDER, count: 1 }), sends, "Channel").verdict, "no suspects");
});
