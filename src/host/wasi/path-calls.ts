import type { FileContext } from "../files/call-context.js";
import { resolve, type Place } from "../files/resolve.js";
import type { FileNode } from "../files/file-node.js";
import { fail, wasiCall } from "./errno.js";
import { MAY, PERMISSIONS, USUAL } from "../files/permissions.js";
import { FDFLAG, FSTFLAG, LOOKUP_SYMLINK_FOLLOW, MODE_SAID, MODE_SHIFT, OFLAG, RIGHT_FD_READ, RIGHT_FD_READDIR, RIGHT_FD_WRITE } from "./flags.js";
import { filetypeOf, timesToSet, writeFilestat } from "./stat.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MAX_PATH = 4096;

/** The calls that take a path, relative to a directory's descriptor. */
export function pathCalls(context: FileContext) {
  const { memory, tree, names, descriptors } = context;

  const text = (pointer: number, length: number): string => {
    if (length >>> 0 > MAX_PATH) fail("ENAMETOOLONG");
    const bytes = memory.bytes(pointer, length);
    if (bytes.includes(0)) fail("EINVAL"); // as Go's own check on Unix (syscall.BytePtrFromString)
    try {
      return decoder.decode(bytes);
    } catch {
      return fail("EILSEQ"); // names here are text; a name of other bytes cannot be made
    }
  };
  const place = (fd: number, pointer: number, length: number, follow: boolean): Place => {
    const { target } = descriptors.get(fd);
    if (target.kind !== "node") fail("ENOTDIR");
    return resolve(tree, tree.get(target.ino, "directory").ino, text(pointer, length), follow);
  };
  const existing = (fd: number, flags: number, pointer: number, length: number): FileNode =>
    place(fd, pointer, length, (flags & LOOKUP_SYMLINK_FOLLOW) !== 0).node ?? fail("ENOENT");

  return {
    path_open: wasiCall(
      (
        fd: number,
        lookup: number,
        pointer: number,
        length: number,
        oflags: number,
        rights: bigint,
        inheriting: bigint,
        fdflags: number,
        result: number,
      ) => {
        const exclusive = (oflags & OFLAG.CREATE) !== 0 && (oflags & OFLAG.EXCL) !== 0;
        const follow = (lookup & LOOKUP_SYMLINK_FOLLOW) !== 0 && !exclusive;
        const at = place(fd, pointer, length, follow);
        const writable = (rights & RIGHT_FD_WRITE) !== 0n;
        const readable = (rights & RIGHT_FD_READ) !== 0n;
        const mode = (inheriting & MODE_SAID) === 0n ? USUAL.file : Number(inheriting >> MODE_SHIFT) & PERMISSIONS;
        const ino = at.node === undefined ? create(at, oflags, mode) : open(at.node, oflags, { readable: readable || (rights & RIGHT_FD_READDIR) !== 0n, writable });
        const opened = descriptors.open({
          target: { kind: "node", ino },
          readable: readable || at.node?.kind === "directory",
          writable,
          flags: fdflags & ~FDFLAG.NONBLOCK,
          offset: 0,
        });
        memory.setU32(result, opened);
      },
    ),

    path_filestat_get: wasiCall((fd: number, flags: number, pointer: number, length: number, result: number) => {
      const node = existing(fd, flags, pointer, length);
      writeFilestat(memory, result, filetypeOf(node), node);
    }),

    path_filestat_set_times: wasiCall(
      (fd: number, flags: number, pointer: number, length: number, atime: bigint, mtime: bigint, which: number) => {
        const node = existing(fd, flags, pointer, length);
        if ((which & FSTFLAG.MODE) !== 0) return tree.setMode(node.ino, Number(atime) & PERMISSIONS);
        const times = timesToSet(atime, mtime, which, () => tree.now());
        tree.setTimes(node.ino, times.atime, times.mtime);
      },
    ),

    path_create_directory: wasiCall((fd: number, pointer: number, length: number) =>
      names.makeDirectory(place(fd, pointer, length, false)),
    ),

    path_remove_directory: wasiCall((fd: number, pointer: number, length: number) =>
      names.removeDirectory(place(fd, pointer, length, false)),
    ),

    path_unlink_file: wasiCall((fd: number, pointer: number, length: number) =>
      names.unlink(place(fd, pointer, length, false)),
    ),

    path_rename: wasiCall(
      (fd: number, pointer: number, length: number, toFd: number, toPointer: number, toLength: number) =>
        names.rename(place(fd, pointer, length, false), place(toFd, toPointer, toLength, false)),
    ),

    path_link: wasiCall(
      (fd: number, flags: number, pointer: number, length: number, toFd: number, toPointer: number, toLength: number) =>
        names.link(
          place(fd, pointer, length, (flags & LOOKUP_SYMLINK_FOLLOW) !== 0),
          place(toFd, toPointer, toLength, false),
        ),
    ),

    path_symlink: wasiCall((target: number, targetLength: number, fd: number, pointer: number, length: number) => {
      const to = text(target, targetLength);
      if (to === "") fail("ENOENT");
      names.symbolicLink(to, place(fd, pointer, length, false));
    }),

    path_readlink: wasiCall(
      (fd: number, pointer: number, length: number, buffer: number, size: number, result: number) => {
        const node = existing(fd, 0, pointer, length);
        if (node.kind !== "symlink") fail("EINVAL");
        const { read, written } = new TextEncoder().encodeInto(node.target, memory.bytes(buffer, size));
        // A cut-off target fills the buffer: that is how os.Readlink sees that it must ask with a larger one.
        memory.setU32(result, read < node.target.length ? size : written);
      },
    ),
  };

  function create(at: Place, oflags: number, mode: number) {
    if ((oflags & OFLAG.CREATE) === 0) fail("ENOENT");
    if ((oflags & OFLAG.DIRECTORY) !== 0) fail("EINVAL");
    return names.createFile(at, mode);
  }

  /** What open(2) says about a node that exists. */
  function open(node: FileNode, oflags: number, { readable, writable }: { readonly readable: boolean; readonly writable: boolean }) {
    if ((oflags & OFLAG.CREATE) !== 0 && (oflags & OFLAG.EXCL) !== 0) fail("EEXIST");
    if (node.kind === "symlink") fail("ELOOP");
    if (node.kind === "directory") {
      if (writable || (oflags & (OFLAG.CREATE | OFLAG.TRUNC)) !== 0) fail("EISDIR");
    } else if ((oflags & OFLAG.DIRECTORY) !== 0) fail("ENOTDIR");
    tree.permit(node, (readable ? MAY.read : 0) | (writable || (oflags & OFLAG.TRUNC) !== 0 ? MAY.write : 0));
    if (node.kind === "file" && (oflags & OFLAG.TRUNC) !== 0) tree.truncate(node.ino, 0);
    return node.ino;
  }
}
