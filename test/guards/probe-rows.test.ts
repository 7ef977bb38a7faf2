// docs/probe.md: each row names a test that is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), "utf8");

it("each of the thirty rows of docs/probe.md names files and titles of tests that are there", () => {
  const rows = [...read("docs/probe.md").matchAll(/^\| (\d+) \|.*\| ([^|]+) \|$/gm)];
  assert.deepEqual(rows.map(([, number]) => Number(number)), Array.from({ length: 30 }, (_, i) => i + 1));
  for (const [, number, held] of rows) {
    let file = "";
    const named = held!.split("; ").map((piece) => {
      const [, path, title] = /^(?:`([^`]+)`: ?)?(.*)$/.exec(piece)!;
      file = path ?? file;
      return [file, title!.trim()] as const;
    });
    for (const [path, title] of named) assert.ok(read(path).includes(title), `row ${number}: ${path} does not hold '${title}'`);
  }
});
