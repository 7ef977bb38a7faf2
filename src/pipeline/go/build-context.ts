import { dirname, relative, join } from "node:path";
import { ok, type Result } from "../../base/result.js";
import { guestEnvironment } from "../../host/wasi/environment.js";
import { NOT_IN_WASIP1, type Failure } from "../../model/results/examination.js";
import { buildMain, buildTests, leakCollection, userOverlay, type BuildProgress, type BuiltModule } from "../../toolchain/go/build.js";
import { buildTogether, NOTHING_TOGETHER, type BuiltTogether } from "../../toolchain/go/build-together.js";
import { OUTSIDE } from "../../toolchain/borrow/package-files.js";
import type { BorrowedPackage } from "../../toolchain/borrow/borrow.js";
import { tidyCache } from "../../toolchain/go/cache.js";
import { cacheFolder } from "../../base/user-folders.js";
import { findToolchain, type Toolchain } from "../../toolchain/go/go-command.js";
import { controlPatches } from "../../toolchain/patches/control-patches.js";
import { goSourcesFolder, makeOverlay, type Overlay } from "../../toolchain/overlay/overlay.js";
import { listPackages, type GoPackage } from "../../toolchain/go/packages.js";
import { syntaxTool } from "../../toolchain/go/syntax-tool.js";
import type { ModuleSpec } from "./module-spec.js";
import { testBinaryFlags, type TestSelection } from "./test-selection.js";

/** Where the guest finds Go's own time zones (time.LoadLocation). */
const ZONES = "/usr/lib/go-zoneinfo";

/** What is to be built, as asked for on a command line. */
export interface BuildRequest extends TestSelection {
  readonly purpose: "main" | "tests";
  readonly patterns: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program's own arguments; for tests the -test.* flags are added. */
  readonly args: readonly string[];
  readonly tags?: string;
  /** Mebibytes. */
  readonly memory?: number;
  readonly goVersion?: string;
  readonly horizon?: number;
  readonly faults?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (event: BuildProgress) => void;
}

/** The user's Go, made ready: found, checked, with the overlay written. */
export interface BuildContext {
  readonly toolchain: Toolchain;
  readonly overlay: Overlay;
  readonly packages: readonly GoPackage[];
  /** The program that reads syntax trees; built beside the first package. */
  readonly syntaxTool: Promise<string | undefined>;
  /** Packages that cannot be done, each with its reason. */
  readonly failures: readonly Failure[];
  /** Milliseconds since 1970: what a test leaves in its folder after this is not the module's. */
  readonly opened: number;
  /** The overlay holds a patch that nobody has written yet. */
  readonly isProposal?: boolean;
  /** Packages that one call of Go has built (buildAgain). */
  readonly together?: BuiltTogether["modules"];
}

/** Finds Go and lists the packages; an error is a sentence (or the go command's own words). */
export async function openBuildContext(request: BuildRequest): Promise<Result<BuildContext, string>> {
  const { cwd, env, patterns, purpose, tags, goVersion, signal } = request;
  const cacheDir = cacheFolder(env);
  const toolchain = await findToolchain({ cwd, env, cacheDir, ...optional({ goVersion, signal }) });
  if (!toolchain.ok) return said(toolchain.error);
  tidyCache(cacheDir, Date.now());
  const listing = await listPackages(toolchain.value, { cwd, patterns, purpose, ...optional({ tags, signal }) });
  if (!listing.ok) return said(listing.error);
  const own = userOverlay(toolchain.value, cwd);
  if (!own.ok) return said(own.error);
  const overlay = makeOverlay(toolchain.value, [controlPatches()], { cacheDir, userReplace: own.value });
  if (!overlay.ok) return said(overlay.error);
  const { packages, problems } = listing.value;
  const failures = problems.map(({ importPath, message, onlyNatively }) => ({ package: importPath, message, ...optional({ onlyNatively }) }));
  return ok({ toolchain: toolchain.value, overlay: overlay.value, packages, syntaxTool: syntaxTool(toolchain.value, signal), failures, opened: Date.now() });
}

/** What of these packages' tests was built before, built again at once; `close` when all are done. */
export function buildAgain({ toolchain, overlay }: BuildContext, packages: readonly GoPackage[], { purpose, cwd, tags, signal }: BuildRequest): Promise<BuiltTogether> {
  return purpose === "main" ? Promise.resolve(NOTHING_TOGETHER) : buildTogether(toolchain, packages, overlay, { cwd, ...optional({ tags, signal }) });
}

/** Builds one package and says how it is to be started under control. */
export async function buildModule({ toolchain, overlay, syntaxTool: tool, isProposal, together, opened }: BuildContext, pkg: GoPackage, request: BuildRequest): Promise<Result<ModuleSpec, string>> {
  const { cwd, tags, signal, progress, purpose } = request;
  const options = { cwd, ...optional({ tags, signal, onProgress: progress, isProposal, together }) };
  const built = await (purpose === "main" ? buildMain : buildTests)(toolchain, pkg, overlay, options);
  if (!built.ok) return said(built.error);
  const spec = specOf(built.value, pkg, toolchain, opened, request);
  return spec.ok ? ok({ ...spec.value, testsOnly: pkg.testsOnly, ...optional({ syntaxTool: await tool }) }) : spec;
}

function specOf(built: BuiltModule, pkg: GoPackage, toolchain: Toolchain, opened: number, request: BuildRequest): Result<ModuleSpec, string> {
  const workingDir = built.kind === "main" ? request.cwd : built.dir;
  const environment = guestEnvironment({ cwd: workingDir, user: request.env, explicit: { ZONEINFO: `${ZONES}/zoneinfo.zip` } });
  if (!environment.ok) return environment;
  // Tests read what lies beside and above them (testdata, ../fixtures); a main what lies where it is started.
  const wanted = built.kind === "main" ? workingDir : moduleRoot(pkg);
  // Nobody who starts a main from / means to show it the whole machine: it sees its package's folder, if that has a name.
  // Nor all of their home folder, with its keys: there, and above it, a main sees its module.
  const home = request.env["HOME"] || request.env["USERPROFILE"];
  const isAboveHome = home !== undefined && !relative(wanted, home).startsWith("..");
  const shown = [built.kind === "main" && isAboveHome ? mainRoot(pkg) : wanted, pkg.dir].find((folder) => dirname(folder) !== folder);
  return ok({
    name: built.kind === "main" ? built.package : built.importPath,
    package: built.kind === "main" ? built.package : built.importPath,
    kind: built.kind,
    wasm: built.wasm,
    args: built.kind === "main" ? [built.package, ...request.args] : [`${built.importPath}.test`, ...testFlags(request)],
    environment: environment.value,
    mounts: [
      ...(shown === undefined ? [] : [{ at: shown, from: shown, asOf: opened }]),
      { at: "/etc", from: join(goSourcesFolder(), "guest", "etc") }, // who localhost is
      { at: ZONES, from: join(toolchain.goroot, "lib", "time") },
    ],
    cwd: workingDir,
    goVersion: toolchain.version.text,
    ...(built.borrowed.length === 0 ? {} : { moved: built.moved }),
    reachability: leakCollection(toolchain) !== "none",
    limits: [...limitsOf(pkg, built.borrowed), ...borrowedWords(built.borrowed), ...(shown === wanted ? [] : [`of the files below ${wanted} the program sees ${shown ?? "none"}`])],
    ...optional({ horizon: request.horizon, faults: request.faults, memoryLimit: request.memory }),
  });
}

/** The folder to show: the module's if the package is inside of it, else the package's parent. */
function moduleRoot({ dir, module }: GoPackage): string {
  const root = module?.dir;
  return root !== undefined && !relative(root, dir).startsWith("..") ? root : dirname(dir);
}

/** Of a package that is started from somewhere else: its module, or its own folder. */
function mainRoot({ dir, module }: GoPackage): string {
  const root = module?.dir;
  return root !== undefined && !relative(root, dir).startsWith("..") ? root : dir;
}

function testFlags(request: BuildRequest): readonly string[] {
  return [...testBinaryFlags(request), "-test.timeout=0", ...request.args];
}

function limitsOf({ importPath, excludedTestFiles, usesCgo }: GoPackage, borrowed: readonly BorrowedPackage[]): readonly string[] {
  const taken = new Set(borrowed.flatMap(({ package: path, files }) => (path === importPath || path === `${importPath}${OUTSIDE}` ? files : [])));
  const excluded = excludedTestFiles.filter((file) => !taken.has(file));
  return [
    ...(excluded.length > 0 ? [`${excluded.join(", ")}: build constraints exclude ${excluded.length === 1 ? "it" : "them"} ${NOT_IN_WASIP1}`] : []),
    ...(usesCgo ? ["its cgo files are left out: WebAssembly has no cgo"] : []),
  ];
}

/** B4. A reader must be able to tell what of the code under control is not what runs natively. */
function borrowedWords(packages: readonly BorrowedPackage[]): readonly string[] {
  return packages.flatMap(({ package: path, files, stubs }) => [
    ...(files.length > 0 ? [`${path} is built with ${listed(files, "of its files")} for linux, which its build constraints leave out for wasip1`] : []),
    ...(stubs.length > 0 ? [`stubbed, answers ENOSYS: ${path}: ${listed(stubs, "functions")}`] : []),
  ]);
}

const listed = (names: readonly string[], noun: string): string => (names.length > 4 ? `${names.length} ${noun} (${names.slice(0, 3).join(", ")} …)` : names.join(", "));

const said = (error: { readonly message: string }): Result<never, string> => ({ ok: false, error: error.message });

/** Leaves out what is undefined: with exactOptionalPropertyTypes a missing field and an undefined one differ. */
export function optional<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
