// The command line as the tests' own processes start it (src/cli/testing/bin.ts): bundled, as in a released package, but whole, with
// what the library shares with it. A start then loads a few files and not up to eight hundred: 0.73 s of processors for 1.01.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandLine } from "../release/command-line.mjs";

const FOLDER = "dist/bundled";

export async function bundle(root) {
  rmSync(join(root, FOLDER), { recursive: true, force: true });
  for (const [path, text] of await commandLine(root, new Set(), FOLDER)) {
    if (!path.startsWith(`${FOLDER}/`)) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
