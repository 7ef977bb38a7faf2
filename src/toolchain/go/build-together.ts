import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { hasBorrowed } from "../borrow/borrow.js";
import { standInsOf } from "../borrow/stand-ins.js";
import type { Overlay } from "../overlay/overlay.js";
import { compilerOf, requestOf, type BuildOptions } from "./build.js";
import { ModuleCache } from "./cache.js";
import type { Toolchain } from "./go-command.js";
import type { GoPackage } from "./packages.js";

/**
 * Tests of packages that were built before, built again by one `go test -c` for all: where nothing changed, Go needs a tenth of a second
 * for each call, whatever it is asked for. What comes of it is taken by `buildTests` (BuildOptions.together); what does not, is built there.
 *
 * T1. Nothing is taken that this very call did not leave: each file lies where Go writes that package's binary, and Go wrote nothing else.
 * T2. None is taken that has stand-ins now (stand-ins.ts): built alone, it is built with linux' files in their place.
 * T3. Packages that changed are not waited for longer than MOST_MS: then each is built alone, while the one before is explored.
 */
export interface BuiltTogether {
  /** By the request (build.ts): where the module lies. Who takes it moves it. */
  readonly modules: ReadonlyMap<string, string>;
  /** Takes away what nobody took. */
  close(): void;
}

const MOST_MS = 4_000;
export const NOTHING_TOGETHER: BuiltTogether = { modules: new Map(), close: () => undefined };

export async function buildTogether(toolchain: Toolchain, packages: readonly GoPackage[], overlay: Overlay, options: BuildOptions): Promise<BuiltTogether> {
  const cache = new ModuleCache(toolchain.cacheDir);
  const known = sameNamesApart(packages.map((pkg) => ({ pkg, request: requestOf(toolchain, pkg, overlay, "tests", options) })).filter(({ pkg, request }) => canBeTogether(pkg) && cache.has(request) && !hasBorrowed(toolchain, request)));
  if (known.length < 2) return NOTHING_TOGETHER;
  mkdirSync(join(cache.dir, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(cache.dir, "tmp", "together-"));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const files = new Map(known.map(({ pkg, request }) => [request, join(folder, binaryOf(pkg))]));
    for (const [request, file] of files) cache.copyLast(request, file);
    const late = AbortSignal.timeout(MOST_MS);
    const signal = options.signal === undefined ? late : AbortSignal.any([options.signal, late]);
    const compile = compilerOf(toolchain, "tests", { ...options, signal }, folder + sep, known.map(({ pkg }) => pkg.importPath));
    const outcome = await compile([`-overlay=${overlay.path}`], {});
    const isWhole = outcome.kind === "ended" && outcome.status === 0 && !outcome.stdout.includes("[no test files]") && readdirSync(folder).length === files.size && [...files.values()].every((file) => existsSync(file));
    if (isWhole) return { modules: new Map([...files].filter(([, file]) => standInsOf(file) === undefined)), close };
  } catch {
    // As if nothing had been asked for: each is built alone, and says what is wrong.
  }
  close();
  return NOTHING_TOGETHER;
}

/** Named by its import path alone, whose last element is the binary's name: cmd/go leaves the element out where it is a version (v2). */
const canBeTogether = ({ args, importPath }: GoPackage): boolean => args.length === 1 && args[0] === importPath && /^[\w.-]+$/.test(basename(importPath)) && !/^v\d+$/.test(basename(importPath));

/** cmd/go/internal/test, testBinaryName. */
const binaryOf = ({ importPath }: GoPackage): string => `${basename(importPath)}.test`;

/** Of packages whose binaries have one name the first: Go writes one file for each name. */
function sameNamesApart<T extends { readonly pkg: GoPackage }>(all: readonly T[]): readonly T[] {
  const names = new Set<string>();
  return all.filter(({ pkg }) => !names.has(binaryOf(pkg).toLowerCase()) && names.add(binaryOf(pkg).toLowerCase()));
}
