import assert from "node:assert/strict";
import { it } from "node:test";
import { withoutComment, withoutStrings } from "./code-line.js";

const LINES: readonly [string, string, string][] = [
  ["ch <- v // the last one", "ch <- v ", "ch <- v "],
  ["ch <- v //nolint", "ch <- v ", "ch <- v "],
  [`get("http://a") // "b"`, `get("http://a") `, `get("") `],
  ["x := `//`", "x := `//`", "x := ``"],
  [`r == '"' // "{"`, `r == '"' `, `r == '' `],
  [`f("\\"//{") {`, `f("\\"//{") {`, `f("") {`],
  ["a / b", "a / b", "a / b"],
  ["", "", ""],
];
for (const [line, code, bare] of LINES) {
  it(JSON.stringify(line), () => {
    assert.equal(withoutComment(line), code);
    assert.equal(withoutStrings(line), bare);
  });
}
