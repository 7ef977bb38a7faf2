// Which processor `npm test` gives a file (scripts/tests/places.mjs).
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const { keepsToOne, processorsIn, takePlace } = (await import(fileURLToPath(new URL("../../../scripts/tests/places.mjs", import.meta.url)))) as {
  readonly keepsToOne: (file: string) => boolean;
  readonly processorsIn: (status: string) => readonly number[];
  readonly takePlace: (folder: string, processors: readonly number[]) => { readonly place: string; readonly processor: number } | undefined;
};

const folder = mkdtempSync(join(tmpdir(), "unpark-places-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("one file on each processor before a second on any, and what one has left is taken next", () => {
  const taken = Array.from({ length: 4 }, () => takePlace(folder, [0, 3])!);
  assert.deepEqual(taken.map(({ processor }) => processor), [0, 3, 0, 3]);
  rmSync(taken[1]!.place);
  assert.deepEqual([takePlace(folder, [0, 3])!.processor, takePlace(folder, [0, 3])!.processor], [3, 0]);
});

test("the processors that Linux allows", () => {
  assert.deepEqual(processorsIn("Name:\tnode\nCpus_allowed:\t17\nCpus_allowed_list:\t0-2,4\nMems_allowed_list:\t0\n"), [0, 1, 2, 4]);
  assert.deepEqual(processorsIn("Name:\tnode\n"), []);
});

test("what is about threads at the same time has all of them", () => {
  for (const file of ["dist/test/workers.test.js", "/r/dist/src/explore/workers/helper.test.js", "dist/src/pipeline/pool/pool.test.js", "dist/src/pipeline/native/stress.test.js", "C:\\r\\dist\\test\\queue\\two.test.js"]) assert.equal(keepsToOne(file), false, file);
  for (const file of ["dist/test/findings/findings.test.js", "dist/src/cli/native-input.test.js", "dist/test/docs/blocks.test.js"]) assert.equal(keepsToOne(file), true, file);
});
