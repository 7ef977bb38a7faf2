import type { FileContext } from "../files/call-context.js";
import type { Descriptor } from "../files/descriptors.js";
import { fail, wasiCall } from "./errno.js";
import { FDFLAG, WHENCE } from "./flags.js";

/** The calls that move bytes: read and write at the offset or at a given one, and the offset itself. */
export function readWriteCalls(context: FileContext) {
  const { memory, tree, descriptors } = context;

  const move = (fd: number, descriptor: Descriptor, offset: number): void => {
    if (offset !== descriptor.offset) descriptors.set(fd, { ...descriptor, offset });
  };

  return {
    fd_read: wasiCall((fd: number, iovs: number, count: number, result: number) => {
      const descriptor = descriptors.get(fd);
      const read = scatter(context, iovs, count, readableBytes(context, descriptor), descriptor.offset);
      memory.setU32(result, read);
      move(fd, descriptor, descriptor.offset + read);
    }),

    fd_pread: wasiCall((fd: number, iovs: number, count: number, offset: bigint, result: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.target.kind !== "node") fail("ESPIPE");
      memory.setU32(result, scatter(context, iovs, count, readableBytes(context, descriptor), position(offset)));
    }),

    fd_write: wasiCall((fd: number, iovs: number, count: number, result: number) => {
      const descriptor = descriptors.get(fd);
      const { written, end } = gather(context, descriptor, iovs, count, descriptor.offset);
      memory.setU32(result, written);
      if (descriptor.target.kind === "node") move(fd, descriptor, end);
    }),

    fd_pwrite: wasiCall((fd: number, iovs: number, count: number, offset: bigint, result: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.target.kind !== "node") fail("ESPIPE");
      memory.setU32(result, gather(context, descriptor, iovs, count, position(offset)).written);
    }),

    fd_seek: wasiCall((fd: number, delta: bigint, whence: number, result: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.target.kind !== "node") fail("ESPIPE");
      const node = tree.get(descriptor.target.ino);
      const base =
        whence === WHENCE.SET
          ? 0
          : whence === WHENCE.CUR
            ? descriptor.offset
            : whence === WHENCE.END
              ? (node.kind === "file" ? node.size : 0)
              : fail("EINVAL");
      const offset = position(BigInt(base) + BigInt.asIntN(64, delta));
      memory.setU64(result, BigInt(offset));
      move(fd, descriptor, offset);
    }),

    fd_tell: wasiCall((fd: number, result: number) => {
      const descriptor = descriptors.get(fd);
      if (descriptor.target.kind !== "node") fail("ESPIPE");
      memory.setU64(result, BigInt(descriptor.offset));
    }),
  };
}

/** A file position that a number holds exactly. */
export function position(offset: bigint): number {
  const signed = BigInt.asIntN(64, offset);
  if (signed < 0n || signed > BigInt(Number.MAX_SAFE_INTEGER)) fail("EINVAL");
  return Number(signed);
}

const NO_BYTES = new Uint8Array(0);

function readableBytes({ tree, stdin }: FileContext, { target, readable }: Descriptor): Uint8Array {
  if (!readable) fail("EBADF"); // as read(2); WASI's ENOTCAPABLE is a word that Go programs never meet natively
  switch (target.kind) {
    case "stdin":
      return stdin;
    case "output":
      return NO_BYTES;
    case "node": {
      const node = tree.get(target.ino);
      if (node.kind === "directory") fail("EISDIR");
      return node.kind === "file" ? node.content.bytes().subarray(0, node.size) : NO_BYTES;
    }
  }
}

/** Copies from `source` into the guest's buffers, in their order. How many bytes. */
function scatter({ memory }: FileContext, iovs: number, count: number, source: Uint8Array, offset: number): number {
  let read = 0;
  for (let i = 0; i < count; i++) {
    const buffer = memory.bytes(memory.u32(iovs + 8 * i), memory.u32(iovs + 8 * i + 4));
    const part = source.subarray(offset + read, offset + read + buffer.length);
    buffer.set(part);
    read += part.length;
    if (part.length < buffer.length) break;
  }
  return read;
}

/** Writes the guest's buffers. How many bytes, and the position behind them. */
function gather(
  { memory, tree, output }: FileContext,
  { target, writable, flags }: Descriptor,
  iovs: number,
  count: number,
  offset: number,
): { readonly written: number; readonly end: number } {
  if (!writable) fail("EBADF");
  let written = 0;
  const node = target.kind === "node" ? tree.get(target.ino) : undefined;
  const start = (flags & FDFLAG.APPEND) !== 0 && node?.kind === "file" ? node.size : offset;
  for (let i = 0; i < count; i++) {
    const bytes = memory.bytes(memory.u32(iovs + 8 * i), memory.u32(iovs + 8 * i + 4));
    if (bytes.length === 0) continue;
    if (target.kind === "output") output(target.stream, bytes.slice());
    else if (node?.kind === "file") tree.write(node.ino, start + written, bytes);
    written += bytes.length;
  }
  return { written, end: start + written };
}
