import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GoModule } from "../src/host/go-module.js";
import { compileGo, type CompiledGo } from "../src/host/compiled-go.js";
import { loadGo } from "../src/host/go-program.js";
import type { GoProgramOptions } from "../src/host/go-program-options.js";
import { buildMain, buildTests } from "../src/toolchain/go/build.js";
import { cacheFolder } from "../src/base/user-folders.js";
import { machineGo } from "../src/toolchain/testing/go-fixture.js";
import type { Toolchain } from "../src/toolchain/go/go-command.js";
import { controlPatches } from "../src/toolchain/patches/control-patches.js";
import { makeOverlay } from "../src/toolchain/overlay/overlay.js";
import { listPackages } from "../src/toolchain/go/packages.js";

/** A folder below fixtures/. */
export const fixtureFolder = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

export const cacheDir = cacheFolder(process.env);

/** Compiles a fixture with the control hooks and the user's cache, so that the standard library is built once. */
export async function buildFixture(folder: string, purpose: "main" | "tests", toolchain?: Toolchain): Promise<Uint8Array> {
  const go = toolchain ?? (await machineGo(folder, cacheDir));
  const overlay = makeOverlay(go, [controlPatches()], { cacheDir });
  assert.ok(overlay.ok, overlay.ok ? "" : overlay.error.message);
  const listing = await listPackages(go, { cwd: folder, patterns: ["."], purpose });
  assert.ok(listing.ok, listing.ok ? "" : listing.error.message);
  const build = purpose === "main" ? buildMain : buildTests;
  const built = await build(go, listing.value.packages[0]!, overlay.value, { cwd: folder });
  assert.ok(built.ok, built.ok ? "" : built.error.message);
  return readFileSync(built.value.wasm);
}

export function loadFixture(wasm: Uint8Array, args: readonly string[], more: Partial<GoProgramOptions> = {}): GoModule {
  const options: GoProgramOptions = { name: args[0] ?? "fixture", wasm, args: ["fixture", ...args], environment: ["PWD=/"], mounts: [], cwd: "/", ...more };
  const module = loadGo(options, compiledOf(options));
  assert.ok(module.ok, module.ok ? "" : module.error);
  return module.value;
}

/** By the module's bytes: a fixture of a hundred small programs is compiled once, not for each. */
const compiledBefore = new WeakMap<Uint8Array, CompiledGo>();

/** None for what is compiled in a way of its own, or cannot be. */
function compiledOf(options: GoProgramOptions): CompiledGo | undefined {
  if (options.watched || options.memoryLimit !== undefined) return undefined;
  const before = compiledBefore.get(options.wasm);
  if (before) return before;
  const compiled = compileGo(options);
  if (!compiled.ok) return undefined;
  compiledBefore.set(options.wasm, compiled.value);
  return compiled.value;
}
