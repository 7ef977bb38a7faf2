import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { passedTests } from "./runner-results.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-results-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const TAP = `TAP version 13
# Subtest: suite
    # Subtest: one
    ok 1 - one
      ---
      duration_ms: 1
      ...
    # Subtest: two
    not ok 2 - two
    ok 3 - three # SKIP
not ok 1 - suite
ok 2 - one
1..2
`;
const JSON_RESULTS = JSON.stringify({ testResults: [{ assertionResults: [{ fullName: "suite one", status: "passed" }, { fullName: "suite two", status: "failed" }, { fullName: "suite three", status: "pending" }] }] });

describe("which tests passed, by a runner's own results", () => {
  for (const [runner, text, expected] of [
    ["node", TAP, ["one", "one (2)"]],
    ["vitest", JSON_RESULTS, ["suite one"]],
    ["jest", JSON_RESULTS, ["suite one"]],
  ] as const) {
    it(runner, () => {
      const file = join(folder, runner);
      writeFileSync(file, text);
      assert.deepEqual(passedTests(runner, file), expected);
    });
  }
  it("none where it wrote none", () => assert.deepEqual(passedTests("node", join(folder, "nowhere")), []));
});
