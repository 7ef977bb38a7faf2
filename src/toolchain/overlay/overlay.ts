import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Result } from "../../base/result.js";
import { err, ok } from "../../base/result.js";
import type { ToolchainError } from "../go/toolchain-error.js";
import type { Patch, PatchSet } from "./patch.js";
import { applyPatch, patchError } from "./patch.js";
import type { GoVersion } from "../go/go-version.js";
import { versionApplies } from "../go/go-version.js";

/** A folder of changed standard-library files, and the file that `go build -overlay` takes. */
export interface Overlay {
  /** Path of overlay.json. */
  readonly path: string;
  /** Names its whole content: the same hash, the same files. */
  readonly hash: string;
  /** Relative to GOROOT/src, sorted. */
  readonly files: readonly string[];
}

/** What of a toolchain an overlay depends on. */
interface OverlayTarget {
  /** As the `go` command will see it: overlay keys go through this path, a symlink included. */
  readonly goroot: string;
  readonly version: GoVersion;
}

interface OverlayOptions {
  /** Overlays are kept in a folder each below this one. */
  readonly cacheDir: string;
  /** Where `AddedFile.source` is looked up; the package's `go/` folder by default. */
  readonly sources?: string;
  /** The user's own overlay (Go takes one alone): absolute path -> replacement, "" for a deleted file. */
  readonly userReplace?: Readonly<Record<string, string>>;
}

/** The `go/` folder of this package, seen from dist/src/toolchain. */
export function goSourcesFolder(): string {
  return fileURLToPath(new URL("../../../../go", import.meta.url));
}

/** Patches the files in memory: file (relative to GOROOT/src) -> text. Pure but for reading GOROOT and `go/`. */
export function patchFiles(
  target: OverlayTarget,
  sets: readonly PatchSet[],
  sources = goSourcesFolder(),
): Result<ReadonlyMap<string, string>, ToolchainError> {
  const { goroot, version } = target;
  const texts = new Map<string, string>();
  for (const patch of sets.flatMap((set) => set.patches)) {
    if (!versionApplies(version, patch)) continue;
    const before = texts.get(patch.file) ?? readText(join(goroot, "src", patch.file));
    if (before === undefined) return err(patchError(patch, version, "there is no such file"));
    const after = applyPatch(before, patch, version);
    if (!after.ok) return after;
    texts.set(patch.file, after.value);
  }
  for (const added of sets.flatMap((set) => set.files)) {
    if (!versionApplies(version, added)) continue;
    const why: Pick<Patch, "file" | "function" | "why"> = { file: added.file, why: `the added file ${added.source}` };
    if (texts.has(added.file)) return err(patchError(why, version, "another patch changes or adds this file"));
    const exists = existsSync(join(goroot, "src", added.file));
    if (exists && added.overwrite === undefined) return err(patchError(why, version, "the file exists already"));
    const text = readText(join(sources, added.source));
    if (text === undefined) return err(missing(join(sources, added.source)));
    texts.set(added.file, text);
  }
  return ok(texts);
}

/**
 * Patches, and writes the overlay into a folder named by the hash of its content and of GOROOT's path, or finds it
 * there. O1: a folder of that name is always whole (it is written elsewhere and renamed). O2: the same input gives the
 * same path, so that Go's build cache is hit.
 */
export function makeOverlay(target: OverlayTarget, sets: readonly PatchSet[], options: OverlayOptions): Result<Overlay, ToolchainError> {
  const patched = patchFiles(target, sets, options.sources);
  if (!patched.ok) return patched;
  const files = [...patched.value.keys()].sort();
  const hash = hashOf(target.goroot, patched.value, files, options.userReplace);
  const folder = join(options.cacheDir, "overlay", hash);
  const overlay: Overlay = { path: join(folder, "overlay.json"), hash, files };
  try {
    const whole = contentOf(folder, target.goroot, patched.value, options.userReplace);
    if (isThere(folder, whole)) utimesSync(folder, new Date(), new Date()); // used: pruned last
    else writeOverlay(folder, whole);
  } catch (cause) {
    return err({ kind: "io", path: folder, message: `cannot write the overlay to ${folder}: ${(cause as Error).message}` });
  }
  return ok(overlay);
}

/** An overlay with more in it: texts that stand for files at absolute paths, and files that lie in its folder besides. */
export function extendOverlay(base: Overlay, replaced: ReadonlyMap<string, string>, beside: ReadonlyMap<string, string>): Result<Overlay & { readonly folder: string }, ToolchainError> {
  const hash = createHash("sha256").update(JSON.stringify([base.hash, ...replaced, ...beside])).digest("hex").slice(0, 24);
  const folder = join(dirname(dirname(base.path)), hash);
  try {
    const { Replace } = JSON.parse(readFileSync(base.path, "utf8")) as { readonly Replace: Readonly<Record<string, string>> };
    const texts = [...replaced].map(([path, text], i) => ({ path, text, name: join("borrowed", String(i), basename(path)) }));
    const replace = { ...Replace, ...Object.fromEntries(texts.map(({ path, name }) => [path, join(folder, name)])) };
    const whole = new Map([...beside, ...texts.map(({ name, text }) => [name, text] as const), ["overlay.json", JSON.stringify({ Replace: replace }, undefined, 1)] as const]);
    if (isThere(folder, whole)) utimesSync(folder, new Date(), new Date());
    else writeOverlay(folder, whole);
    utimesSync(dirname(base.path), new Date(), new Date()); // its files are used from here
  } catch (cause) {
    return err({ kind: "io", path: folder, message: `cannot write the overlay to ${folder}: ${(cause as Error).message}` });
  }
  return ok({ ...base, path: join(folder, "overlay.json"), folder });
}

/** All files of an overlay's folder, by their path in it. */
function contentOf(folder: string, goroot: string, texts: ReadonlyMap<string, string>, user: OverlayOptions["userReplace"]): ReadonlyMap<string, string> {
  const replace: Record<string, string> = { ...user };
  for (const file of texts.keys()) replace[join(goroot, "src", file)] = join(folder, "src", file);
  return new Map([...[...texts].map(([file, text]) => [join("src", file), text] as const), ["overlay.json", JSON.stringify({ Replace: replace }, undefined, 1)]]);
}

/** O3: each file as it must be: a disk that was full, or somebody's hand, may have changed one. */
const isThere = (folder: string, whole: ReadonlyMap<string, string>): boolean => [...whole].every(([file, text]) => readText(join(folder, file)) === text);

function writeOverlay(folder: string, whole: ReadonlyMap<string, string>): void {
  const temporary = `${folder}.${process.pid}.tmp`;
  const damaged = `${folder}.${process.pid}.damaged.tmp`;
  for (const path of [temporary, damaged]) rmSync(path, { recursive: true, force: true });
  for (const [file, text] of whole) {
    mkdirSync(dirname(join(temporary, file)), { recursive: true });
    writeFileSync(join(temporary, file), text);
  }
  try {
    if (existsSync(folder) && !isThere(folder, whole)) renameSync(folder, damaged); // nothing can be renamed over a folder that holds something
    renameSync(temporary, folder);
  } catch (cause) {
    if (!isThere(folder, whole)) throw cause; // else another process wrote the same content
  } finally {
    for (const path of [temporary, damaged]) rmSync(path, { recursive: true, force: true });
  }
}

function hashOf(goroot: string, texts: ReadonlyMap<string, string>, files: readonly string[], user: OverlayOptions["userReplace"]): string {
  const hash = createHash("sha256").update(JSON.stringify([1, goroot, user ?? {}]));
  for (const file of files) hash.update(`\0${file}\0${texts.get(file) ?? ""}`);
  return hash.digest("hex").slice(0, 24);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function missing(path: string): ToolchainError {
  return { kind: "io", path, message: `${path} is missing; reinstall unpark` };
}
