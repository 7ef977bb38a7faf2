import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { TargetMeasure } from "../model/results/measure.js";
import { loadPromClient, METRICS, metricsText } from "./metrics.js";

const TARGETS: readonly TargetMeasure[] = [
  {
    target: "http://127.0.0.1:6060", labels: {}, looks: 9, failures: 1, failuresInARow: 0,
    last: {
      at: 1500, goroutines: 50, groups: 3, growing: 1, others: 8,
      shown: [
        { fingerprint: "aa", function: "main.\"leak\"\u001b[31m", place: "main.go:7", state: "chan send", label: "tenant=a\nb", count: 40, perHour: 120, cause: "send-without-receiver" },
        { fingerprint: "bb", function: "main.pool", place: "", state: "select", label: "", count: 2 },
      ],
      suspects: [{ cause: "send-without-receiver", confidence: "high", goroutines: 40 }],
    },
  },
  { target: "gone", labels: { "app.kubernetes.io/name": "cart", target: "x" }, looks: 0, failures: 4, failuresInARow: 4, failure: "refused" },
  { target: "new", labels: {}, looks: 0, failures: 0, failuresInARow: 0 },
];

async function linesOf(): Promise<readonly string[]> {
  const client = await loadPromClient();
  assert.ok(client.ok);
  const { text, contentType } = await metricsText(client.value, { version: "1.2.3", targets: TARGETS, discoveries: [{ discovery: "k8s://shop", up: false }], storeWaiting: 2, storeDropped: 1 });
  assert.match(contentType, /^text\/plain; version=0\.0\.4/);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("the metrics of three targets, one that grows, one that is gone, one that was not looked at yet", async () => {
  const group = 'target="http://127.0.0.1:6060",group="aa",function="main.\\"leak\\"\\\\x1b[31m",place="main.go:7",state="chan send",label="tenant=a\\\\nb"';
  assert.deepEqual(await linesOf(), [
    'unpark_build_info{version="1.2.3"} 1',
    'unpark_discovery_up{discovery="k8s://shop"} 0',
    'unpark_target_info{target="http://127.0.0.1:6060"} 1',
    'unpark_target_info{app_kubernetes_io_name="cart",target="gone"} 1',
    'unpark_target_info{target="new"} 1',
    'unpark_target_up{target="http://127.0.0.1:6060"} 1',
    'unpark_target_up{target="gone"} 0',
    'unpark_target_last_look_timestamp_seconds{target="http://127.0.0.1:6060"} 1.5',
    'unpark_target_looks_total{target="http://127.0.0.1:6060",result="ok"} 9',
    'unpark_target_looks_total{target="http://127.0.0.1:6060",result="failed"} 1',
    'unpark_target_looks_total{target="gone",result="ok"} 0',
    'unpark_target_looks_total{target="gone",result="failed"} 4',
    'unpark_target_looks_total{target="new",result="ok"} 0',
    'unpark_target_looks_total{target="new",result="failed"} 0',
    'unpark_target_failures_in_a_row{target="http://127.0.0.1:6060"} 0',
    'unpark_target_failures_in_a_row{target="gone"} 4',
    'unpark_target_failures_in_a_row{target="new"} 0',
    'unpark_target_failure_info{target="gone",reason="refused"} 1',
    'unpark_target_goroutines{target="http://127.0.0.1:6060"} 50',
    'unpark_target_groups{target="http://127.0.0.1:6060"} 3',
    'unpark_target_growing_groups{target="http://127.0.0.1:6060"} 1',
    'unpark_target_suspected_goroutines{target="http://127.0.0.1:6060",cause="send-without-receiver",confidence="high"} 40',
    `unpark_group_goroutines{${group}} 40`,
    'unpark_group_goroutines{target="http://127.0.0.1:6060",group="bb",function="main.pool",place="",state="select",label=""} 2',
    'unpark_target_other_goroutines{target="http://127.0.0.1:6060"} 8',
    `unpark_group_growth_per_hour{${group},cause="send-without-receiver"} 120`,
    "unpark_store_waiting_looks 2",
    "unpark_store_dropped_looks 1",
  ]);
});

test("docs/fleet.md has a row for each metric, with its labels, and for no other", () => {
  const text = readFileSync(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `(unpark_\w+)` \| ([^|]*) \|/gm)].map(([, name, labels]) => [name, labels!.trim()]);
  assert.deepEqual(rows, METRICS.map(({ name, labels }) => [name, labels.map((label) => `\`${label}\``).join(", ")]));
});
