import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocument } from "yaml";
import { isTooDeep } from "./yaml-depth.js";

const DEEP: Readonly<Record<string, (levels: number) => string>> = {
  brackets: (n) => "[".repeat(n), braces: (n) => "{a: ".repeat(n), lists: (n) => "- ".repeat(n), keys: (n) => "? ".repeat(n), "brackets, a line each": (n) => "[\n".repeat(n), mixed: (n) => "- [{a: ".repeat(n),
  indents: (n) => Array.from({ length: n }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "lists by indents": (n) => Array.from({ length: n }, (_, i) => `${" ".repeat(i)}-`).join("\n"),
};

for (const [name, make] of Object.entries(DEEP)) {
  test(`too deep: ${name}; what is let through is read`, () => {
    assert.equal(isTooDeep(make(1100)), true);
    const most = make(150);
    assert.equal(isTooDeep(most), false);
    assert.ok(parseDocument(most));
  });
}

test("what people write is not", () => {
  for (const text of ["", "a: [1, {b: [2]}]\n", `${"ignore:\n  - function: a.(*B[int]).*\n    reason: x - y\n".repeat(5000)}`, JSON.stringify([{ targets: Array.from({ length: 3000 }, (_, i) => `h${i}`) }], undefined, 1), "# [ [ [\n".repeat(100)]) assert.equal(isTooDeep(text), false);
});
