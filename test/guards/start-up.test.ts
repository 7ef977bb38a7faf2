// What a command loads before it works: a room that it does not need costs each call some milliseconds.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const bin = fileURLToPath(new URL("../../../bin/unpark.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-start-up-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const hook = join(folder, "hook.mjs");
writeFileSync(hook, 'export function load(url, context, next) { process._rawDebug("loads", url); return next(url, context); }\n');
const register = join(folder, "register.mjs");
writeFileSync(register, `import { register } from "node:module";\nregister(${JSON.stringify(pathToFileURL(hook).href)});\n`);
const dump = join(folder, "dump.txt");
writeFileSync(dump, "goroutine 1 [running]:\nmain.main()\n\t/m.go:3 +0x1\n");

/** The rooms of src/ of which a command loads a file. */
function rooms(...words: readonly string[]): readonly string[] {
  const { stderr, status } = spawnSync(process.execPath, ["--import", register, bin, ...words], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return [...new Set([...stderr.matchAll(/^loads \S*\/dist\/src\/([^/\n]+)\//gm)].map(([, room]) => room!))].sort();
}

const ROWS: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["--version"], ["base", "cli", "model", "pipeline", "report"]],
  [["inspect", dump], ["base", "cli", "collect", "diagnose", "model", "parse", "pipeline", "report"]],
  [["diff", dump, dump], ["base", "cli", "collect", "diagnose", "model", "parse", "pipeline", "report"]],
];

for (const [words, expected] of ROWS) {
  test(`unpark ${words[0]} loads what it needs: no explorer, no host`, () => assert.deepEqual(rooms(...words), expected));
}
