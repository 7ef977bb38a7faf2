import type { Brand } from "../../base/brand.js";

/** A file's identity within one guest: its inode number. Below 2^52 for what was made in memory, above for real files. */
export type Ino = Brand<number, "Ino">;

/** Whoever may change a node in place: the one with the same number (`Tree`, T2). Nodes of real files have none. */
export type FileOwner = Brand<number, "Owner">;
export const NOBODY = 0 as FileOwner;

interface Common {
  readonly ino: Ino;
  readonly owner: FileOwner;
  /** Permission bits (permissions.ts). */
  readonly mode: number;
  /** Names that it has; 0 once it was removed and lives on in open descriptors alone. */
  readonly links: number;
  /** Nanoseconds since 1970. Reading does not move `atime` (as with `noatime`): reading is no change. */
  readonly atime: bigint;
  readonly mtime: bigint;
}

export interface Directory extends Common {
  readonly kind: "directory";
  /** The root's is the root. */
  readonly parent: Ino;
  /** All of them, real and made; in the order in which the guest lists them. */
  readonly entries: ReadonlyMap<string, Ino>;
}

export interface RegularFile extends Common {
  readonly kind: "file";
  readonly size: number;
  readonly content: Content;
}

export interface SymbolicLink extends Common {
  readonly kind: "symlink";
  readonly target: string;
}

/** `/dev/null`: reads as empty, takes everything. */
export interface NullDevice extends Common {
  readonly kind: "null";
}

export type FileNode = Directory | RegularFile | SymbolicLink | NullDevice;

/** Where a file's bytes are: at least `size` of them. */
export interface Content {
  readonly owner: FileOwner;
  bytes(): Uint8Array;
}

export const EMPTY: Content = { owner: NOBODY, bytes: () => new Uint8Array(0) };
