import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { byLanguage } from "./language.js";

const ROOT = mkdtempSync(join(tmpdir(), "unpark-language-"));
after(() => rmSync(ROOT, { recursive: true }));
const depends = JSON.stringify({ devDependencies: { unpark: "1.0.0" } });
for (const [file, text] of Object.entries({
  "go/go.mod": "module x",
  "go/web/package.json": "{}",
  "go/tool/package.json": depends,
  "ts/package.json": depends,
  "ts/src/x.test.ts": "",
  "ts/native/go.mod": "module y",
  "both/go.mod": "module z",
  "both/package.json": depends,
  "both/web/x.test.ts": "",
  "tool/go.mod": "module t",
  "tool/package.json": depends,
  "tool/node_modules/unpark/x.test.js": "",
  "broken/package.json": "{",
})) {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true });
  writeFileSync(join(ROOT, file), text);
}

const CASES: readonly (readonly [cwd: string, word: string, go: boolean, ts: boolean])[] = [
  ["go", ".", true, false],
  ["go", "./...", true, false],
  ["go/web", "./...", true, false], // its package.json does not depend on unpark
  ["go", "./tool", false, true],
  ["ts", "./...", false, true],
  ["ts/src", ".", false, true],
  ["ts", "src", false, true],
  ["ts", "native", true, false],
  ["both", "./...", true, true],
  ["tool", "./...", true, false], // npm brought unpark, and that is all there is of TypeScript
  ["both", "main.go", true, false],
  ["both", "a.test.ts", false, true],
  ["go", "a.spec.mjs", false, true],
  ["ts", "example.com/some/package", true, false],
  ["broken", ".", true, false],
];

describe("which language a word of the command line is meant in", () => {
  for (const [cwd, word, go, ts] of CASES) {
    it(`${word} in ${cwd}`, () => assert.deepEqual(byLanguage([word], join(ROOT, cwd)), { go: go ? [word] : [], ts: ts ? [word] : [] }));
  }
});
