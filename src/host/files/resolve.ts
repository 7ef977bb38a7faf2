import { fail } from "../wasi/errno.js";
import type { Directory, Ino, FileNode } from "./file-node.js";
import { MAY } from "./permissions.js";
import { ROOT, type Tree } from "./tree.js";

/** Where a path leads: the directory that has (or would have) its last name, and the node, if there is one. */
export interface Place {
  readonly parent: Ino;
  /** Empty where the path ends in `.`, `..` or is the root: there is no name that could be given or taken. */
  readonly name: string;
  readonly node: FileNode | undefined;
  /** The path ended in `/`: only a directory will do. */
  readonly slash: boolean;
}

/** As on Linux (path_resolution(7)). */
const MAX_LINKS = 40;
const MAX_NAME = 255;

/**
 * Walks a path from a directory. Links on the way are always followed, the last one with `follow` or a `/` behind it.
 * A link's absolute target starts at the guest's root, `..` of the root is the root: nothing leads out of the tree.
 * Fails with ENOENT (a name on the way does not exist), ENOTDIR, EACCES, ELOOP, ENAMETOOLONG.
 */
export function resolve(tree: Tree, start: Ino, path: string, follow: boolean): Place {
  const names = split(path);
  let slash = path.endsWith("/");
  let at = beginOf(path, start);
  let links = 0;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    const directory = tree.get(at, "directory");
    tree.permit(directory, MAY.search);
    const last = names.length === 0;
    if (name === ".") continue;
    if (name === "..") {
      at = directory.parent;
      continue;
    }
    const node = lookUp(tree, directory, name);
    if (node?.kind === "symlink" && (!last || follow || slash)) {
      if (++links > MAX_LINKS) fail("ELOOP");
      at = beginOf(node.target, at);
      if (last && node.target.endsWith("/")) slash = true;
      names.push(...split(node.target));
      continue;
    }
    if (last) {
      if (slash && node !== undefined && node.kind !== "directory") fail("ENOTDIR");
      return { parent: at, name, node, slash };
    }
    at = (node ?? fail("ENOENT")).ino;
  }
  const node = tree.get(at, "directory");
  return { parent: node.parent, name: "", node, slash };
}

/** Where a path begins that stands in this directory. */
function beginOf(path: string, directory: Ino): Ino {
  if (path === "") fail("ENOENT");
  return path.startsWith("/") ? ROOT : directory;
}

/** The names of a path, last first, so that the next is popped. */
const split = (path: string): string[] =>
  path
    .split("/")
    .filter((name) => name !== "")
    .reverse();

function lookUp(tree: Tree, directory: Directory, name: string): FileNode | undefined {
  if (name.length > MAX_NAME) fail("ENAMETOOLONG");
  const ino = directory.entries.get(name);
  return ino === undefined ? undefined : tree.get(ino);
}
