import type { Content, Directory, FileNode, FileOwner, NullDevice, RegularFile, SymbolicLink } from "./file-node.js";

/** A node that its owner may change in place. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Spelled out, since a real directory's entries are a getter, which spreading would miss. */
export function copyOf(node: FileNode, owner: FileOwner): Writable<FileNode> {
  const { ino, mode, links, atime, mtime } = node;
  const common = { ino, owner, mode, links, atime, mtime };
  switch (node.kind) {
    case "directory":
      return { ...common, kind: "directory", parent: node.parent, entries: new Map(node.entries) } satisfies Directory;
    case "file":
      return { ...common, kind: "file", size: node.size, content: node.content } satisfies RegularFile;
    case "symlink":
      return { ...common, kind: "symlink", target: node.target } satisfies SymbolicLink;
    case "null":
      return { ...common, kind: "null" } satisfies NullDevice;
  }
}

export const memoryContent = (owner: FileOwner, bytes: Uint8Array): Content => ({ owner, bytes: () => bytes });
