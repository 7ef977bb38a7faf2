import assert from "node:assert/strict";
import { test } from "node:test";
import { listOutput } from "./list-output.js";

test("one value after the other; nothing of nothing", () => {
  const text = '{\n\t"ImportPath": "p",\n\t"Module": {\n\t\t"Path": "m"\n\t}\n}\n{\n\t"ImportPath": "q {\\n{"\n}\n';
  assert.deepEqual(listOutput(text), [{ ImportPath: "p", Module: { Path: "m" } }, { ImportPath: "q {\n{" }]);
  assert.deepEqual([listOutput(""), listOutput("\n")], [[], []]);
});
