import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { devNull } from "node:os";
import { resolve } from "node:path";
import { optional } from "../../base/optional.js";
import type { Result } from "../../base/result.js";
import { err, ok } from "../../base/result.js";
import type { MovedSource } from "../../model/source/moved.js";
import { compileBorrowing, type BorrowedPackage, type Compile } from "../borrow/borrow.js";
import { ModuleCache } from "./cache.js";
import type { ToolchainError } from "./toolchain-error.js";
import type { ExecOutcome , exec} from "./exec.js";
import { execCompiling, goWords } from "./exec.js";
import type { Toolchain } from "./go-command.js";
import { leakExperiment, nativeEnv, wasmEnv } from "./go-command.js";
import type { Overlay } from "../overlay/overlay.js";
import type { GoPackage } from "./packages.js";
import type { DeclaredTest } from "./test-names.js";

/** A WebAssembly module of a user's main package or of a package's tests. */
export interface BuiltModule {
  /** Path of the .wasm file; its name is the hash of its content. */
  readonly wasm: string;
  /** As a person calls the package. */
  readonly package: string;
  readonly importPath: string;
  /** The package's folder: the working directory of its tests. */
  readonly dir: string;
  readonly kind: "main" | "tests";
  /** Empty for a main package. */
  readonly tests: readonly DeclaredTest[];
  readonly goVersion: string;
  /** What it took from files for linux, and what answers ENOSYS, to be built at all; by package, empty for most. */
  readonly borrowed: readonly BorrowedPackage[];
  /** Where what it borrowed was compiled, and its modules. */
  readonly moved: readonly MovedSource[];
}

export interface BuildOptions {
  readonly cwd: string;
  /** As after -tags. */
  readonly tags?: string;
  /** More flags for `go build` / `go test -c`, after Unpark's own: ["-trimpath"]. */
  readonly flags?: readonly string[];
  /** As in BorrowQuestion. */
  readonly isProposal?: boolean;
  /** What one call of Go has built already (build-together.ts), by request. */
  readonly together?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: BuildProgress) => void;
}

/** `first`: the standard library is compiled with this overlay for the first time, which takes about 30 s. */
export type BuildProgress =
  | { readonly kind: "building"; readonly package: string; readonly first: boolean }
  | { readonly kind: "built"; readonly package: string };

/** Compiles a main package, with the overlay, for wasip1. */
export function buildMain(toolchain: Toolchain, pkg: GoPackage, overlay: Overlay, options: BuildOptions): Promise<Result<BuiltModule, ToolchainError>> {
  return build(toolchain, pkg, overlay, "main", options);
}

/** Compiles a package's tests, its external test package's included, into one module. */
export function buildTests(toolchain: Toolchain, pkg: GoPackage, overlay: Overlay, options: BuildOptions): Promise<Result<BuiltModule, ToolchainError>> {
  return build(toolchain, pkg, overlay, "tests", options);
}

/**
 * B1: what is returned is whole and stays (cache.ts C1, C2). B2: with nothing changed Go compiles and links nothing.
 * B3: a failed or interrupted build leaves nothing behind.
 */
async function build(
  toolchain: Toolchain,
  pkg: GoPackage,
  overlay: Overlay,
  kind: BuiltModule["kind"],
  options: BuildOptions,
): Promise<Result<BuiltModule, ToolchainError>> {
  const cache = new ModuleCache(toolchain.cacheDir);
  const request = requestOf(toolchain, pkg, overlay, kind, options);
  const standard = `std-${hashOf([overlay.hash, toolchain.version.text])}`;
  options.onProgress?.({ kind: "building", package: pkg.title, first: !cache.has(standard) });
  const ready = options.together?.get(request);
  const scratch = ready ?? cache.scratch(request, ".wasm");
  try {
    const compile = compilerOf(toolchain, kind, options, scratch, pkg.args);
    const native = once(() => buildsNatively(toolchain, pkg, kind, options));
    const { outcome, borrowed, moved } = ready !== undefined ? BUILT : await compileBorrowing(toolchain, overlay, compile, { args: pkg.args, cwd: options.cwd, key: request, native, out: scratch, ...optional({ isProposal: options.isProposal, tags: options.tags, signal: options.signal }) });
    const failure = await failureOf(toolchain, pkg, kind, options, outcome, native);
    if (failure !== undefined) return err(failure);
    if (!existsSync(scratch)) return err({ kind: "compile", package: pkg.title, message: `${pkg.title} has no test files` });
    const wasm = await cache.keep(request, scratch, ".wasm");
    cache.mark(standard);
    options.onProgress?.({ kind: "built", package: pkg.title });
    const { title, importPath, dir } = pkg;
    return ok({ wasm, package: title, importPath, dir, kind, tests: kind === "tests" ? pkg.tests : [], goVersion: toolchain.version.text, borrowed, moved });
  } catch (cause) {
    return err({ kind: "io", path: scratch, message: `cannot keep the build in ${toolchain.cacheDir}: ${(cause as Error).message}` });
  } finally {
    rmSync(scratch, { force: true });
  }
}

/** Names what is asked for: what was built for it last is known by it (ModuleCache). */
export function requestOf(toolchain: Toolchain, pkg: GoPackage, overlay: Overlay, kind: BuiltModule["kind"], options: BuildOptions): string {
  return hashOf([kind, pkg.importPath, pkg.dir, pkg.args, overlay.hash, toolchain.version.text, options.tags, options.flags]);
}

const BUILT: Awaited<ReturnType<typeof compileBorrowing>> = { outcome: { kind: "ended", status: 0, stdout: "", stderr: "" }, borrowed: [], moved: [] };

/** Compiles for wasip1 into `out`: a file, or a folder for several packages. */
export function compilerOf(toolchain: Toolchain, kind: BuiltModule["kind"], options: BuildOptions, out: string, args: readonly string[]): Compile {
  return (flags, more) => execCompiling(toolchain.go, [...goArgs(kind, options), ...flags, "-o", out, ...args], execOptions(options, { ...wasmEnv(toolchain), ...more }));
}

function goArgs(kind: BuiltModule["kind"], options: BuildOptions): readonly string[] {
  const command = kind === "main" ? ["build"] : ["test", "-c", "-vet=off"];
  return [...command, ...(options.tags === undefined ? [] : [`-tags=${options.tags}`]), ...(options.flags ?? [])];
}

function execOptions(options: BuildOptions, env: Toolchain["env"]): Parameters<typeof exec>[2] {
  return { cwd: options.cwd, env, ...optional({ signal: options.signal }) };
}

/** The compiler's own words; with one sentence before them only if the fault is wasip1's and not the code's. */
async function failureOf(
  toolchain: Toolchain,
  pkg: GoPackage,
  kind: BuiltModule["kind"],
  options: BuildOptions,
  outcome: ExecOutcome,
  native: () => Promise<boolean>,
): Promise<ToolchainError | undefined> {
  if (outcome.kind === "interrupted") return { kind: "cancelled", message: `the build of ${pkg.title} was interrupted` };
  if (outcome.kind === "not-started") return { kind: "compile", package: pkg.title, message: `cannot run ${toolchain.go} in ${options.cwd}: ${outcome.message}` };
  if (outcome.status === 0) return undefined;
  const words = goWords(outcome.stderr + (kind === "tests" ? outcome.stdout : ""));
  const note = (await native())
    ? `${pkg.title} builds for ${toolchain.host.os} but not for wasip1 (WebAssembly), where Unpark runs it; try the native mode:\n`
    : "";
  return { kind: "compile", package: pkg.title, message: note + words };
}

/** Asked only after a failure: does it build for this machine? */
async function buildsNatively(toolchain: Toolchain, pkg: GoPackage, kind: BuiltModule["kind"], options: BuildOptions): Promise<boolean> {
  const { CGO_ENABLED: _, ...env } = nativeEnv(toolchain); // here the user's own choice counts: there may be no C compiler
  const args = [...goArgs(kind, options), "-o", devNull, ...pkg.args];
  const outcome = await execCompiling(toolchain.go, args, execOptions(options, { ...env, CGO_ENABLED: toolchain.env["CGO_ENABLED"] }));
  return outcome.kind === "ended" && outcome.status === 0;
}

/** The user's own overlay out of GOFLAGS, for `makeOverlay`'s `userReplace`; relative paths in it are below `cwd`. */
export function userOverlay(toolchain: Toolchain, cwd: string): Result<Readonly<Record<string, string>>, ToolchainError> {
  const { overlay } = toolchain.goflags;
  return overlay === undefined ? ok({}) : readOverlay(resolve(cwd, overlay), cwd, "GOFLAGS");
}

/** Reads an overlay file of the user's; `named` says who names it, for the error. */
export function readOverlay(path: string, cwd: string, named: string): Result<Readonly<Record<string, string>>, ToolchainError> {
  try {
    const parsed = JSON.parse(readFileSync(path, "utf8")) as { readonly Replace?: Readonly<Record<string, string>> };
    const entries = Object.entries(parsed.Replace ?? {});
    return ok(Object.fromEntries(entries.map(([from, to]) => [resolve(cwd, from), to === "" ? "" : resolve(cwd, to)])));
  } catch (cause) {
    return err({ kind: "io", path, message: `cannot read the overlay that ${named} names, ${path}: ${(cause as Error).message}` });
  }
}

/** What of the leak collection a build of this toolchain has; "always" since Go 1.27. */
export function leakCollection(toolchain: Toolchain): "none" | "experiment" | "always" {
  if (leakExperiment(toolchain.version) !== undefined) return "experiment";
  return toolchain.version.minor >= 27 ? "always" : "none";
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
