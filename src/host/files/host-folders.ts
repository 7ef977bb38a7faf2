import { createHash } from "node:crypto";
import { closeSync, constants, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { failLike } from "../wasi/errno.js";
import { NOBODY, type Content, type Directory, type Ino, type FileNode } from "./file-node.js";
import { USUAL } from "./permissions.js";
import { ReadInputs } from "./read-inputs.js";

/** A real folder that the guest sees: `from` on the host, `at` in the guest (absolute, `/`-separated). */
export interface Mount {
  readonly at: string;
  readonly from: string;
  /** Milliseconds since 1970: what was made later is not there. The tests' native run, beside this one, leaves files in the same folder for a while. */
  readonly asOf?: number | undefined;
}

interface KnownFolder {
  readonly path: string;
  readonly key: string;
  readonly parent: Ino;
  readonly asOf: number | undefined;
}

const FIRST_HOST_INO = 2 ** 52;

/**
 * The real files below the mounts as nodes: read when first asked for, kept for good, since thousands of runs read
 * the same ones. They are taken not to change meanwhile.
 *
 * H1. Nothing outside a mount is ever read: a path is only ever built from a mount and names that reading a real
 *     directory gave, and links are never followed here (the guest follows their text in its own tree).
 * H2. A node's number depends on which mount it is in and on its path there, not on the machine's own number.
 */
export class HostFolders {
  readonly #mounts: { readonly at: string; readonly roots: readonly string[] }[] = [];
  readonly #known = new Map<Ino, KnownFolder>();
  readonly #nodes = new Map<Ino, FileNode>();
  readonly #inputs = new ReadInputs();

  /** What the program has seen of the real files so far. */
  get inputs(): ReadInputs {
    return this.#inputs;
  }

  /** The folder's own node. Throws where `from` is no readable folder: the caller's mistake, not the guest's. */
  mount({ at, from, asOf }: Mount, parent: Ino): Ino {
    let real: string;
    try {
      real = realpathSync(from);
      if (!lstatSync(real).isDirectory()) throw new Error("it is not a folder");
    } catch (error) {
      throw new Error(`cannot show ${from} to the program as ${at}: ${(error as Error).message}`);
    }
    this.#mounts.push({ at, roots: [real, from] });
    return this.#know({ path: real, key: `${this.#mounts.length}:`, parent, asOf });
  }

  node(ino: Ino): FileNode | undefined {
    const known = this.#known.get(ino);
    if (!known) return undefined;
    this.#inputs.note(known.path, "stat");
    const cached = this.#nodes.get(ino);
    if (cached) return cached;
    const node = this.#read(ino, known);
    this.#nodes.set(ino, node);
    return node;
  }

  #know(known: KnownFolder): Ino {
    const digest = createHash("sha256").update(known.key).digest();
    let ino = (FIRST_HOST_INO + digest.readUIntBE(0, 6)) as Ino;
    while (this.#known.has(ino) && this.#known.get(ino)!.key !== known.key) ino = (ino + 1) as Ino;
    this.#known.set(ino, known);
    return ino;
  }

  #read(ino: Ino, known: KnownFolder): FileNode {
    try {
      const stat = lstatSync(known.path, { bigint: true });
      // Of the machine's own permissions only that which git keeps: a run must not depend on a umask, or on who has the module cache.
      const mode = stat.isSymbolicLink() ? USUAL.symlink : (stat.mode & 0o111n) === 0n ? USUAL.file : USUAL.executable;
      const common = { ino, owner: NOBODY, mode, links: 1, atime: stat.mtimeNs, mtime: stat.mtimeNs };
      if (stat.isDirectory()) {
        return new HostDirectory(ino, known.parent, stat.mtimeNs, () => this.#list(ino, known), () => this.#inputs.note(known.path, "names"));
      }
      if (stat.isSymbolicLink()) return { ...common, kind: "symlink", target: this.#guestTarget(readlinkSync(known.path)) };
      return { ...common, kind: "file", size: Number(stat.size), content: new HostContent(known.path, Number(stat.size), this.#inputs) };
    } catch (error) {
      return failLike(error);
    }
  }

  /** In byte order, so that listings do not depend on the disk; without what is neither file, folder nor link. */
  #list(parent: Ino, { path, key, asOf }: KnownFolder): ReadonlyMap<string, Ino> {
    try {
      const isSettled = asOf === undefined || lstatSync(path).mtimeMs <= asOf; // no name has come since
      const names = readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
        .map((entry) => entry.name)
        .filter((name) => isSettled || !isMadeAfter(asOf, join(path, name)))
        .sort();
      return new Map(
        names.map((name) => [name, this.#know({ path: join(path, name), key: `${key}/${name}`, parent, asOf })]),
      );
    } catch (error) {
      return failLike(error);
    }
  }

  /** An absolute link that stays within a mount is shown with the guest's path; any other leads where it leads there. */
  #guestTarget(target: string): string {
    for (const { at, roots } of this.#mounts) {
      for (const root of roots) {
        if (target === root) return at;
        if (target.startsWith(`${root}/`)) return at + target.slice(root.length);
      }
    }
    return target;
  }
}

/** What is gone already was made and removed. Where a file system keeps no time of birth, Node gives that of the last change. */
function isMadeAfter(asOf: number, path: string): boolean {
  const { birthtimeMs } = lstatSync(path, { throwIfNoEntry: false }) ?? { birthtimeMs: Infinity };
  return birthtimeMs > asOf;
}

/** Its listing is read when first needed: most directories are only walked through. */
class HostDirectory implements Directory {
  readonly kind = "directory";
  readonly owner = NOBODY;
  readonly mode = USUAL.directory;
  readonly links = 1;
  readonly ino: Ino;
  readonly parent: Ino;
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly #list: () => ReadonlyMap<string, Ino>;
  readonly #note: () => void;
  #entries: ReadonlyMap<string, Ino> | undefined;

  constructor(ino: Ino, parent: Ino, mtime: bigint, list: () => ReadonlyMap<string, Ino>, note: () => void) {
    this.#note = note;
    this.ino = ino;
    this.parent = parent;
    this.atime = mtime;
    this.mtime = mtime;
    this.#list = list;
  }

  get entries(): ReadonlyMap<string, Ino> {
    this.#note();
    return (this.#entries ??= this.#list());
  }
}

/** A real file's bytes. O_NOFOLLOW: a file that became a link since it was looked at is not read (H1). */
class HostContent implements Content {
  readonly owner = NOBODY;
  readonly #path: string;
  readonly #size: number;
  readonly #inputs: ReadInputs;
  #bytes: Uint8Array | undefined;

  constructor(path: string, size: number, inputs: ReadInputs) {
    this.#inputs = inputs;
    this.#path = path;
    this.#size = size;
  }

  bytes(): Uint8Array {
    this.#inputs.note(this.#path, "content");
    return (this.#bytes ??= this.#read());
  }

  #read(): Uint8Array {
    try {
      const fd = openSync(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const bytes = readFileSync(fd);
        // It shrank since its size was read: the guest gets the size that it was given, or its own arithmetic would break.
        return bytes.length < this.#size ? Buffer.concat([bytes, Buffer.alloc(this.#size - bytes.length)]) : bytes;
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      return failLike(error);
    }
  }
}
