import assert from "node:assert/strict";
import { test } from "node:test";
import type { GrowingGroup, WatchEvent } from "../../model/results/watching.js";
import { otlpEvent, otlpLogs } from "./otlp.js";

const group: GrowingGroup = {
  fingerprint: "ab12", count: 40, waitReason: "chan send", frame: { function: "shop.(*Feed).pull", file: "/shop/feed.go", line: 41 }, label: "tenant=a\u001b[31m", cause: "early-return", evidence: [],
  growth: { how: "stays", perMinute: 0.5, from: 10, to: 40, minutes: 60 },
};
const said = (event: WatchEvent): ReturnType<typeof otlpEvent> => otlpEvent(event, "/");

test("an event is a log record of OTLP's JSON: numbers of 64 bits as text, no control character", () => {
  const events = [said({ kind: "growing", target: "http://a", at: 1_700_000_000_123, group })!, said({ kind: "recovered", target: "http://b", at: 5, afterFailures: 1 })!];
  const { resourceLogs } = JSON.parse(otlpLogs(events, "1.2.3")) as { resourceLogs: { resource: unknown; scopeLogs: { scope: unknown; logRecords: Record<string, unknown>[] }[] }[] };
  assert.deepEqual(resourceLogs[0]!.resource, { attributes: [{ key: "service.name", value: { stringValue: "unpark" } }, { key: "service.version", value: { stringValue: "1.2.3" } }] });
  const [first, second] = resourceLogs[0]!.scopeLogs[0]!.logRecords as [Record<string, unknown>, Record<string, unknown>];
  assert.deepEqual([first["timeUnixNano"], first["severityText"], first["eventName"]], ["1700000000123000000", "WARN", "unpark.watch.growing"]);
  assert.match((first["body"] as { stringValue: string }).stringValue, /^http:\/\/a: growing/);
  const attributes = new Map((first["attributes"] as { key: string; value: unknown }[]).map(({ key, value }) => [key, value]));
  assert.deepEqual(attributes.get("unpark.group.goroutines"), { intValue: "40" });
  assert.deepEqual(attributes.get("unpark.group.growth_per_minute"), { doubleValue: 0.5 });
  assert.deepEqual(attributes.get("code.function.name"), { stringValue: "shop.(*Feed).pull" });
  assert.ok(!JSON.stringify(first).includes("\\u001b"));
  assert.deepEqual([second["severityNumber"], second["eventName"], (second["attributes"] as unknown[]).length], [9, "unpark.watch.recovered", 1]);
});

test("looks are none, and of failures the first, the second, the fourth …", () => {
  assert.equal(said({ kind: "scraped", target: "a", at: 1, goroutines: 1, groups: 1 }), undefined);
  assert.deepEqual([1, 2, 3, 4, 5].filter((inARow) => said({ kind: "failed", target: "a", at: 1, error: "a: gone", inARow })), [1, 2, 4]);
});
