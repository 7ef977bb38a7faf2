// The thread of unzstd.ts: a piece of packed bytes in, what it unpacks to out; null ends it.
import { Decompress } from "fzstd";
import { parentPort, workerData } from "node:worker_threads";
import type { Answer } from "./unzstd.js";

const { maxBytes } = workerData as { readonly maxBytes: number };
class TooMuch extends Error {}

let out: Uint8Array[] = [];
let size = 0;
const stream = new Decompress((block) => {
  size += block.length;
  if (size > maxBytes) throw new TooMuch();
  if (block.length > MOST_IN_A_BLOCK) throw new Error("a block is larger than 128 KiB");
  out.push(block);
});

/** RFC 8878, 3.1.1.2.3: Block_Maximum_Size. */
const MOST_IN_A_BLOCK = 1 << 17;
/** Of the largest window that the zstd command takes without being told: what is larger would be held, and moved for each block. */
const MOST_WINDOW_LOG = 27;

function push(piece: Uint8Array | null): Answer {
  try {
    if (piece && size === 0) checkWindow(piece);
    if (piece === null) stream.push(new Uint8Array(0), true);
    // Small steps: what a step unpacks to is there at once, and a block of four bytes may be 128 KiB.
    else for (let at = 0; at < piece.length; at += STEP) stream.push(piece.subarray(at, at + STEP));
    return { kind: "unpacked", pieces: out };
  } catch (error) {
    return error instanceof TooMuch ? { kind: "too-large" } : { kind: "damaged", why: (error as Error).message };
  } finally {
    out = [];
  }
}
const STEP = 1 << 10;

/** The frame header's window descriptor (RFC 8878, 3.1.1.1.2), where it has one. */
function checkWindow(head: Uint8Array): void {
  if (head.length < 6 || head[0] !== 0x28 || (head[4]! & 0x20) !== 0) return;
  const log = 10 + (head[5]! >> 3);
  if (log > MOST_WINDOW_LOG) throw new Error(`it needs a window of 2^${log} bytes, more than 2^${MOST_WINDOW_LOG}`);
}

parentPort!.on("message", (piece: Uint8Array | null) => parentPort!.postMessage(push(piece)));
