import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultMemory, machineMemory, readMemory } from "./memory.js";

test("sizes as people write them, in mebibytes", () => {
  const table: readonly (readonly [string, number | string])[] = [
    ["512MiB", 512], ["2GiB", 2048], ["1536M", 1536], ["1.5GB", 1536], ["4g", 4096], ["16mb", 16],
    ["", "expected a size"], ["512", "expected a size"], ["-1GiB", "expected a size"], ["1TiB", "expected a size"], ["8GiB", "from 16MiB to 4GiB"], ["1M", "from 16MiB"],
  ];
  for (const [text, expected] of table) {
    const read = readMemory(text);
    if (typeof expected === "number") assert.deepEqual(read, { ok: true, value: expected }, text);
    else assert.ok(!read.ok && read.error.startsWith(expected) && read.error.includes(`'${text}'`), text);
  }
});

test("by what the machine has: a quarter of a thread's share, from 512 MiB to 2 GiB", () => {
  assert.deepEqual([[1024, 2], [8192, 2], [8192, 1], [65536, 2]].map(([machine, workers]) => defaultMemory(machine!, workers!)), [512, 1024, 2048, 2048]);
  assert.ok(machineMemory() > 64);
});
