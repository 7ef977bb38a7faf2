import { ok, type Result } from "../../base/result.js";
import { wasmEnv, type Toolchain } from "../go/go-command.js";
import { namesGoFile } from "../go/go-file.js";
import { goOutput } from "../go/go-output.js";
import { listOutput } from "../go/list-output.js";
import type { ToolchainError } from "../go/toolchain-error.js";

/** A package as the target and linux/amd64 see it; the fields are those of Package in go/borrow/main.go. */
export interface PackageFiles {
  readonly path: string;
  readonly name: string;
  readonly dir: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly lenders: readonly string[];
  /** Files that the target has and linux/amd64 has not. */
  readonly own: readonly string[];
  /** The module that it is of; undefined where it has none (GOPATH, files on the command line). */
  readonly module: { readonly path: string; readonly dir: string } | undefined;
  /** Test files that linux/amd64 has and the target has not, and the other way about: of a package that is tested. */
  readonly testLenders: readonly string[];
  readonly ownTests: readonly string[];
}

interface Entry {
  readonly ImportPath: string;
  readonly Name?: string;
  readonly Dir?: string;
  readonly ForTest?: string;
  readonly Standard?: boolean;
  readonly Module?: { readonly Path: string; readonly Dir?: string };
  readonly GoFiles?: readonly string[];
  readonly TestGoFiles?: readonly string[];
  readonly XTestGoFiles?: readonly string[];
}
const FIELDS = "ImportPath,Name,Dir,ForTest,Standard,Module,GoFiles,TestGoFiles,XTestGoFiles";

export interface ListQuestion {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly tags?: string;
  readonly signal?: AbortSignal;
}

/** What the named packages and their tests are made of, in both systems, the standard library left out. */
export async function packageFiles(toolchain: Toolchain, question: ListQuestion): Promise<Result<readonly PackageFiles[], ToolchainError>> {
  const target = wasmEnv(toolchain);
  const linux = await list(toolchain, { ...target, GOOS: "linux", GOARCH: "amd64" }, ["-deps", "-test"], question.args, question);
  if (!linux.ok) return linux;
  const lent = linux.value.filter(({ Standard, ForTest, ImportPath }) => Standard !== true && ForTest === undefined && !ImportPath.endsWith(".test"));
  const fromFiles = question.args.some((word) => namesGoFile(word, question.cwd));
  const paths = lent.map(({ ImportPath }) => ImportPath).filter((path) => path !== "command-line-arguments");
  const here = await list(toolchain, target, [], fromFiles ? paths : [...new Set([...paths, ...question.args])], question);
  if (!here.ok) return here;
  const mine = new Map(here.value.map((entry) => [entry.ImportPath, entry]));
  const tested = new Set(linux.value.map(({ ForTest }) => ForTest));
  return ok(lent.flatMap((entry) => both(entry, mine.get(entry.ImportPath), tested.has(entry.ImportPath))));
}

function both(linux: Entry, mine: Entry | undefined, isTested: boolean): readonly PackageFiles[] {
  const { ImportPath: path, Name: name = "", Dir: dir = "", Module } = linux;
  const files = mine?.GoFiles ?? [];
  const module = Module?.Dir === undefined ? undefined : { path: Module.Path, dir: Module.Dir };
  const testsOf = (here: readonly string[] = [], there: readonly string[] = []): Pick<PackageFiles, "tests" | "testLenders" | "ownTests"> => ({ tests: here, testLenders: isTested ? without(there, here) : [], ownTests: isTested ? without(here, there) : [] });
  const one = { path, name, dir, files, ...testsOf(mine?.TestGoFiles, linux.TestGoFiles), lenders: without(linux.GoFiles ?? [], files), own: without(files, linux.GoFiles ?? []), module };
  const outside = testsOf(mine?.XTestGoFiles, linux.XTestGoFiles);
  if (outside.tests.length + outside.testLenders.length === 0) return [one];
  return [one, { path: `${path}${OUTSIDE}`, name: `${name}${OUTSIDE}`, dir, files: [], ...outside, lenders: [], own: [], module }];
}

/** Ends the path and the name of an external test package. */
export const OUTSIDE = "_test";

const without = (files: readonly string[], others: readonly string[]): readonly string[] => files.filter((file) => !others.includes(file));

async function list(toolchain: Toolchain, env: Toolchain["env"], flags: readonly string[], args: readonly string[], { cwd, tags, signal }: ListQuestion): Promise<Result<readonly Entry[], ToolchainError>> {
  if (args.length === 0) return ok([]);
  const words = ["list", "-e", `-json=${FIELDS}`, ...flags, ...(tags === undefined ? [] : [`-tags=${tags}`]), "--", ...args];
  const printed = await goOutput(toolchain, words, { cwd, env, signal });
  return printed.ok ? ok(listOutput(printed.value)) : printed;
}
