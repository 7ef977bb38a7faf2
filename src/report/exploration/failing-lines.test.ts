import assert from "node:assert/strict";
import { test } from "node:test";
import { FailingLines, shownLines, toldLines } from "./failing-lines.js";

const LOG = Array.from({ length: 500 }, (_, i) => `2026/01/01 level=DEBUG n=${i}`);

test("a short output is shown as it is", () => {
  assert.deepEqual(shownLines("one\n--- FAIL: TestA (0.00s)\n    a_test.go:1: no\nFAIL\n"), ["one", "--- FAIL: TestA (0.00s)", "    a_test.go:1: no", "FAIL"]);
});

test("of a program's long log the failed tests are shown, wherever they stand", () => {
  const lines = [...LOG, "--- FAIL: TestA (0.00s)", "    --- FAIL: TestA/sub (0.00s)", "        a_test.go:1: no", "            want 1", ...LOG, "--- FAIL: TestB (0.00s)", "    b_test.go:2: no", ...LOG, "FAIL"];
  assert.deepEqual(shownLines(lines.join("\n")), [
    "--- FAIL: TestA (0.00s)", "    --- FAIL: TestA/sub (0.00s)", "        a_test.go:1: no", "            want 1", "--- FAIL: TestB (0.00s)", "    b_test.go:2: no",
    "… 1,501 more lines, as go test prints them",
  ]);
});

test("what comes after a panic is shown as far as there is room", () => {
  const stacks = Array.from({ length: 100 }, (_, i) => `goroutine ${i} [running]:`);
  const shown = shownLines([...LOG, "panic: no", "", ...stacks].join("\n"));
  assert.deepEqual(shown.slice(0, 3), ["panic: no", "", "goroutine 0 [running]:"]);
  assert.equal(shown.length, 61);
  assert.equal(shown.at(-1), "… 542 more lines, as go test prints them");
});

test("where no line tells how it failed, the beginning is shown", () => {
  assert.equal(shownLines(LOG.join("\n"))[0], LOG[0]);
});

test("an indented line tells only below a failed test", () => {
  const failing = new FailingLines();
  assert.deepEqual(["    x", "--- FAIL: T (0s)", "    y", "z", "    w"].map((line) => failing.tell(line)), [false, true, true, false, false]);
});

test("tests that fail with the same words are told once, with the names of the others", () => {
  const of = (name: string, line: number, words = "connection refused"): readonly string[] => [`    --- FAIL: ${name} (0.00s)`, `        a_test.go:${line}: ${words}`, `            Test: ${name}`];
  const lines = ["--- FAIL: TestA (0.00s)", "    a_test.go:1: skipping", ...of("TestA/a", 2), ...of("TestA/b", 3), ...of("TestA/c", 4, "want 1"), ...of("TestA/d", 5), ...of("TestA/e", 6), ...of("TestA/f", 7), "FAIL"];
  assert.deepEqual(shownLines(lines.join("\n")), [
    "--- FAIL: TestA (0.00s)", "    a_test.go:1: skipping", ...of("TestA/a", 2), "        … so do 4 more: TestA/b, TestA/d, TestA/e, …", ...of("TestA/c", 4, "want 1"), "FAIL",
  ]);
  assert.deepEqual([...toldLines(lines.join("\n"))].sort(), [...lines].sort(), "all of them are told");
});

test("a number drawn at random is no other reason, and a parent's failure is no subtest's", () => {
  const lines = ["--- FAIL: TestA (0.00s)", "    a_test.go:1: no topic-38270acdc5f22928", "--- FAIL: TestB (0.00s)", "    a_test.go:9: no topic-731288e80d341763", "    --- FAIL: TestB/x (0.00s)", "        a_test.go:9: no topic-731288e80d341763"];
  assert.deepEqual(shownLines(lines.join("\n")), [lines[0], lines[1], "    … so does TestB", lines[4], lines[5]]);
});

test("what a test says again and again in one line is told once, with how often", () => {
  const said = (line: number, words: string): readonly string[] => [`    a_test.go:${line}: `, `        \tError: ${words}`];
  const lines = ["--- FAIL: TestA (0.00s)", ...said(2, "refused"), ...said(2, "refused"), ...said(2, "want 1"), ...said(2, "refused"), ...said(3, "refused"), "    a log", "    a log", "FAIL"];
  assert.deepEqual(shownLines(lines.join("\n")), [lines[0], ...said(2, "refused"), "    … and 2 times more", ...said(2, "want 1"), ...said(3, "refused"), "    a log", "    a log", "FAIL"]);
  assert.deepEqual([...toldLines(lines.join("\n"))].sort(), [...lines].sort(), "all of them are told");
});
