import assert from "node:assert/strict";
import { test } from "node:test";
import { missingOf } from "./missing-capabilities.js";

const ended = (outcome: string, output: string) => ({
  name: "TestX", package: "p", outcome, output, findings: [], limits: [],
  coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 },
});

test("a failure for want of what wasip1 lacks is told from a failure of the program's own", () => {
  const table: readonly (readonly [string, string, RegExp | undefined])[] = [
    ["failed", "    x_test.go:9: fork/exec /bin/true: not supported by wasip1/wasm", /starts another process/],
    ["failed", "    x_test.go:9: dial tcp: lookup example.com: protocol not available", /real network/],
    ["failed", "    x_test.go:9: pipe: Not implemented on wasip1", /starts another process/],
    ["failed", "    x_test.go:9: dial tcp 93.184.216.34:80: address 93.184.216.34:80: connect: Connection refused", /real network/],
    ["failed", "    x_test.go:9: dial tcp 127.0.0.1:80: connect: Connection refused", undefined],
    ["failed", "    x_test.go:9: got 3, want 4", undefined],
    ["passed", "    x_test.go:9: fork/exec /bin/true: not supported by wasip1/wasm", undefined],
  ];
  for (const [outcome, output, said] of table) {
    const got = missingOf(ended(outcome, output));
    if (said) assert.match(got ?? "", said);
    else assert.equal(got, undefined);
  }
});
