import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTests, type BuiltModule } from "../../src/toolchain/go/build.js";
import { exec } from "../../src/toolchain/go/exec.js";
import { gokerKernels } from "../../src/toolchain/testing/goker-kernels.js";
import { leakExperiment, type Toolchain } from "../../src/toolchain/go/go-command.js";
import { controlPatches } from "../../src/toolchain/patches/control-patches.js";
import { makeOverlay } from "../../src/toolchain/overlay/overlay.js";
import { listPackages } from "../../src/toolchain/go/packages.js";
import { documentedLeaks } from "./documented.js";
import { VARIANTS, variantKernel, variantLeaks } from "./variants.js";
import { registeredName, rewrite, type Form, type Kernel } from "./kernels.js";

/** All kernels of a Go distribution with what it documents about them; undefined where it has none (before 1.26). */
export interface Suite {
  readonly kernels: readonly Kernel[];
  readonly documented: ReadonlyMap<string, readonly RegExp[]>;
  /** The harness's own main.go. */
  readonly main: string;
}

export function readSuite(goroot: string): Suite | undefined {
  const found = gokerKernels(goroot);
  if (!found) return undefined;
  const kernels: Kernel[] = [];
  let main = "";
  for (const file of found.files) {
    const source = readFileSync(join(found.folder, file), "utf8");
    const name = registeredName(source);
    if (name === undefined) main = source;
    else kernels.push({ name, file, source });
  }
  const documented = new Map(documentedLeaks(readFileSync(join(goroot, "src", "runtime", "goroutineleakprofile_test.go"), "utf8")));
  for (const variant of VARIANTS) {
    const original = kernels.find(({ name }) => name === variant.of);
    if (!original) continue;
    kernels.push(variantKernel(variant, original));
    documented.set(variant.name, variantLeaks(variant, documented.get(variant.of)!));
  }
  return { kernels, documented, main };
}

/** Writes one Go module of all kernels, with a test for each, named after it. Files are written only if they change. */
export function writeModule(suite: Suite, form: Form, folder: string, goVersion: string): void {
  const tests = suite.kernels.map(({ name }) => `func Test${name}(t *testing.T) { cmds["${name}"]() }`);
  const files = new Map<string, string>([
    ["go.mod", `module goker\n\ngo ${goVersion}\n`],
    ["main.go", suite.main],
    ["goker_test.go", `package main\n\nimport "testing"\n\n${tests.join("\n\n")}\n`],
    ...suite.kernels.map((kernel): [string, string] => [kernel.file, rewrite(kernel, form)]),
  ]);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
}

/** A native program of all kernels, chosen by its argument, that writes the runtime's leak profile at its end. */
export async function buildNative(toolchain: Toolchain, suite: Suite): Promise<string> {
  const form = { oneCopy: true, ending: "profile" } as const;
  const folder = suiteFolder(toolchain, form);
  writeModule(suite, form, folder, `${toolchain.version.major}.${toolchain.version.minor}`);
  const binary = join(folder, "goker.native");
  const experiment = leakExperiment(toolchain.version);
  const env = { ...toolchain.env, ...(experiment ? { GOEXPERIMENT: experiment } : {}) };
  const built = await exec(toolchain.go, ["build", "-o", binary, "."], { cwd: folder, env });
  if (built.kind !== "ended" || built.status !== 0) throw new Error(`the kernels do not build natively: ${JSON.stringify(built)}`);
  return binary;
}

/** A goroutine of a profile written with debug=2, as `function(...) [wait reason]`: as Go's own test reads them. */
export interface NativeGoroutine {
  readonly words: string;
  readonly leaked: boolean;
}

export function nativeGoroutines(profile: string): readonly NativeGoroutine[] {
  return profile.split("\n\ngoroutine ").flatMap((text) => {
    const lines = text.split("\n");
    const [, reason, leaked] = /\[([^\],]*?)( \(leaked\))?[,\]]/.exec(lines[0]!) ?? [];
    const creator = lines.findIndex((line) => line.startsWith("created by"));
    return reason === undefined || creator < 2 ? [] : [{ words: `${lines[creator - 2]!.replace(/^main\./, "").replace(/\([^()]*\)$/, "(...)")} [${reason}]`, leaked: leaked !== undefined }];
  });
}

/** The leaks among them. */
export const nativeLeaks = (profile: string): readonly string[] => nativeGoroutines(profile).flatMap(({ words, leaked }) => (leaked ? [words] : []));

/** One module of all kernels' tests, built for Unpark's host. Throws with the toolchain's words. */
export async function buildSuite(toolchain: Toolchain, suite: Suite, form: Form): Promise<BuiltModule> {
  const folder = suiteFolder(toolchain, form);
  writeModule(suite, form, folder, `${toolchain.version.major}.${toolchain.version.minor}`);
  const overlay = makeOverlay(toolchain, [controlPatches()], { cacheDir: toolchain.cacheDir });
  if (!overlay.ok) throw new Error(overlay.error.message);
  const listing = await listPackages(toolchain, { cwd: folder, patterns: ["."], purpose: "tests" });
  if (!listing.ok) throw new Error(listing.error.message);
  const built = await buildTests(toolchain, listing.value.packages[0]!, overlay.value, { cwd: folder });
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

export const suiteFolder = (toolchain: Toolchain, form: Form): string =>
  join(toolchain.cacheDir, "goker", `${toolchain.version.text}-${form.oneCopy ? "one" : "shipped"}-${form.ending}`);
