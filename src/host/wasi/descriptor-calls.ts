import type { FileContext } from "../files/call-context.js";
import type { Descriptor } from "../files/descriptors.js";
import type { FileNode } from "../files/file-node.js";
import { PERMISSIONS } from "../files/permissions.js";
import { fail, wasiCall } from "./errno.js";
import { ALL_RIGHTS, FDFLAG, FSTFLAG, RIGHT_FD_READ, RIGHT_FD_WRITE } from "./flags.js";
import { position } from "./read-write.js";
import { filetypeOfDescriptor, timesToSet, writeFilestat } from "./stat.js";

/** The one directory that the guest is given: `/`. */
const PREOPEN_FD = 3;
const PREOPEN_NAME = "/";

/** The calls about a descriptor itself: what it is, its flags, its times and size, its end. */
export function descriptorCalls(context: FileContext) {
  const { memory, tree, names, descriptors } = context;
  const nodeOf = ({ target }: Descriptor): FileNode | undefined =>
    target.kind === "node" ? tree.get(target.ino) : undefined;
  const check = (fd: number): void => void descriptors.get(fd);
  const close = (fd: number): void => {
    const { target } = descriptors.get(fd);
    descriptors.set(fd, undefined);
    if (target.kind === "node") names.released(target.ino);
  };
  const resize = (fd: number, size: (current: number) => number): void => {
    const descriptor = descriptors.get(fd);
    const node = nodeOf(descriptor);
    if (node?.kind !== "file" || !descriptor.writable) fail("EINVAL");
    tree.truncate(node.ino, size(node.size));
  };

  return {
    fd_close: wasiCall(close),
    fd_sync: wasiCall(check),
    fd_datasync: wasiCall(check),
    fd_advise: wasiCall(check),
    fd_fdstat_set_rights: wasiCall(check),

    fd_renumber: wasiCall((from: number, to: number) => {
      const descriptor = descriptors.get(from);
      check(to);
      if (from === to) return;
      close(to);
      descriptors.set(to, descriptor);
      descriptors.set(from, undefined);
    }),

    fd_allocate: wasiCall((fd: number, offset: bigint, length: bigint) => {
      const end = position(offset) + position(length);
      resize(fd, (current) => Math.max(current, end));
    }),

    fd_filestat_set_size: wasiCall((fd: number, size: bigint) => resize(fd, () => position(size))),

    fd_filestat_get: wasiCall((fd: number, result: number) => {
      const descriptor = descriptors.get(fd);
      const node = nodeOf(descriptor);
      writeFilestat(memory, result, filetypeOfDescriptor(descriptor, node), node);
    }),

    fd_filestat_set_times: wasiCall((fd: number, atime: bigint, mtime: bigint, flags: number) => {
      const node = nodeOf(descriptors.get(fd)) ?? fail("EINVAL");
      if ((flags & FSTFLAG.MODE) !== 0) return tree.setMode(node.ino, Number(atime) & PERMISSIONS);
      const times = timesToSet(atime, mtime, flags, () => tree.now());
      tree.setTimes(node.ino, times.atime, times.mtime);
    }),

    fd_fdstat_get: wasiCall((fd: number, result: number) => {
      const descriptor = descriptors.get(fd);
      const node = nodeOf(descriptor);
      const rights =
        ALL_RIGHTS & ~(descriptor.readable ? 0n : RIGHT_FD_READ) & ~(descriptor.writable ? 0n : RIGHT_FD_WRITE);
      memory.bytes(result, 24).fill(0);
      memory.setU8(result, filetypeOfDescriptor(descriptor, node));
      memory.setU16(result + 2, descriptor.flags);
      memory.setU64(result + 8, rights);
      memory.setU64(result + 16, ALL_RIGHTS);
    }),

    // Go asks for NONBLOCK for its streams (syscall's init) and for every file that it opens (os.newFile); where that
    // is refused it uses them as blocking ones, without its poller. No file here ever blocks, and on Linux epoll
    // refuses regular files just so.
    fd_fdstat_set_flags: wasiCall((fd: number, flags: number) => {
      const descriptor = descriptors.get(fd);
      if ((flags & FDFLAG.NONBLOCK) !== 0) fail("ENOTSUP");
      if (flags !== descriptor.flags) descriptors.set(fd, { ...descriptor, flags });
    }),

    fd_prestat_get: wasiCall((fd: number, result: number) => {
      check(fd);
      if (fd !== PREOPEN_FD) fail("EBADF");
      memory.setU32(result, 0); // a directory
      memory.setU32(result + 4, PREOPEN_NAME.length);
    }),

    fd_prestat_dir_name: wasiCall((fd: number, path: number, length: number) => {
      check(fd);
      if (fd !== PREOPEN_FD) fail("EBADF");
      if (length >>> 0 < PREOPEN_NAME.length) fail("ENAMETOOLONG");
      memory.bytes(path, PREOPEN_NAME.length).set(new TextEncoder().encode(PREOPEN_NAME));
    }),

    // Go's wasip1 network is in memory (net/net_fake.go); these are for sockets that a host passes in: there are none.
    sock_accept: wasiCall((fd: number) => notSocket(check, fd)),
    sock_recv: wasiCall((fd: number) => notSocket(check, fd)),
    sock_send: wasiCall((fd: number) => notSocket(check, fd)),
    sock_shutdown: wasiCall((fd: number) => notSocket(check, fd)),
  };
}

function notSocket(check: (fd: number) => void, fd: number): never {
  check(fd);
  return fail("ENOTSOCK");
}
