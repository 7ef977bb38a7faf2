import assert from "node:assert/strict";
import { test } from "node:test";
import type { GrowingGroup, WatchEvent } from "../../model/results/watching.js";
import { type Alert, alertPayload, Alerts } from "./alerts.js";

const GROUP: GrowingGroup = {
  fingerprint: "aa", count: 40, waitReason: "chan send", frame: { function: "example.com/shop/main.leak", file: "/src/main.go", line: 7 }, cause: "send-without-receiver", evidence: ["a fact\u001b[31m"],
  growth: { how: "steady", perMinute: 2, from: 10, to: 40, minutes: 15 },
};

/** What is left of the alerts of these events: status, name, summary. */
function told(...events: readonly WatchEvent[]): readonly (readonly [string, string])[] {
  const alerts = new Alerts("/src");
  return events.flatMap((event) => alerts.of(event).map(({ status, labels }) => [status, labels["alertname"]!] as const));
}

const failed = (inARow: number): WatchEvent => ({ kind: "failed", target: "x", at: 1, error: "x: gone", inARow });

test("which events are alerts", () => {
  assert.deepEqual(told({ kind: "growing", target: "x", at: 1, group: GROUP }, { kind: "settled", target: "x", at: 2, group: GROUP }), [["firing", "UnparkGoroutineLeak"], ["resolved", "UnparkGoroutineLeak"]]);
  assert.deepEqual(told({ kind: "settled", target: "x", at: 2, group: GROUP }), [], "what never fired does not end");
  assert.deepEqual(told(failed(1), failed(2), { kind: "recovered", target: "x", at: 2, afterFailures: 2 }), []);
  assert.deepEqual(told(failed(1), failed(2), failed(3), failed(4), { kind: "recovered", target: "x", at: 2, afterFailures: 4 }), [["firing", "UnparkTargetDown"], ["resolved", "UnparkTargetDown"]]);
  const unsaved = (inARow: number): WatchEvent => ({ kind: "unsaved", at: 1, error: "full", waiting: 3, dropped: 0, inARow });
  assert.deepEqual(told(unsaved(1), unsaved(3), { kind: "saved-again", at: 2, afterFailures: 3 }), [["firing", "UnparkStoreNotWritten"], ["resolved", "UnparkStoreNotWritten"]]);
  const unknown = (inARow: number): WatchEvent => ({ kind: "undiscovered", discovery: "d", at: 1, error: "d: gone", inARow });
  assert.deepEqual(told(unknown(1), unknown(2), { kind: "rediscovered", discovery: "d", at: 2, afterFailures: 2 }), [["firing", "UnparkDiscoveryDown"], ["resolved", "UnparkDiscoveryDown"]]);
  const gone = (target: string): WatchEvent => ({ kind: "removed", target, at: 2, discovery: "d" });
  assert.deepEqual(told({ kind: "growing", target: "x", at: 1, group: GROUP }, failed(3), gone("y"), gone("x")).slice(2), [["resolved", "UnparkGoroutineLeak"], ["resolved", "UnparkTargetDown"]], "what is gone fires no more");
  assert.deepEqual(told({ kind: "scraped", target: "x", at: 1, goroutines: 1, groups: 1 }, { kind: "clock", target: "x", at: 1, backMs: 5 }), []);
});

test("an alert that ends has the labels, fingerprint and start with which it fired, whatever is known by then", () => {
  const alerts = new Alerts("/src");
  const fired = alerts.of({ kind: "growing", target: "x", at: 1000, group: GROUP })[0]!;
  const ended = alerts.of({ kind: "settled", target: "x", at: 9000, group: { ...GROUP, frame: { ...GROUP.frame, line: 8 }, count: 3 } })[0]!;
  assert.deepEqual([ended.labels, ended.fingerprint, ended.startsAt, ended.endsAt], [fired.labels, fired.fingerprint, "1970-01-01T00:00:01.000Z", "1970-01-01T00:00:09.000Z"]);
  assert.deepEqual(fired.labels, { alertname: "UnparkGoroutineLeak", severity: "warning", target: "x", group: "aa", function: "main.leak", place: "main.go:7" });
  assert.match(fired.annotations["description"]!, /10 → 40 in 15 min, \+2\.0\/min; at this rate 2,880 more in a day\nblocked sending.*\[send-without-receiver\]\na fact\\x1b\[31m$/);
});

test("a message: firing while any alert fires, and what all alerts have in common", () => {
  const alerts = new Alerts("/src");
  const one = alerts.of({ kind: "growing", target: "x", at: 1000, group: GROUP })[0]!;
  const two = alerts.of({ kind: "growing", target: "y", at: 1000, group: GROUP })[0]!;
  const end = alerts.of({ kind: "settled", target: "y", at: 2000, group: GROUP })[0]!;
  const read = (...list: readonly Alert[]) => JSON.parse(alertPayload(list)) as { status: string; commonLabels: Record<string, string>; alerts: readonly Alert[] };
  assert.equal(read(one, end).status, "firing");
  assert.equal(read(end).status, "resolved");
  assert.deepEqual(Object.keys(read(one, two).commonLabels), ["alertname", "severity", "group", "function", "place"]);
  assert.deepEqual(read(one, two).alerts, [one, two]);
});
