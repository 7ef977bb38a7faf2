// Help for this room's tests: Go modules in temporary folders, and the machine's Go.
import type { PatchSet } from "../overlay/patch.js";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import type { FindOptions, Toolchain } from "../go/go-command.js";
import { findToolchain } from "../go/go-command.js";

/** A folder that is gone after the tests of the file that asked for it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "unpark-toolchain-")));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files: relative path -> text. Gives `folder` back. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** This machine's Go; a test of this room cannot do without. */
export async function machineGo(cwd: string, cacheDir: string, more: Partial<FindOptions> = {}): Promise<Toolchain> {
  const found = await findToolchain({ cwd, env: process.env, cacheDir, ...more });
  assert.ok(found.ok, found.ok ? "" : found.error.message);
  return found.value;
}

/** A leaf of the standard library says 41 more than it should: shows that the overlay is in, without rebuilding runtime. One for all tests: the library above it is compiled once. */
export const MORE: PatchSet = {
  name: "more",
  patches: [{ file: "sync/atomic/type.go", function: "(*Uintptr).Swap", edit: { kind: "replace", old: "return SwapUintptr(&x.v, new)", new: "return SwapUintptr(&x.v, new) + 41" }, why: "a test" }],
  files: [],
};
