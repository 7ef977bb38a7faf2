import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { close, TARGETS } from "./targets.js";

const FOLDER = new URL("../../../fixtures/fuzz/", import.meta.url);

after(close);

for (const [name, { what, run, seeds }] of Object.entries(TARGETS)) {
  test(`what the fuzzer kept (scripts/fuzz.mjs), and what it began with: ${name}: ${what}`, async () => {
    const file = new URL(`${name}.txt`, FOLDER);
    const kept = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter((line) => line !== "") : [];
    for (const bytes of [...seeds().map((seed) => Buffer.from(seed)), ...kept.map((line) => Buffer.from(line, "base64"))]) {
      try {
        await run(bytes);
      } catch (error) {
        throw new Error(`input ${bytes.toString("base64")}`, { cause: error });
      }
    }
  });
}

test("what is kept is a reader's", () => {
  for (const file of readdirSync(FOLDER)) assert.ok(file.replace(/\.txt$/, "") in TARGETS, file);
});
