import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ok } from "../../base/result.js";
import { nanos } from "../../model/ids.js";
import type { FailureKind } from "../../model/results/measure.js";
import { groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { GrowingGroup } from "../../model/results/watching.js";
import { failureKind, Measures } from "./measures.js";
import { readSource } from "./snapshots.js";
import type { TargetLook } from "./watch-options.js";

const snapshotOf = (counts: Readonly<Record<string, number>>): Snapshot => ({
  provenance: { source: "x", how: "pprof" }, losses: [],
  goroutines: Object.entries(counts).map(([name, count]) => ({ count, state: "waiting", waitReason: "chan send", stack: [{ function: `main.${name}`, file: `/src/${name}.go`, line: 7 }] })),
});

function lookAt(counts: Readonly<Record<string, number>>, growingNames: readonly string[] = []): TargetLook {
  const snapshot = snapshotOf(counts);
  const groups = groupGoroutines(snapshot);
  const growing = new Map(groups.filter(({ stack }) => growingNames.includes(stack[0]!.function.slice(5))).map((group) => [group.fingerprint, {
    fingerprint: group.fingerprint, count: group.count, waitReason: "chan send", frame: group.stack[0]!, cause: "send-without-receiver", evidence: [],
    growth: { how: "steady", perMinute: 2, from: 1, to: 9, minutes: 4 },
  } satisfies GrowingGroup]));
  return { target: "x", at: 5000, snapshot, total: groups.reduce((sum, { count }) => sum + count, 0), groups, growing };
}

function measuring(names: readonly string[], most: number): Measures {
  const measures = new Measures({ cwd: "/src" }, most);
  measures.known(names.map((name) => ({ name, source: ok(name), labels: {} })));
  return measures;
}

test("groups are bounded: those that grow, then those that have a series, then the largest; the others are one number", () => {
  const measures = measuring(["x"], 3);
  const steps: readonly (readonly [counts: Readonly<Record<string, number>>, growing: readonly string[], shown: readonly string[], others: number])[] = [
    [{ a: 50, b: 40, c: 30, d: 20, e: 2 }, [], ["main.a", "main.b", "main.c"], 22],
    [{ a: 50, b: 40, c: 30, d: 90, e: 2 }, [], ["main.a", "main.b", "main.c"], 92], // d is larger now, but has no series
    [{ a: 50, b: 40, d: 90, e: 2 }, [], ["main.a", "main.b", "main.d"], 2], // c is gone: its place is free
    [{ a: 50, b: 40, d: 90, e: 3 }, ["e"], ["main.e", "main.d", "main.a"], 40],
  ];
  for (const [counts, growing, shown, others] of steps) {
    measures.look(lookAt(counts, growing));
    const { last } = measures.targets()[0]!;
    assert.deepEqual(last!.shown.map((group) => group.function), shown);
    assert.equal(last!.others, others);
    assert.equal(last!.shown.reduce((sum, { count }) => sum + count, 0) + last!.others, last!.goroutines);
  }
  const [grows] = measures.targets()[0]!.last!.shown;
  assert.deepEqual([grows!.perHour, grows!.cause, grows!.place, grows!.state], [120, "send-without-receiver", "e.go:7", "chan send"]);
});

test("with no series for groups all goroutines are the others'", () => {
  const measures = measuring(["x"], 0);
  measures.look(lookAt({ a: 5, b: 4 }));
  assert.deepEqual([measures.targets()[0]!.last!.shown, measures.targets()[0]!.last!.others], [[], 9]);
});

test("suspects are counted by cause and confidence, notes are not", () => {
  const measures = measuring(["x"], 20);
  measures.look(lookAt({ many: 40, few: 2 }));
  assert.deepEqual(measures.targets()[0]!.last!.suspects.map(({ cause, goroutines }) => [cause, goroutines]), [["send-without-receiver", 40]]);
});

test("failures are counted, their reason stays until a look brings something, and what was seen last is kept", () => {
  const measures = measuring(["x", "y"], 20);
  measures.look(lookAt({ a: 5 }));
  for (const inARow of [1, 2]) measures.event({ kind: "failed", target: "x", at: 1, error: "x: nothing listens there (connection refused)", inARow });
  const [x, y] = measures.targets();
  assert.deepEqual([x!.looks, x!.failures, x!.failuresInARow, x!.failure, x!.last!.goroutines], [1, 2, 2, "refused", 5]);
  assert.deepEqual([y!.looks, y!.failures, y!.failure, y!.last], [0, 0, undefined, undefined]);
  measures.look(lookAt({ a: 6 }));
  assert.deepEqual([measures.targets()[0]!.failure, measures.targets()[0]!.failuresInARow, measures.targets()[0]!.failures], [undefined, 0, 2]);
  measures.event({ kind: "unsaved", at: 1, error: "full", waiting: 3, dropped: 2, inARow: 1 });
  assert.deepEqual([measures.storeWaiting, measures.storeDropped], [3, 2]);
  measures.event({ kind: "saved-again", at: 1, afterFailures: 1 });
  assert.deepEqual([measures.storeWaiting, measures.storeDropped], [0, 2]);
});

test("the kind of a failure, of real ones", async () => {
  const answers: readonly (readonly [FailureKind, RequestListener, more?: { timeoutMs?: number; maxBytes?: number }])[] = [
    ["status", (_, response) => void response.writeHead(503).end("busy")],
    ["status", (_, response) => void response.writeHead(302, { location: "http://127.0.0.2/" }).end()],
    ["not-goroutines", (_, response) => void response.end("<html><title>sign in</title>")],
    ["timeout", () => undefined, { timeoutMs: 50 }],
    ["unreachable", (request) => void request.socket.destroy()],
    ["too-large", (_, response) => void response.end("goroutine 1 [running]:\n".repeat(1000)), { maxBytes: 1000 }],
  ];
  const asked = async (source: string, more: { timeoutMs?: number; maxBytes?: number } = {}): Promise<FailureKind> => {
    const read = await readSource(source, {
      profile: "goroutine", headers: [], timeoutMs: 5000, maxBytes: 1e6, signal: new AbortController().signal, stdin: (async function* () {})(), env: {}, cwd: "/", now: () => nanos(0n), ...more,
    });
    assert.ok(!read.ok);
    return failureKind(read.error);
  };
  for (const [kind, answer, more] of answers) {
    const server = createServer(answer).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    assert.equal(await asked(`http://127.0.0.1:${port}/`, more), kind);
    server.closeAllConnections();
    server.close();
  }
  const rude = createTcpServer((socket) => void socket.on("error", () => undefined).resume().end("SSH-2.0-x\r\n")).listen(0, "127.0.0.1");
  await new Promise((done) => rude.once("listening", done));
  const { port } = rude.address() as AddressInfo;
  assert.equal(await asked(`http://127.0.0.1:${port}/`), "not-goroutines");
  assert.equal(await asked(`https://127.0.0.1:${port}/`), "tls");
  await new Promise((done) => rude.close(done));
  assert.equal(await asked(`http://127.0.0.1:${port}/`), "refused");
  assert.equal(await asked("http://no-such-host.invalid/"), "unknown-host");
  assert.equal(await asked("unix:/no/such/socket"), "refused");
});

test("what a discovery no longer knows has no series, and a look that was under way brings none back", () => {
  const measures = measuring(["x", "y"], 20);
  measures.known([{ name: "y", source: ok("y"), labels: { team: "cart" } }]);
  measures.look(lookAt({ a: 5 }));
  measures.event({ kind: "failed", target: "x", at: 1, error: "x: gone", inARow: 1 });
  assert.deepEqual(measures.targets().map(({ target, labels }) => [target, labels]), [["y", { team: "cart" }]]);
  measures.event({ kind: "added", target: "y", at: 1, discovery: "d", labels: {} });
  assert.deepEqual(measures.discoveries(), [{ discovery: "d", up: true }]);
  measures.event({ kind: "undiscovered", discovery: "d", at: 1, error: "gone", inARow: 1 });
  assert.deepEqual(measures.discoveries(), [{ discovery: "d", up: false }]);
});
