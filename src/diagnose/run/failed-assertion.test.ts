import assert from "node:assert/strict";
import { test } from "node:test";
import { failedAssertion } from "./failed-assertion.js";

/** What go test prints, and what of it is told. */
const ROWS: readonly (readonly [name: string, output: string, want: ReturnType<typeof failedAssertion>])[] = [
  ["t.Errorf", "--- FAIL: TestX\n    x_test.go:12: got 3, want 4\n", { file: "x_test.go", line: 12, message: "got 3, want 4" }],
  ["of several lines", "--- FAIL: TestX\n    x_test.go:12: got\n        3\nFAIL\n", { file: "x_test.go", line: 12, message: "got\n3" }],
  [
    "testify's Eventually: the label's words, not the place and the test's name",
    "--- FAIL: TestX (1.00s)\n    x_test.go:12: \n        \tError Trace:\t/src/x_test.go:12\n        \tError:      \tCondition never satisfied\n        \tTest:       \tTestX\n        \tMessages:   \tstays above its maximum: size=150\n",
    { file: "x_test.go", line: 12, message: "Condition never satisfied\nstays above its maximum: size=150" },
  ],
  [
    "testify's Equal, of several lines, in a subtest",
    "--- FAIL: TestX\n    --- FAIL: TestX/sub\n        x_test.go:12: \n            \tError Trace:\t/src/x_test.go:12\n            \tError:      \tNot equal: \n            \t            \texpected: 1\n            \t            \tactual  : 2\n            \tTest:       \tTestX/sub\n",
    { file: "x_test.go", line: 12, message: "Not equal: \nexpected: 1\nactual  : 2" },
  ],
  [
    "gomega's Eventually: from the first line that says something",
    "--- FAIL: TestX\n    x_test.go:9: \n        Timed out after 1.001s.\n        Expected\n            <int>: 0\n        to equal\n            <int>: 1\n",
    { file: "x_test.go", line: 9, message: "Timed out after 1.001s.\nExpected\n    <int>: 0\nto equal\n    <int>: 1" },
  ],
  ["nothing said: the place alone", "--- FAIL: TestX\n    x_test.go:12: \n", { file: "x_test.go", line: 12, message: undefined }],
  ["an empty one before one that says something", "    x_test.go:12: \n    x_test.go:13: late\n", { file: "x_test.go", line: 13, message: "late" }],
  ["t.Fail prints nothing", "--- FAIL: TestX (0.00s)\nFAIL\n", undefined],
];

for (const [name, output, want] of ROWS) test(`a failed assertion in the test's own words: ${name}`, () => assert.deepEqual(failedAssertion(output), want));

/** lestrrat-go/backoff v2.0.8, TestConstant: it logs each round, and fails behind them. */
const LOGGED = "--- FAIL: TestX (1.20s)\n    x_test.go:45: round 1\n    x_test.go:45: round 2\n";

test("a line of t.Log is no failed assertion: testify's label, or the source, says which is", () => {
  const testify = "    x_test.go:59: \n        \tError Trace:\tx_test.go:59\n        \tError:      \tNot equal\n        \tTest:       \tTestX\n";
  assert.deepEqual(failedAssertion(LOGGED + testify), { file: "x_test.go", line: 59, message: "Not equal" });
  const source = new Map([[45, 't.Logf("round %d", i)'], [52, "want(t, 2)"], [59, 't.Errorf("got %d", n)']]);
  const place = (output: string): number | undefined => failedAssertion(output, (_, line) => source.get(line))?.line;
  assert.equal(place(`${LOGGED}    x_test.go:59: got 4\n`), 59);
  assert.equal(place(`${LOGGED}    x_test.go:52: got 4\n    x_test.go:59: got 4\n`), 59);
  assert.equal(place(`${LOGGED}    x_test.go:52: got 4\n`), 52);
  assert.equal(place(LOGGED), 45);
});
