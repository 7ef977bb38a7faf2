import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { namesGoFile } from "./go-file.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-go-file-"));
writeFileSync(join(folder, "a.go"), "package a\n");
mkdirSync(join(folder, "nats.go"));
after(() => rmSync(folder, { recursive: true }));

for (const [word, expected] of [
  ["a.go", true],
  ["./a.go", true],
  ["gone.go", true],
  ["./gone.go", true],
  ["../x.d/gone.go", true],
  ["internal/gone.go", true],
  ["./nats.go", false],
  ["nats.go", false],
  ["github.com/nats-io/nats.go", false],
  ["example.com/a", false],
  ["./...", false],
] as const) {
  test(`${word} is ${expected ? "a file" : "a package"}`, () => assert.equal(namesGoFile(word, folder), expected));
}
