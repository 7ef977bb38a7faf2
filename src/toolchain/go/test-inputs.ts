import { realpathSync } from "node:fs";
import { basename, dirname, extname, sep } from "node:path";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { exec, goWords } from "./exec.js";
import { nativeEnv, type Toolchain } from "./go-command.js";
import { listOutput } from "./list-output.js";

/** A package with tests, and what its test binary is built of. */
interface TestedPackage {
  readonly importPath: string;
  readonly dir: string;
  /** Import paths that are linked in, the package's own among them; without the standard library. */
  readonly deps: ReadonlySet<string>;
}

interface TestGraph {
  /** By import path. */
  readonly tested: readonly TestedPackage[];
  /** Packages that cannot be loaded: they are done wherever they are asked for, so that it is said why. */
  readonly broken: readonly string[];
  /** Import path -> folder, of every package that is not the standard library's; `embeds`: files are compiled in. */
  readonly folders: ReadonlyMap<string, { readonly dir: string; readonly embeds: boolean }>;
}

interface Entry {
  readonly ImportPath: string;
  readonly Dir?: string;
  readonly ForTest?: string;
  readonly DepOnly?: boolean;
  readonly Standard?: boolean;
  readonly Deps?: readonly string[];
  readonly EmbedFiles?: readonly string[];
  readonly TestEmbedFiles?: readonly string[];
  readonly XTestEmbedFiles?: readonly string[];
  readonly Error?: unknown;
}

const FIELDS = "ImportPath,Dir,ForTest,DepOnly,Standard,Deps,EmbedFiles,TestEmbedFiles,XTestEmbedFiles,Error";

interface TestGraphOptions {
  readonly cwd: string;
  readonly patterns: readonly string[];
  readonly tags?: string;
  readonly signal?: AbortSignal;
}

/** What the tests of these packages are built of, as `go list -deps -test` says. */
export async function testGraph(toolchain: Toolchain, { cwd, patterns, tags, signal }: TestGraphOptions): Promise<Result<TestGraph, string>> {
  const args = ["list", "-e", "-deps", "-test", `-json=${FIELDS}`, ...(tags === undefined ? [] : [`-tags=${tags}`]), "--", ...patterns];
  const outcome = await exec(toolchain.go, args, { cwd, env: nativeEnv(toolchain), ...optional({ signal }) });
  if (outcome.kind === "interrupted") return err("interrupted");
  if (outcome.kind === "not-started") return err(`cannot run ${toolchain.go}: ${outcome.message}`);
  if (outcome.status !== 0) return err(goWords(outcome.stderr));
  return ok(graphOf(listOutput(outcome.stdout)));
}

/** `p [p.test]` is p as it is built for p's tests. */
const plainPath = (path: string): string => path.split(" ")[0]!;

export function graphOf(entries: readonly Entry[]): TestGraph {
  const own = entries.filter(({ Standard }) => Standard !== true);
  const folders = new Map<string, { readonly dir: string; readonly embeds: boolean }>();
  for (const { ImportPath, Dir, EmbedFiles = [], TestEmbedFiles = [], XTestEmbedFiles = [] } of own) {
    if (Dir !== undefined && !ImportPath.includes(" ") && !ImportPath.endsWith(".test")) folders.set(ImportPath, { dir: Dir, embeds: EmbedFiles.length + TestEmbedFiles.length + XTestEmbedFiles.length > 0 });
  }
  const binaries = new Map(own.filter(({ ImportPath }) => ImportPath.endsWith(".test")).map((entry) => [entry.ImportPath.replace(/\.test$/, ""), entry]));
  const roots = own.filter(({ ImportPath, DepOnly, ForTest }) => DepOnly !== true && ForTest === undefined && !ImportPath.includes(" ") && !ImportPath.endsWith(".test"));
  const tested = roots.flatMap(({ ImportPath, Dir }): readonly TestedPackage[] => {
    const binary = binaries.get(ImportPath);
    return binary === undefined || Dir === undefined ? [] : [{ importPath: ImportPath, dir: Dir, deps: new Set([ImportPath, ...(binary.Deps ?? []).map(plainPath)]) }];
  });
  const broken = roots.filter((entry) => entry.Error !== undefined).map(({ ImportPath }) => ImportPath);
  return { tested: tested.sort((a, b) => (a.importPath < b.importPath ? -1 : 1)), broken, folders };
}

/**
 * The packages whose tests these files can change.
 * C1. go.mod, go.sum, go.work and vendor/modules.txt change what every package may be built of: all.
 * C2. A source file in a package's folder, and any file below a package that embeds files, changes what is linked from it.
 * C3. A _test.go file, and any other file below a package (its testdata), changes that package's tests alone.
 * C4. A file belongs to the package whose folder is the nearest above it.
 */
export function affectedBy(files: readonly string[], { tested, folders }: TestGraph, real: (path: string) => string = realpathSync): readonly TestedPackage[] {
  const byFolder = new Map([...folders].map(([path, { dir, embeds }]) => [real(dir), { path, embeds }] as const));
  const linked = new Set<string>();
  const alone = new Set<string>();
  for (const file of files) {
    if (/^(go\.(mod|sum|work|work\.sum))$/.test(basename(file)) || file.endsWith(`${sep}vendor${sep}modules.txt`)) return tested; // C1
    const folder = above(file).find((one) => byFolder.has(one)); // C4
    const owner = folder === undefined ? undefined : byFolder.get(folder);
    if (owner === undefined) continue;
    const source = SOURCES.has(extname(file)) && !file.endsWith("_test.go") && dirname(file) === folder;
    (source || owner.embeds ? linked : alone).add(owner.path); // C2, C3
  }
  return tested.filter(({ importPath, deps }) => alone.has(importPath) || [...linked].some((path) => deps.has(path)));
}

/** What `go build` compiles (go/build, Package's lists of files). */
const SOURCES = new Set([".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso"]);

function above(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) return folders;
  }
}
