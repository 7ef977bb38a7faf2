import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDuration, parseDuration } from "./duration.js";

const second = 1_000_000_000n;

test("durations are read and printed in Go's form", () => {
  const table: readonly (readonly [string, bigint, string])[] = [
    ["30s", 30n * second, "30s"],
    ["1m30s", 90n * second, "1m30s"],
    ["1.5s", 1_500_000_000n, "1.5s"],
    ["500ms", 500_000_000n, "500ms"],
    ["2h", 7200n * second, "2h"],
    ["10", 10n * second, "10s"],
    ["1us", 1000n, "1µs"],
    ["0s", 0n, "0s"],
  ];
  for (const [text, value, printed] of table) {
    assert.deepEqual(parseDuration(text), { ok: true, value });
    assert.equal(formatDuration(value), printed);
  }
});

test("what is not a duration is refused with an example", () => {
  for (const text of ["", "s", "-1s", "1 s", "1x", "1s2"]) {
    const got = parseDuration(text);
    assert.ok(!got.ok && got.error.includes("expected for instance 30s"), text);
  }
});

test("property: a whole number of milliseconds below a minute survives the round trip", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59_999 }), (ms) => {
      const value = BigInt(ms) * 1_000_000n;
      assert.deepEqual(parseDuration(formatDuration(value)), { ok: true, value });
    }),
  );
});
