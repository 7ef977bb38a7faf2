import { spawn } from "node:child_process";
import { join } from "node:path";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { FixProposals, Propose } from "../../model/results/fix.js";
import { exec, goWords } from "./exec.js";
import { nativeEnv, type Toolchain } from "./go-command.js";
import { listOutput } from "./list-output.js";
import { goTool } from "./syntax-tool.js";

interface FixToolOptions {
  readonly cwd: string;
  /** Package patterns or files whose tests (or mains) showed the findings. */
  readonly patterns: readonly string[];
  readonly withTests: boolean;
  readonly tags?: string;
  readonly signal?: AbortSignal;
}

/** What `go list` says of a package, as far as it is used here. */
interface ListedPackage {
  readonly ImportPath: string;
  readonly Dir?: string;
  readonly ForTest?: string;
  readonly Export?: string;
  readonly Standard?: boolean;
  readonly GoFiles?: readonly string[];
  readonly CgoFiles?: readonly string[];
  readonly ImportMap?: Readonly<Record<string, string>>;
  readonly Module?: { readonly Main?: boolean; readonly GoVersion?: string };
}

const FIELDS = "ImportPath,Dir,ForTest,Export,Standard,GoFiles,CgoFiles,ImportMap,Module";

/** The tool, built, with the packages as `go list` knows them. */
export async function openFixTool(toolchain: Toolchain, options: FixToolOptions): Promise<Result<Propose, string>> {
  const [tool, listed] = await Promise.all([goTool("fix", toolchain, options.signal), listPackagesFor(toolchain, options)]);
  if (tool === undefined) return err("the program that proposes edits could not be built with this Go");
  if (!listed.ok) return listed;
  const exports = Object.fromEntries(listed.value.flatMap(({ ImportPath, Export }) => (Export === undefined ? [] : [[ImportPath, Export]])));
  return ok((sites, patched = []) => {
    const files = sites.map(({ stack, others }) => new Set([...stack, ...others].map(({ file }) => file)));
    const overlay = Object.fromEntries(patched.map(({ file, after }) => [file, after]));
    return run(tool, { packages: chosenPackages(listed.value, files), exports, overlay, sites }, options);
  });
}

async function listPackagesFor(toolchain: Toolchain, { cwd, patterns, withTests, tags, signal }: FixToolOptions): Promise<Result<readonly ListedPackage[], string>> {
  const args = ["list", "-e", "-deps", "-export", `-json=${FIELDS}`, ...(withTests ? ["-test"] : []), ...(tags === undefined ? [] : [`-tags=${tags}`]), "--", ...patterns];
  const outcome = await exec(toolchain.go, args, { cwd, env: { ...nativeEnv(toolchain), CGO_ENABLED: toolchain.env["CGO_ENABLED"] }, ...optional({ signal }) });
  if (outcome.kind === "interrupted") return err("interrupted");
  if (outcome.kind === "not-started") return err(`cannot run ${toolchain.go}: ${outcome.message}`);
  if (outcome.stdout === "") return err(goWords(outcome.stderr));
  return ok(listOutput(outcome.stdout));
}

/**
 * The packages that hold one of the files of a site; all, where a site has none of theirs (a goroutine of the library's own). With
 * their tests' files where there are both forms.
 */
function chosenPackages(listed: readonly ListedPackage[], sites: readonly ReadonlySet<string>[]): readonly object[] {
  const filesOf = ({ Dir = "", GoFiles = [] }: ListedPackage): readonly string[] => GoFiles.map((name) => join(Dir, name));
  const own = listed.filter(({ Standard, Module, ImportPath }) => Standard !== true && (Module === undefined || Module.Main === true) && !ImportPath.endsWith(".test"));
  const tested = new Set(own.flatMap(({ ForTest, ImportPath }) => (ForTest !== undefined && ImportPath.startsWith(`${ForTest} `) ? [ForTest] : [])));
  const read = own.filter((one) => !tested.has(one.ImportPath));
  const has = (site: ReadonlySet<string>) => (one: ListedPackage): boolean => filesOf(one).some((file) => site.has(file));
  const chosen = new Set(sites.flatMap((site) => (read.some(has(site)) ? read.filter(has(site)) : read)));
  return [...chosen].map((one) => ({ path: one.ImportPath, files: filesOf(one), importMap: one.ImportMap ?? {}, goVersion: one.Module?.GoVersion === undefined ? "" : `go${one.Module.GoVersion}` }));
}

/** Milliseconds: the largest packages take a few seconds. */
const PATIENCE_MS = 120_000;

function run(tool: string, request: object, { cwd, signal }: FixToolOptions): Promise<Result<readonly FixProposals[], string>> {
  return new Promise((resolve) => {
    const child = spawn(tool, [], { cwd, stdio: ["pipe", "pipe", "pipe"], timeout: PATIENCE_MS, ...optional({ signal }) });
    const [out, words]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
    child.stdin.on("error", () => undefined); // it died: its exit says so
    child.on("error", (error) => resolve(err(`the program that proposes edits could not be run: ${error.message}`)));
    child.on("close", (status) => {
      if (status !== 0) return resolve(err(`the program that proposes edits failed: ${Buffer.concat(words).toString("utf8").split("\n").slice(0, 3).join(" ")}`));
      resolve(ok(JSON.parse(Buffer.concat(out).toString("utf8")) as readonly FixProposals[]));
    });
    child.stdin.end(JSON.stringify(request));
  });
}
