import { fail } from "../wasi/errno.js";
import { MAY, USUAL } from "./permissions.js";
import { EMPTY, type Directory, type Ino, type FileNode } from "./file-node.js";
import type { Place } from "./resolve.js";
import { ROOT, type Tree } from "./tree.js";

/**
 * What is done to names: each as Linux does it (the man page of section 2 of the call), for that is what programs and
 * Go's os package were written against. `isOpen`: whether a descriptor still holds a node.
 */
export class FileNames {
  readonly #tree: Tree;
  readonly #isOpen: (ino: Ino) => boolean;

  constructor(tree: Tree, isOpen: (ino: Ino) => boolean) {
    this.#tree = tree;
    this.#isOpen = isOpen;
  }

  createFile(place: Place, mode: number): Ino {
    if (place.slash) fail("EISDIR");
    const { made, times } = this.#beginning(place);
    return made(this.#tree.add({ kind: "file", size: 0, content: EMPTY, mode, links: 1, ...times }));
  }

  makeDirectory(place: Place): void {
    if (place.node !== undefined) fail("EEXIST");
    const { made, times } = this.#beginning(place);
    made(this.#tree.add({ kind: "directory", parent: place.parent, entries: new Map(), mode: USUAL.directory, links: 1, ...times }));
  }

  symbolicLink(target: string, place: Place): void {
    if (place.node !== undefined) fail("EEXIST");
    if (place.slash) fail("ENOENT");
    const { made, times } = this.#beginning(place);
    made(this.#tree.add({ kind: "symlink", target, mode: USUAL.symlink, links: 1, ...times }));
  }

  link(from: Place, to: Place): void {
    const node = from.node ?? fail("ENOENT");
    if (to.node !== undefined) fail("EEXIST");
    if (node.kind === "directory") fail("EPERM");
    if (to.slash) fail("ENOENT");
    this.#changes(to.parent);
    this.#tree.put(to.parent, to.name, node.ino);
    this.#tree.setLinks(node.ino, node.links + 1);
  }

  removeDirectory(place: Place): void {
    const node = place.node ?? fail("ENOENT");
    if (node.kind !== "directory") fail("ENOTDIR");
    if (node.ino === ROOT) fail("EBUSY");
    if (place.name === "") fail("EINVAL");
    this.#changes(place.parent);
    if (node.entries.size > 0) fail("ENOTEMPTY");
    this.#tree.take(place.parent, place.name);
    this.#forget(node);
  }

  unlink(place: Place): void {
    const node = place.node ?? fail("ENOENT");
    if (node.kind === "directory") fail("EISDIR");
    this.#changes(place.parent);
    this.#tree.take(place.parent, place.name);
    this.#forget(node);
  }

  rename(from: Place, to: Place): void {
    const node = from.node ?? fail("ENOENT");
    if (from.name === "" || (to.node !== undefined && to.name === "")) fail("EBUSY");
    if (to.node?.ino === node.ino) return;
    this.#changes(from.parent);
    this.#changes(to.parent);
    if (node.kind === "directory") this.#checkDirectoryMove(node, to);
    else if (to.node?.kind === "directory") fail("EISDIR");
    else if (to.slash) fail("ENOTDIR");
    this.#tree.put(to.parent, to.name, node.ino);
    this.#tree.take(from.parent, from.name);
    if (node.kind === "directory") this.#tree.setParent(node.ino, to.parent);
    if (to.node !== undefined) this.#forget(to.node);
  }

  /** A descriptor of the node was closed: its last hold may have gone. */
  released(ino: Ino): void {
    if (this.#tree.get(ino).links === 0 && !this.#isOpen(ino)) this.#tree.drop(ino);
  }

  /** A directory's names change: it may be written to. */
  #changes(parent: Ino): void {
    this.#tree.permit(this.#tree.get(parent), MAY.write);
  }

  #checkDirectoryMove(node: Directory, to: Place): void {
    for (let above = to.parent; above !== ROOT; above = this.#tree.get(above, "directory").parent) {
      if (above === node.ino) fail("EINVAL"); // into itself
    }
    if (to.node === undefined) return;
    if (to.node.kind !== "directory") fail("ENOTDIR");
    if (to.node.entries.size > 0) fail("ENOTEMPTY");
  }

  #beginning(place: Place) {
    if (this.#tree.get(place.parent, "directory").links === 0) fail("ENOENT");
    this.#changes(place.parent);
    const now = this.#tree.now();
    const made = (ino: Ino): Ino => {
      this.#tree.put(place.parent, place.name, ino);
      return ino;
    };
    return { made, times: { atime: now, mtime: now } };
  }

  /** A node lost a name: the number of names that are left is kept, as long as anything could ask for it. */
  #forget(node: FileNode): void {
    const links = node.kind === "directory" ? 0 : node.links - 1;
    if (links === 0 && !this.#isOpen(node.ino)) this.#tree.drop(node.ino);
    else this.#tree.setLinks(node.ino, links);
  }
}
