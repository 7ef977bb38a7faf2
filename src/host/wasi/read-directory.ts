import type { FileContext } from "../files/call-context.js";
import { fail, wasiCall } from "./errno.js";
import { filetypeOf } from "./stat.js";
import { position } from "./read-write.js";

const HEADER = 24;
const encoder = new TextEncoder();

/**
 * fd_readdir: WASI `dirent` records (24 bytes and the name) from a cookie on, the last one cut off where the buffer
 * ends; a buffer that is not full means the end. `.` and `..` are left out: Go skips them. A cookie is an index into
 * the listing that was taken at cookie 0.
 */
export function readDirectoryCalls({ memory, tree, descriptors }: FileContext) {
  return {
    fd_readdir: wasiCall((fd: number, buffer: number, length: number, cookie: bigint, result: number) => {
      let descriptor = descriptors.get(fd);
      if (descriptor.target.kind !== "node") fail("ENOTDIR");
      const { entries } = tree.get(descriptor.target.ino, "directory");
      if (cookie === 0n || descriptor.listing === undefined) {
        descriptor = { ...descriptor, listing: [...entries.keys()] };
        descriptors.set(fd, descriptor);
      }
      const out = memory.bytes(buffer, length);
      const listing = descriptor.listing ?? [];
      let used = 0;
      for (let i = position(cookie); i < listing.length && used < out.length; i++) {
        const name = listing[i]!;
        const ino = entries.get(name);
        if (ino === undefined) continue; // removed since
        const record = encode(name, BigInt(ino), BigInt(i + 1), filetypeOf(tree.get(ino)));
        out.set(record.subarray(0, out.length - used), used);
        used += Math.min(record.length, out.length - used);
      }
      memory.setU32(result, used);
    }),
  };
}

function encode(name: string, ino: bigint, next: bigint, filetype: number): Uint8Array {
  const bytes = encoder.encode(name);
  const record = new Uint8Array(HEADER + bytes.length);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, ino, true);
  view.setUint32(16, bytes.length, true);
  view.setUint8(20, filetype);
  record.set(bytes, HEADER);
  return record;
}
