import type { Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { CollectError } from "./collected.js";
import { unzstd, type UnpackOptions } from "./unzstd.js";


/**
 * Unpacks gzip and zstd, seen by their first bytes whatever the name or the headers say, and enforces the limit on
 * what comes out: memory stays bounded however well a hostile answer was packed.
 */
export async function* unpack(chunks: AsyncIterable<Uint8Array>, source: string, options: UnpackOptions): AsyncGenerator<Uint8Array> {
  const { maxBytes } = options;
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const head: Uint8Array[] = [];
    let size = 0;
    while (size < 4) {
      const next = await iterator.next();
      if (next.done === true) break;
      head.push(next.value);
      size += next.value.length;
    }
    const first = Buffer.concat(head);
    const all = chain(first, iterator);
    if (first[0] === 0x1f && first[1] === 0x8b) yield* limited(gunzip(all, source), source, maxBytes, "unpacked");
    else if (first.length >= 4 && first.readUInt32LE(0) === 0xfd2fb528) yield* limited(unzstd(all, source, options), source, maxBytes, "unpacked");
    else yield* limited(all, source, maxBytes, "long");
  } finally {
    await iterator.return?.();
  }
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* limited(chunks: AsyncIterable<Uint8Array>, source: string, maxBytes: number, word: string): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new CollectError(`${source}: more than ${Math.round(maxBytes / 2 ** 20)} MiB ${word}, given up; --max-size raises the limit`);
    }
    yield chunk;
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  const unzip: Transform = createGunzip();
  const failed = (error: unknown): void => void unzip.destroy(error instanceof Error ? error : new Error(String(error)));
  void (async () => {
    for await (const chunk of chunks) {
      if (!unzip.write(chunk)) await new Promise((done) => unzip.once("drain", done).once("close", done));
      if (unzip.destroyed) return; // the reader has enough
    }
    unzip.end();
  })().catch(failed);
  try {
    for await (const chunk of unzip) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof CollectError) throw error;
    throw new CollectError(`${source}: its gzip data is damaged (${(error as Error).message})`);
  } finally {
    unzip.destroy();
  }
}
