import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { options } from "../../collect/testing/collect-fixtures.js";
import { PROFILE_SHAPES, TEXT_SHAPES } from "../../parse/testing/hostile-shapes.js";
import { parseApart } from "./parse-apart.js";
import { readSource } from "./snapshots.js";

const folder = mkdtempSync(join(tmpdir(), "unpark-apart-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string, bytes: Uint8Array, more: Parameters<typeof options>[0] = {}): ReturnType<typeof readSource> => {
  writeFileSync(join(folder, name), bytes);
  return readSource(join(folder, name), options({ maxBytes: 1 << 28, ...more }));
};

test("what is large is read in a thread, packed or not, as what is small is read here", async () => {
  const text = TEXT_SHAPES["many goroutines"]!(5 << 20);
  const [here, plain, packed] = [await read("small.txt", text.subarray(0, 500_000)), await read("plain.txt", text), await read("packed.gz", gzipSync(text))];
  assert.ok(here.ok && plain.ok && packed.ok);
  assert.deepEqual(packed.value.snapshots[0]!.goroutines, plain.value.snapshots[0]!.goroutines);
  assert.deepEqual(plain.value.snapshots[0]!.goroutines.slice(0, 100), here.value.snapshots[0]!.goroutines.slice(0, 100));
});

test("a bomb is one sentence, at its budget, and so is a thread that dies of it", async () => {
  for (const shape of ["empty strings", "tiny samples", "functions"]) {
    const parsed = await read("bomb.gz", gzipSync(PROFILE_SHAPES[shape]!(16 << 20)), { budget: 32 << 20 });
    assert.deepEqual(parsed, { ok: false, error: `${join(folder, "bomb.gz")}: given up: what it says needs more than 32 MiB of memory` }, shape);
  }
});

test("Ctrl-C is obeyed while a source says nothing, and while a large one is read", async () => {
  const silent = new AbortController();
  const waiting = parseApart((async function* () {
    await new Promise(() => undefined);
  })(), { source: "x" }, { signal: silent.signal });
  silent.abort();
  await assert.rejects(waiting, /interrupted/);
  const busy = new AbortController();
  const large = parseApart((async function* () {
    for (let i = 0; ; i++) {
      if (i === 30) busy.abort();
      yield TEXT_SHAPES["many goroutines, each at a place of its own"]!(1 << 18);
    }
  })(), { source: "x" }, { signal: busy.signal });
  await assert.rejects(large, /interrupted/);
});
