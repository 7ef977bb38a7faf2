import type { Descriptor } from "../files/descriptors.js";
import type { FileNode } from "../files/file-node.js";
import type { GuestMemory } from "../guest/guest-memory.js";
import { fail } from "./errno.js";
import { FILETYPE, FSTFLAG } from "./flags.js";

const FILETYPES = {
  directory: FILETYPE.DIRECTORY,
  file: FILETYPE.REGULAR_FILE,
  symlink: FILETYPE.SYMBOLIC_LINK,
  null: FILETYPE.CHARACTER_DEVICE,
} as const;

export const filetypeOf = (node: FileNode): number => FILETYPES[node.kind];

/** As ext4 gives it for a small directory; the same on every machine. */
const DIRECTORY_SIZE = 4096;

/**
 * What a descriptor is. Where a program prints to is no terminal, as it is none under `go test`: programs look (a character device?) before
 * they colour what they print. There it is a pipe, for which WASI has no word: like a socket it is neither a device nor a regular file.
 * Standard input is /dev/null in both worlds, a character device.
 */
export const filetypeOfDescriptor = ({ target }: Descriptor, node: FileNode | undefined): number =>
  node !== undefined ? filetypeOf(node) : target.kind === "output" ? FILETYPE.SOCKET_STREAM : FILETYPE.CHARACTER_DEVICE;

/** WASI's `filestat` record (64 bytes). Undefined for the standard streams. */
export function writeFilestat(memory: GuestMemory, address: number, type: number, node: FileNode | undefined): void {
  memory.bytes(address, 64).fill(0);
  memory.setU64(address, 1n);
  memory.setU8(address + 16, type);
  memory.setU16(address + 18, node?.mode ?? 0o600); // padding, as WASI has no word for it: go/syscall/unpark_mode.go
  memory.setU64(address + 24, BigInt(node?.links ?? 1));
  if (node === undefined) return;
  memory.setU64(address + 8, BigInt(node.ino));
  memory.setU64(address + 32, BigInt(sizeOf(node)));
  memory.setU64(address + 40, node.atime);
  memory.setU64(address + 48, node.mtime);
  memory.setU64(address + 56, node.mtime); // no change time of its own: programs have no use for one
}

function sizeOf(node: FileNode): number {
  switch (node.kind) {
    case "directory":
      return DIRECTORY_SIZE;
    case "file":
      return node.size;
    case "symlink":
      return Buffer.byteLength(node.target);
    case "null":
      return 0;
  }
}

/** Which times a call sets: undefined for one that stays. */
export function timesToSet(atime: bigint, mtime: bigint, flags: number, now: () => bigint) {
  const choose = (value: bigint, set: number, setNow: number): bigint | undefined => {
    if ((flags & set) !== 0 && (flags & setNow) !== 0) fail("EINVAL");
    if ((flags & set) !== 0) return BigInt.asIntN(64, value);
    return (flags & setNow) !== 0 ? now() : undefined;
  };
  return {
    atime: choose(atime, FSTFLAG.ATIM, FSTFLAG.ATIM_NOW),
    mtime: choose(mtime, FSTFLAG.MTIM, FSTFLAG.MTIM_NOW),
  };
}
