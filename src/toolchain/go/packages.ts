import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Result } from "../../base/result.js";
import { err, ok } from "../../base/result.js";
import type { ToolchainError } from "./toolchain-error.js";
import type { Toolchain } from "./go-command.js";
import { nativeEnv, wasmEnv } from "./go-command.js";
import { namesGoFile } from "./go-file.js";
import { goOutput } from "./go-output.js";
import { listOutput } from "./list-output.js";
import { withNextStep } from "./no-module.js";
import type { DeclaredTest } from "./test-names.js";
import { declaredTests } from "./test-names.js";

/** A package that can be built for Unpark's host. */
export interface GoPackage {
  /** "command-line-arguments" for files given on the command line. */
  readonly importPath: string;
  /** How a person calls it: the import path, or the file's name for files given on the command line. */
  readonly title: string;
  /** The package clause's name. */
  readonly name: string;
  readonly dir: string;
  /** What to give `go build`: the import path, or the files. */
  readonly args: readonly string[];
  /** Undefined for the standard library. */
  readonly module: { readonly path: string; readonly dir: string | undefined; readonly goVersion: string | undefined } | undefined;
  /** Top-level tests, examples with output, and fuzz targets, of the package and of its external test package. */
  readonly tests: readonly DeclaredTest[];
  /** Test files that a native run would have and that build constraints exclude from wasip1: said, never hidden. */
  readonly excludedTestFiles: readonly string[];
  /** Its cgo files are left out for wasip1 (it may have pure Go ones to take their place). */
  readonly usesCgo: boolean;
  /** It has test files alone: what they test stands in them, too. */
  readonly testsOnly: boolean;
}

/** Why a package that was asked for cannot be done; the others go on. */
interface PackageProblem {
  readonly importPath: string;
  readonly kind: "not-found" | "needs-cgo" | "not-for-wasip1" | "not-main" | "broken";
  readonly message: string;
  /** Why a native run does all of it that can be done; in words that go on behind its name. */
  readonly onlyNatively?: string;
}

export interface Listing {
  readonly packages: readonly GoPackage[];
  readonly problems: readonly PackageProblem[];
}

export interface ListOptions {
  readonly cwd: string;
  /** As `go` takes them: "./...", an import path, or files "x.go". */
  readonly patterns: readonly string[];
  /** "main": packages that are no commands are a problem. "tests": test files and what they import count, too. */
  readonly purpose: "main" | "tests";
  /** As after -tags. */
  readonly tags?: string;
  readonly signal?: AbortSignal;
}

/**
 * Lists twice: for wasip1, which is what will be built, and for this machine, to say what of that is missing and why.
 * (`go list ./...` leaves a package without files for wasip1 out, without a word.)
 */
export async function listPackages(toolchain: Toolchain, options: ListOptions): Promise<Result<Listing, ToolchainError>> {
  const missing = options.patterns.find((pattern) => namesGoFile(pattern, options.cwd) && !existsSync(resolve(options.cwd, pattern)));
  if (missing !== undefined) return err({ kind: "list", message: `there is no file ${missing} in ${options.cwd}` });
  const [wasm, native] = await Promise.all([
    goList(toolchain, wasmEnv(toolchain), options, options.purpose === "tests"),
    goList(toolchain, nativeEnv(toolchain), options, false),
  ]);
  if (!wasm.ok) return wasm;
  const natively = new Map((native.ok ? native.value : []).map((entry) => [entry.ImportPath, entry]));
  const packages: GoPackage[] = [];
  const problems: PackageProblem[] = [];
  const listed = new Map(wasm.value.filter((entry) => !isTestVariant(entry)).map((entry) => [entry.ImportPath, entry]));
  const testErrors = errorsOfTestVariants(wasm.value);
  for (const path of new Set([...listed.keys(), ...natively.keys()])) {
    const entry = listed.get(path);
    const problem = problemOf(path, entry, natively.get(path), testErrors.get(path) ?? [], options);
    if (problem !== undefined) {
      if (!isBeside(problem, natively.get(path), options)) problems.push(problem);
    } else if (entry !== undefined) packages.push(packageOf(entry, natively.get(path), options.patterns));
  }
  if (packages.length === 0 && problems.length === 0) {
    return err({ kind: "list", message: `${options.patterns.join(" ")} matches no ${options.purpose === "main" ? "main packages" : "packages"} in ${options.cwd}` });
  }
  return ok({ packages, problems });
}

/** What `go list -json` prints of a package, as far as it is used here. */
interface ListEntry {
  readonly ImportPath: string;
  readonly Name?: string;
  readonly Dir?: string;
  readonly ForTest?: string;
  readonly Module?: { readonly Path: string; readonly Dir?: string; readonly GoVersion?: string };
  readonly GoFiles?: readonly string[];
  readonly CgoFiles?: readonly string[];
  readonly TestGoFiles?: readonly string[];
  readonly XTestGoFiles?: readonly string[];
  readonly Error?: ListError;
  readonly DepsErrors?: readonly ListError[];
}

interface ListError {
  readonly ImportStack?: readonly string[] | null;
  readonly Pos: string;
  readonly Err: string;
}

const FIELDS = "ImportPath,Name,Dir,ForTest,Module,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Error,DepsErrors";

async function goList(toolchain: Toolchain, env: Toolchain["env"], options: ListOptions, withTests: boolean): Promise<Result<readonly ListEntry[], ToolchainError>> {
  const args = ["list", "-e", `-json=${FIELDS}`, ...(withTests ? ["-test"] : []), ...(options.tags === undefined ? [] : [`-tags=${options.tags}`])];
  const printed = await goOutput(toolchain, [...args, "--", ...options.patterns], { cwd: options.cwd, env, signal: options.signal });
  if (!printed.ok) return err(printed.error.kind === "list" ? { ...printed.error, message: withNextStep(printed.error.message, options.cwd) } : printed.error);
  return ok(listOutput<ListEntry>(printed.value).map((entry) => ({ ...entry, ImportPath: entry.ImportPath || (entry.Name ?? "") })));
}

/** With -test: "p [p.test]", "p_test [p.test]" and "p.test", which are about p. */
function isTestVariant(entry: ListEntry): boolean {
  return entry.ForTest !== undefined || entry.ImportPath.endsWith(".test");
}

function errorsOfTestVariants(entries: readonly ListEntry[]): ReadonlyMap<string, readonly ListError[]> {
  const errors = new Map<string, ListError[]>();
  for (const entry of entries.filter(isTestVariant)) {
    const path = entry.ForTest ?? entry.ImportPath.replace(/\.test$/, "");
    errors.set(path, [...(errors.get(path) ?? []), ...errorsOf(entry)]);
  }
  return errors;
}

function errorsOf(entry: ListEntry): readonly ListError[] {
  return [...(entry.Error === undefined ? [] : [entry.Error]), ...(entry.DepsErrors ?? [])];
}

/** What "./..." matches, but nobody can have meant: libraries for `run`; for `test`, what has no tests anywhere. */
function isBeside(problem: PackageProblem, native: ListEntry | undefined, options: ListOptions): boolean {
  if (!options.patterns.every((pattern) => pattern.includes("..."))) return false;
  if (options.purpose === "main") return problem.kind === "not-main";
  const tests = [...(native?.TestGoFiles ?? []), ...(native?.XTestGoFiles ?? [])];
  return (problem.kind === "needs-cgo" || problem.kind === "not-for-wasip1") && tests.length === 0;
}

const EXCLUDED = /build constraints exclude all Go files/;

function problemOf(
  importPath: string,
  wasm: ListEntry | undefined,
  native: ListEntry | undefined,
  testErrors: readonly ListError[],
  { purpose, cwd }: Pick<ListOptions, "purpose" | "cwd">,
): PackageProblem | undefined {
  const problem = (kind: PackageProblem["kind"], message: string): PackageProblem => ({ importPath, kind, message });
  const nativeErrors = native === undefined ? [] : errorsOf(native);
  if (wasm === undefined || isExcluded(wasm, native)) return exclusionOf(importPath, native);
  const errors = [...errorsOf(wasm), ...testErrors];
  const own = wasm.Error;
  if (own !== undefined && isNotFound(own, wasm)) return problem("not-found", withNextStep(wordsOf([own]), cwd));
  // What it imports may be made to build (toolchain/borrow).
  const areExcluded = errors.every((error) => EXCLUDED.test(error.Err)) && nativeErrors.length === 0;
  if (errors.length > 0 && !areExcluded) return problem("broken", wordsOf(errors));
  if (purpose === "main" && wasm.Name !== "main") {
    return problem("not-main", `${importPath} is package ${wasm.Name ?? "?"}, not a main package: there is nothing to run (for its tests: unpark test)`);
  }
  return undefined;
}

/** Its Go files are for the native platform only. Tests may be left. */
function isExcluded(wasm: ListEntry, native: ListEntry | undefined): boolean {
  if (count(wasm.GoFiles) === 0 && count(native?.GoFiles) + count(native?.CgoFiles) > 0) return true;
  return wasm.Error !== undefined && EXCLUDED.test(wasm.Error.Err) && (native === undefined || errorsOf(native).length === 0);
}

function exclusionOf(importPath: string, native: ListEntry | undefined): PackageProblem {
  const problem = (kind: PackageProblem["kind"], message: string): PackageProblem => ({ importPath, kind, message });
  const natively = (kind: PackageProblem["kind"], onlyNatively: string): PackageProblem => ({ ...problem(kind, `${importPath} ${onlyNatively}; try the native mode`), onlyNatively });
  if (native !== undefined && (native.Error !== undefined || !hasFiles(native))) return problem("broken", wordsOf(errorsOf(native)));
  const cgo = native?.CgoFiles ?? [];
  if (cgo.length > 0) return natively("needs-cgo", `needs cgo (${cgo.join(", ")}), which WebAssembly does not have`);
  return natively("not-for-wasip1", "does not build for wasip1: its build constraints exclude all its Go files there");
}

function hasFiles(entry: ListEntry): boolean {
  return [entry.GoFiles, entry.CgoFiles, entry.TestGoFiles, entry.XTestGoFiles].some((files) => count(files) > 0);
}

function count(files: readonly string[] | undefined): number {
  return files?.length ?? 0;
}

/** An error about the pattern itself: no package of that name, no such folder, no Go files in it. */
function isNotFound(error: ListError, entry: ListEntry): boolean {
  return !hasFiles(entry) && (error.ImportStack ?? []).length <= 1 && !EXCLUDED.test(error.Err);
}

/** Go's own words, each once: a missing dependency is listed for the package and again for its tests. */
function wordsOf(errors: readonly ListError[]): string {
  const lines = errors.map((error) => (error.Pos === "" ? error.Err : `${error.Pos}: ${error.Err}`).trim());
  return [...new Set(lines)].join("\n");
}

function packageOf(entry: ListEntry, native: ListEntry | undefined, patterns: readonly string[]): GoPackage {
  const fromFiles = entry.ImportPath === "command-line-arguments";
  const dir = entry.Dir ?? "";
  const testFiles = [...(entry.TestGoFiles ?? []), ...(entry.XTestGoFiles ?? [])];
  const nativeTestFiles = [...(native?.TestGoFiles ?? []), ...(native?.XTestGoFiles ?? [])];
  return {
    importPath: entry.ImportPath,
    title: fromFiles ? patterns.map((file) => basename(file)).join(" ") : entry.ImportPath,
    name: entry.Name ?? "",
    dir,
    args: fromFiles ? patterns : [entry.ImportPath],
    module: entry.Module && { path: entry.Module.Path, dir: entry.Module.Dir, goVersion: entry.Module.GoVersion },
    tests: testFiles.flatMap((file) => declaredTests(join(dir, file))),
    excludedTestFiles: nativeTestFiles.filter((file) => !testFiles.includes(file)),
    usesCgo: (native?.CgoFiles ?? []).length > 0,
    testsOnly: [entry, native].every((one) => count(one?.GoFiles) + count(one?.CgoFiles) === 0),
  };
}
