import { copyFileSync, createReadStream, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { pipeline } from "node:stream/promises";

/** See docs/cache.md. What is in it can always be deleted: everything is made again on demand. */
interface CacheLimits {
  /** Above it the least recently used entries go. Default 2 GiB. */
  readonly maxBytes: number;
  /** Entries used within this time are kept whatever their size: another process may be running them. In ms. */
  readonly keepMs: number;
}

const DEFAULT_CACHE_LIMITS: CacheLimits = { maxBytes: 2 * 1024 ** 3, keepMs: 60 * 60 * 1000 };

/**
 * The modules that were built: `modules/<hash of content>.wasm`, and `last/<hash of what was asked>`, which names the
 * content that was built for it last. C1: a file below `modules` is whole: it is built in `tmp` and renamed. C2: a
 * path that was given out stays valid for `keepMs`.
 */
export class ModuleCache {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * A path to build to. It holds a copy of what was built for this request last: `go build` sees by its build id that
   * it is up to date and does not link again.
   */
  scratch(request: string, suffix: string): string {
    const tmp = join(this.dir, "tmp");
    mkdirSync(tmp, { recursive: true });
    const path = join(tmp, `${randomUUID()}${suffix}`);
    this.copyLast(request, path);
    return path;
  }

  /** What was built for this request last, if it is there and whole. */
  copyLast(request: string, to: string): void {
    const last = readOr(join(this.dir, "last", request), "");
    if (/^[0-9a-f]{32}\.?\w*$/.test(last)) this.#copy(join(this.dir, "modules", last), last.slice(0, 32), to);
  }

  /** C3: what was changed, cut or cannot be read is thrown away: its name is the hash of what it was. */
  #copy(from: string, hash: string, to: string): void {
    try {
      if (!existsSync(from)) return;
      copyFileSync(from, to);
      if (contentHash(readFileSync(to)) === hash) return;
    } catch {
      // As good as changed.
    }
    rmSync(from, { recursive: true, force: true });
    rmSync(to, { force: true });
  }

  /** Takes what was built at `scratch` in, under the hash of its content, and gives its lasting path. */
  async keep(request: string, scratch: string, suffix: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(scratch), hash);
    const name = `${hash.digest("hex").slice(0, 32)}${suffix}`;
    for (const folder of ["modules", "last"]) mkdirSync(join(this.dir, folder), { recursive: true });
    const path = join(this.dir, "modules", name);
    if (isFolder(path)) rmSync(path, { recursive: true, force: true }); // somebody's: nothing can be renamed over it
    renameSync(scratch, path);
    const now = new Date();
    utimesSync(path, now, now);
    writeAtomically(join(this.dir, "last", request), name);
    return path;
  }

  /** Whether something was noted before: `once("std-…")` is true the first time. */
  has(mark: string): boolean {
    return existsSync(join(this.dir, "last", mark));
  }

  mark(mark: string): void {
    mkdirSync(join(this.dir, "last"), { recursive: true });
    writeAtomically(join(this.dir, "last", mark), "");
  }

  /** A symlink `goroot/<name>` to `target`: see go-command.ts for why GOROOT must be reached through one. */
  gorootLink(name: string, target: string): string {
    return this.#link("goroot", name, target);
  }

  /** The same for a module in the module cache, to which files are added. */
  moduleLink(name: string, target: string): string {
    return this.#link("module-links", name, target);
  }

  #link(folder: string, name: string, target: string): string {
    const path = join(this.dir, folder, name);
    mkdirSync(join(this.dir, folder), { recursive: true });
    if (linkTarget(path) === target) return path;
    const temporary = `${path}.${randomUUID()}`;
    symlinkSync(target, temporary, "junction");
    renameSync(temporary, path);
    return path;
  }
}

/** As it names a file below `modules`. */
export const contentHash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 32);

/** Deletes leftovers of interrupted builds and, above the limit, the least recently used entries. Gives the bytes freed. */
export function pruneCache(dir: string, now: number, limits: CacheLimits = DEFAULT_CACHE_LIMITS): number {
  const entries = ["tmp", "modules", "overlay", "results", "native", "tools", "borrow"].flatMap((folder) => entriesOf(dir, folder)).sort((a, b) => a.usedAt - b.usedAt);
  let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  let freed = 0;
  for (const entry of entries) {
    const leftover = entry.folder === "tmp" || entry.path.endsWith(".tmp");
    // Far above the limit an hour is too long: what is younger is what fills it.
    const keepMs = total > 2 * limits.maxBytes ? limits.keepMs / 6 : limits.keepMs;
    if (now - entry.usedAt < keepMs || (!leftover && total <= limits.maxBytes)) continue;
    rmSync(entry.path, { recursive: true, force: true });
    total -= entry.bytes;
    freed += entry.bytes;
  }
  for (const { path } of staleNotes(dir, now)) rmSync(path, { force: true });
  return freed;
}

/** Of `last/`: what names a module that is gone, and marks that nobody has looked at for a month. */
function staleNotes(dir: string, now: number): readonly Entry[] {
  return entriesOf(dir, "last").filter(({ path, bytes, usedAt }) => {
    const module = bytes > 0 ? readOr(path, "") : "";
    return module === "" ? now - usedAt > MONTH : !existsSync(join(dir, "modules", module));
  });
}
const MONTH = 30 * 24 * 60 * 60 * 1000;

/** `pruneCache`, at most every ten minutes: a few thousand files are looked at in milliseconds. */
export function tidyCache(dir: string, now: number): void {
  const stamp = join(dir, "pruned");
  try {
    if (existsSync(stamp) && Math.abs(now - statSync(stamp).mtimeMs) < 10 * 60 * 1000) return;
    mkdirSync(dir, { recursive: true });
    writeFileSync(stamp, "");
    utimesSync(stamp, now / 1000, now / 1000);
    pruneCache(dir, now);
  } catch {
    // A cache that cannot be tidied (read-only, or another process is at it) is no reason to stop.
  }
}

interface Entry {
  readonly folder: string;
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

function entriesOf(dir: string, folder: string): readonly Entry[] {
  if (!existsSync(join(dir, folder))) return [];
  return readdirSync(join(dir, folder)).map((name) => {
    const path = join(dir, folder, name);
    return { folder, path, bytes: bytesOf(path), usedAt: lstatSync(path).mtimeMs };
  });
}

function bytesOf(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function writeAtomically(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
