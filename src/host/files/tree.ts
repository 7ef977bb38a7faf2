import { fail } from "../wasi/errno.js";
import type { FileAccess } from "./access.js";
import { HostFolders, type Mount } from "./host-folders.js";
import type { ReadInputs } from "./read-inputs.js";
import { permit, USUAL } from "./permissions.js";
import { EMPTY, type Directory, type Ino, type FileNode, type FileOwner, type RegularFile } from "./file-node.js";
import { copyOf, memoryContent, type Writable } from "./node-copy.js";

/** What a guest's tree was at one moment. Never changes; holds only what differs from the real files. */
export interface TreeState {
  readonly made: ReadonlyMap<Ino, FileNode>;
  readonly nextIno: number;
  readonly used: number;
}

type Distribute<T> = T extends FileNode ? Omit<T, "ino" | "owner"> : never;

/** Bytes that all files made or changed in memory may have together: a program that writes without end gets ENOSPC. */
const MAX_BYTES = 2 ** 29;

export const ROOT = 1 as Ino;

/**
 * The guest's inodes: the real files below, what the guest made or changed above.
 *
 * T1. The real files are never changed: changing a node first puts a copy under the same number in `made`, which is
 *     looked at first. A directory's copy has all its entries, so a removed name needs no marker.
 * T2. A node, a map or a content is changed in place only by its owner. `save` and `restore` make a new owner, so
 *     what a state holds is copied before the next change. A number of an owner is never used again.
 * T3. Numbers of new nodes follow from the sequence of calls alone; `restore` takes them back.
 *
 * `save` and `restore` cost nothing by size. The first change after one copies the map of `made` (not the nodes) and
 * the changed node, with its bytes where these are written to.
 */
export class Tree {
  readonly #below = new HostFolders();
  readonly #now: () => bigint;
  readonly #access: FileAccess | undefined;
  readonly #refused: (() => void) | undefined;
  /** `made`, where it may be changed: after `#own`. */
  #mine = new Map<Ino, FileNode>();
  #made: ReadonlyMap<Ino, FileNode> = this.#mine;
  #nextIno: number = ROOT;
  #used = 0;
  #owner = 1 as FileOwner;
  #saved: TreeState | undefined;

  /** What was seen of the real files so far. */
  get inputs(): ReadInputs {
    return this.#below.inputs;
  }

  /** `folders`: guest paths that exist whatever the mounts show. */
  constructor(mounts: readonly Mount[], folders: readonly string[], now: () => bigint, access?: FileAccess, refused?: () => void) {
    let time: () => bigint = () => 0n; // the clock may not be there yet
    this.#now = () => time();
    this.#access = access;
    this.#refused = refused;
    this.add({ kind: "directory", parent: ROOT, mode: USUAL.directory, links: 1, atime: 0n, mtime: 0n, entries: new Map() });
    // Outer mounts first, or they would hide the inner ones.
    for (const mount of [...mounts].sort((a, b) => a.at.length - b.at.length)) this.#mount(mount);
    for (const folder of folders) this.#folder(split(folder));
    const dev = this.#folder(["dev"]);
    if (!this.get(dev, "directory").entries.has("null")) {
      this.put(dev, "null", this.add({ kind: "null", mode: USUAL.device, links: 1, atime: 0n, mtime: 0n }));
    }
    time = now;
  }

  now(): bigint {
    return this.#now();
  }

  get(ino: Ino): FileNode;
  get(ino: Ino, kind: "directory"): Directory;
  get(ino: Ino, kind?: "directory"): FileNode {
    this.#access?.(ino, false);
    const node = this.#made.get(ino) ?? this.#below.node(ino) ?? fail("ENOENT");
    if (kind === "directory" && node.kind !== "directory") fail("ENOTDIR");
    return node;
  }

  add(node: Distribute<FileNode>): Ino {
    this.#own();
    const ino = this.#nextIno++ as Ino;
    this.#access?.(ino, true);
    this.#mine.set(ino, { ...node, ino, owner: this.#owner });
    return ino;
  }

  /** EACCES where its permissions do not let the program do that. */
  permit(node: FileNode, may: number): void {
    permit(node, may, this.#refused);
  }

  /** Gives a directory a name for a node, in place of what had it. */
  put(parent: Ino, name: string, ino: Ino): void {
    const directory = this.#change(parent, "directory");
    if (directory.links === 0) fail("ENOENT");
    (directory.entries as Map<string, Ino>).set(name, ino);
    directory.mtime = this.#now();
  }

  /** Takes a name away. The node stays until `drop`. */
  take(parent: Ino, name: string): void {
    const directory = this.#change(parent, "directory");
    (directory.entries as Map<string, Ino>).delete(name);
    directory.mtime = this.#now();
  }

  setParent(ino: Ino, parent: Ino): void {
    if (this.get(ino, "directory").parent !== parent) this.#change(ino, "directory").parent = parent;
  }

  setLinks(ino: Ino, links: number): void {
    this.#change(ino).links = links;
  }

  setMode(ino: Ino, mode: number): void {
    this.#change(ino).mode = mode;
  }

  setTimes(ino: Ino, atime: bigint | undefined, mtime: bigint | undefined): void {
    const node = this.#change(ino);
    if (atime !== undefined) node.atime = atime;
    if (mtime !== undefined) node.mtime = mtime;
  }

  /** Forgets a node that has neither a name nor a descriptor left. */
  drop(ino: Ino): void {
    this.#own();
    const node = this.#made.get(ino);
    if (node?.kind === "file") this.#used -= node.size;
    this.#mine.delete(ino);
  }

  write(ino: Ino, offset: number, data: Uint8Array): void {
    const file = this.#change(ino, "file");
    const end = offset + data.length;
    const bytes = this.#room(file, Math.max(end, file.size));
    bytes.set(data, offset);
    if (end > file.size) this.#resize(file, end);
    file.mtime = this.#now();
  }

  truncate(ino: Ino, size: number): void {
    const file = this.#change(ino, "file");
    if (size === 0) file.content = EMPTY;
    else if (size < file.size) this.#room(file, size).fill(0, size, file.size);
    else this.#room(file, size); // is zero there already: to touch 400 MB costs a tenth of a second each time
    this.#resize(file, size);
    file.mtime = this.#now();
  }

  save(): TreeState {
    this.#saved ??= { made: this.#made, nextIno: this.#nextIno, used: this.#used };
    return this.#saved;
  }

  restore(state: TreeState): void {
    if (this.#saved === state) return;
    this.#saved = state;
    this.#made = state.made; // changed only after `#own` has copied it
    this.#nextIno = state.nextIno;
    this.#used = state.used;
  }

  /** Before any change: leaves a saved state as it is (T2). */
  #own(): void {
    if (this.#saved === undefined) return;
    this.#made = this.#mine = new Map(this.#made);
    this.#owner = (this.#owner + 1) as FileOwner;
    this.#saved = undefined;
  }

  #change(ino: Ino, kind: "directory"): Writable<Directory>;
  #change(ino: Ino, kind: "file"): Writable<RegularFile>;
  #change(ino: Ino): Writable<FileNode>;
  #change(ino: Ino, kind?: "directory" | "file"): Writable<FileNode> {
    this.#own();
    this.#access?.(ino, true);
    const node = this.get(ino);
    if (kind !== undefined && node.kind !== kind) fail(kind === "directory" ? "ENOTDIR" : "EISDIR");
    if (node.owner === this.#owner) return node;
    const copy = copyOf(node, this.#owner);
    if (node.kind === "file" && !this.#made.has(ino)) this.#used += node.size;
    this.#mine.set(ino, copy);
    return copy;
  }

  /** A file's bytes, its owner's own, with room for `size` of them; what lies beyond the file's size is zero. */
  #room(file: Writable<RegularFile>, size: number): Uint8Array {
    if (this.#used - file.size + size > MAX_BYTES) fail("ENOSPC");
    const old = file.content.bytes();
    if (file.content.owner === this.#owner && old.length >= size) return old;
    const bytes = new Uint8Array(size > old.length ? Math.max(size, Math.min(2 * file.size, MAX_BYTES)) : old.length);
    bytes.set(old.subarray(0, file.size));
    file.content = memoryContent(this.#owner, bytes);
    return bytes;
  }

  #resize(file: Writable<RegularFile>, size: number): void {
    this.#used += size - file.size;
    file.size = size;
  }

  #mount(mount: Mount): void {
    const names = split(mount.at);
    const last = names.pop();
    if (last === undefined) throw new Error(`cannot show ${mount.from} to the program as /: give it a folder's name`);
    const parent = this.#folder(names);
    this.put(parent, last, this.#below.mount(mount, parent));
  }

  /** The directory at a path, made where it does not exist. */
  #folder(names: readonly string[]): Ino {
    let ino = ROOT;
    for (const name of names) {
      let next = this.get(ino, "directory").entries.get(name);
      if (next === undefined) {
        next = this.add({ kind: "directory", parent: ino, mode: USUAL.directory, links: 1, atime: 0n, mtime: 0n, entries: new Map() });
        this.put(ino, name, next);
      }
      ino = next;
    }
    return ino;
  }
}

const split = (path: string): string[] => path.split("/").filter((name) => name !== "");
