import assert from "node:assert/strict";
import { test } from "node:test";
import { goTestTimeout } from "./go-test-timeout.js";

test("go test's -timeout in nanoseconds: ten minutes, what was said last, or none", () => {
  for (const [flags, want] of [
    [undefined, 600e9],
    [["-race"], 600e9],
    [["-timeout=30s"], 30e9],
    [["-timeout=1h", "-timeout=1m30s"], 90e9],
    [["-timeout=0"], undefined],
    [["-timeout=0s"], undefined],
    [["-timeout=soon"], 600e9],
  ] as const) assert.equal(goTestTimeout(flags), want, String(flags));
});
