import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { ok, type Result } from "../../base/result.js";
import type { MovedSource } from "../../model/source/moved.js";
import { ModuleCache } from "../go/cache.js";
import { goflagsValue } from "../go/goflags.js";
import type { Toolchain } from "../go/go-command.js";
import { goOutput } from "../go/go-output.js";
import type { ToolchainError } from "../go/toolchain-error.js";
import type { PackageFiles } from "./package-files.js";

/** How `go build` is told where changed modules are. */
interface ModuleLinks {
  /** A folder as `go` is to see it: of a module below the module cache by way of a link, for it refuses overlays there. */
  visible(dir: string): string;
  /** The links, and what each leads to. */
  readonly moved: readonly MovedSource[];
  /** Files for the overlay's folder, by name: a go.mod or go.work that names the links, and its sums. */
  readonly beside: ReadonlyMap<string, string>;
  /** go.mod files of modules that have none: absolute path -> text. */
  readonly added: ReadonlyMap<string, string>;
  flags(folder: string): readonly string[];
  env(folder: string): Readonly<Record<string, string>>;
}

interface Place {
  readonly cwd: string;
  readonly signal?: AbortSignal;
}

/**
 * L1. A module in the module cache is reached by a link outside of it, which a replace names, in a copy of the go.mod
 *     (-modfile) or, in a workspace, of the go.work. L2. What is vendored, or the user's own, is where it is.
 */
export async function linkModules(toolchain: Toolchain, changed: readonly PackageFiles[], place: Place): Promise<Result<ModuleLinks, ToolchainError>> {
  const asked = await goOutput(toolchain, ["env", "-json", "GOMOD", "GOWORK", "GOMODCACHE"], place);
  if (!asked.ok) return asked;
  const { GOMOD = "", GOWORK = "", GOMODCACHE = "" } = JSON.parse(asked.value) as Readonly<Record<string, string>>;
  const cached = changed.filter(({ dir }) => isBelow(dir, GOMODCACHE));
  const modules = new Map(cached.flatMap(({ module }) => (module === undefined ? [] : [[module.dir, module.path] as const])));
  const cache = new ModuleCache(toolchain.cacheDir);
  const links = new Map([...modules.keys()].map((dir) => [dir, cache.moduleLink(`${basename(dir)}-${hashOf(dir)}`, dir)]));
  const replaces = [...modules].map(([dir, path]) => ({ path, to: links.get(dir)! }));
  const inWorkspace = GOWORK !== "" && GOWORK !== "off";
  const beside = replaces.length === 0 ? ok(new Map<string, string>()) : await (inWorkspace ? workFile(toolchain, GOWORK, replaces, place) : modFile(toolchain, GOMOD, replaces, place));
  if (!beside.ok) return beside;
  const bare = [...modules].filter(([dir]) => !existsSync(join(dir, "go.mod")));
  return ok({
    visible(dir) {
      const root = [...links.keys()].find((one) => dir === one || isBelow(dir, one));
      return root === undefined ? dir : join(links.get(root)!, relative(root, dir));
    },
    moved: [...links].map(([source, built]) => ({ built, source })),
    beside: beside.value,
    added: new Map(bare.map(([dir, path]) => [join(links.get(dir)!, "go.mod"), `module ${path}\n\ngo 1.16\n`])), // the language of modules without one
    flags: (folder) => (replaces.length === 0 || inWorkspace ? [] : [`-modfile=${join(folder, "unpark.mod")}`]),
    env: (folder): Readonly<Record<string, string>> => (replaces.length > 0 && inWorkspace ? { GOWORK: join(folder, "unpark.work") } : {}),
  });
}

interface Replace {
  readonly path: string;
  readonly to: string;
}

async function modFile(toolchain: Toolchain, gomod: string, replaces: readonly Replace[], place: Place): Promise<Result<ReadonlyMap<string, string>, ToolchainError>> {
  const own = goflagsValue(toolchain.goflags.goflags, "modfile");
  const file = own === undefined ? gomod : resolve(dirname(gomod), own);
  const edits = replaces.map(({ path, to }) => `-replace=${path}=${to}`);
  const text = await goOutput(toolchain, ["mod", "edit", "-print", ...edits, file], place);
  return text.ok ? ok(new Map([["unpark.mod", text.value], ["unpark.sum", readOr(file.replace(/\.mod$/, ".sum"))]])) : text;
}

interface WorkFile {
  readonly Go?: string;
  readonly Toolchain?: string;
  readonly Use?: readonly { readonly DiskPath: string }[] | null;
  readonly Replace?: readonly { readonly Old: ModuleVersion; readonly New: ModuleVersion }[] | null;
}
interface ModuleVersion {
  readonly Path: string;
  readonly Version?: string;
}

/** Paths in a go.work are relative to its folder. */
async function workFile(toolchain: Toolchain, gowork: string, replaces: readonly Replace[], place: Place): Promise<Result<ReadonlyMap<string, string>, ToolchainError>> {
  const read = await goOutput(toolchain, ["work", "edit", "-json", gowork], place);
  if (!read.ok) return read;
  const { Go, Toolchain: chosen, Use, Replace } = JSON.parse(read.value) as WorkFile;
  const absolute = (path: string): string => resolve(dirname(gowork), path);
  const target = ({ Path, Version }: ModuleVersion): string => (Version === undefined ? JSON.stringify(absolute(Path)) : `${Path} ${Version}`);
  const kept = (Replace ?? []).filter(({ Old }) => !replaces.some(({ path }) => path === Old.Path));
  const lines = [
    `go ${Go ?? "1.24"}`,
    ...(chosen === undefined ? [] : [`toolchain ${chosen}`]),
    ...(Use ?? []).map(({ DiskPath }) => `use ${JSON.stringify(absolute(DiskPath))}`),
    ...kept.map(({ Old, New }) => `replace ${Old.Path}${Old.Version === undefined ? "" : ` ${Old.Version}`} => ${target(New)}`),
    ...replaces.map(({ path, to }) => `replace ${path} => ${JSON.stringify(to)}`),
  ];
  return ok(new Map([["unpark.work", `${lines.join("\n")}\n`], ["unpark.work.sum", readOr(`${gowork}.sum`)]]));
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way);
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);
