import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetView } from "../../model/results/watching.js";
import { sparkline, watchEventText, watchScreen, watchSummaryText } from "./text.js";

const frame = { function: "example.com/shop.(*Server).handle", file: "/src/shop/server.go", line: 12 };
const growing = {
  fingerprint: "f", count: 90, waitReason: "chan send", frame, cause: "send-without-receiver" as const, evidence: [],
  growth: { how: "steady" as const, perMinute: 12.34, from: 10, to: 90, minutes: 5 },
};
const up: TargetView = {
  target: "http://a:1", state: "up", failures: 0, total: 91, totals: [1, 50, 91],
  rows: [{ fingerprint: "f", count: 90, waitReason: "chan send", frame, counts: [0, 50, 90], growing }, { fingerprint: "g", count: 1, waitReason: "select", frame, counts: [1, 1, 1] }], moreRows: 0,
};
const down: TargetView = { target: "http://b:1", state: "down", failures: 3, error: "http://b:1/: nothing listens there", total: 0, totals: [], rows: [], moreRows: 0 };
const options = { colour: false, cwd: "/src/shop", columns: 200 };

test("the live screen: what grows first, with its rate; a target that is down says so once, without its name again", () => {
  assert.equal(watchScreen([up, down], "head", 24, options), [
    "head", "",
    "http://a:1  91 goroutines  ▁▅█",
    "!   +12/min       90  ▁▅█                   chan send        shop.(*Server).handle  server.go:12  send-without-receiver",
    "                   1  ▁▁▁                   select           shop.(*Server).handle  server.go:12", "",
    "http://b:1  down, asked 3 times: nothing listens there",
  ].join("\n"));
});

test("the end of a watch: of a target that never answered it is not said that nothing grows, and its name stands in its line once", () => {
  const summary = (scrapes: number) => ({ targets: [{ target: "http://b:1", scrapes, failures: 3, lastError: "http://b:1/: nothing listens there; is the service up?" }], growing: [], unsaved: 0 });
  assert.equal(watchSummaryText(summary(0), options), "http://b:1: asked 3 times, 3 without an answer (nothing listens there; is the service up?)\nNothing was seen.\n");
  assert.match(watchSummaryText(summary(1), options), /\nNothing grows\.\n$/);
});

test("a target that does not answer: what comes next stands behind the error, whatever that ends with", () => {
  const failed = (inARow: number) => watchEventText({ kind: "failed", at: 0, target: "b", error: "b: nothing listens there; is the service up?", inARow }, options);
  assert.equal(failed(1), "00:00:00 b: nothing listens there; is the service up? (asking again)");
  assert.equal(failed(2), "00:00:00 b: nothing listens there; is the service up? (no answer 2 times in a row; asking again)");
});

test("no line is wider, and no screen higher, than the terminal", () => {
  const lines = watchScreen([up, down, up, up], "head", 8, { ...options, colour: true, columns: 30 }).split("\n");
  assert.ok(lines.length <= 8);
  for (const line of lines) assert.ok(line.replace(/\u001b\[\d+m/g, "").length <= 30, line);
});

test("sparklines: the highest is full, a flat line is low, many values keep their peaks", () => {
  assert.equal(sparkline([0, 4, 8], 10), "▁▅█");
  assert.equal(sparkline([7, 7, 7], 10), "▁▁▁");
  assert.equal(sparkline([0, 0, 9, 0, 0, 0], 3), "▁█▁");
});
