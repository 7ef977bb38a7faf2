import { Decompress } from "fzstd";

class TooMuch extends Error {}

/** What a piece of packed bytes came to. */
export type Unpacked =
  | { readonly kind: "unpacked"; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: "too-large" }
  | { readonly kind: "damaged"; readonly why: string };

/** zstd, a piece after the other, with limits that fzstd itself does not hold. */
export class ZstdReader {
  #out: Uint8Array[] = [];
  #size = 0;
  readonly #stream: Decompress;

  constructor(maxBytes: number) {
    this.#stream = new Decompress((block) => {
      this.#size += block.length;
      if (this.#size > maxBytes) throw new TooMuch();
      if (block.length > MOST_IN_A_BLOCK) throw new Error("a block is larger than 128 KiB");
      this.#out.push(block);
    });
  }

  /** @param piece null ends it. */
  push(piece: Uint8Array | null): Unpacked {
    try {
      if (piece && this.#size === 0) checkWindow(piece);
      if (piece === null) this.#stream.push(new Uint8Array(0), true);
      // Small steps: what a step unpacks to is there at once, and a block of four bytes may be 128 KiB.
      else for (let at = 0; at < piece.length; at += STEP) this.#stream.push(piece.subarray(at, at + STEP));
      return { kind: "unpacked", pieces: this.#out };
    } catch (error) {
      return error instanceof TooMuch ? { kind: "too-large" } : { kind: "damaged", why: (error as Error).message };
    } finally {
      this.#out = [];
    }
  }
}

/** RFC 8878, 3.1.1.2.3: Block_Maximum_Size. */
const MOST_IN_A_BLOCK = 1 << 17;
/** Of the largest window that the zstd command takes without being told: what is larger would be held, and moved for each block. */
const MOST_WINDOW_LOG = 27;
const STEP = 1 << 10;

/** The frame header's window descriptor (RFC 8878, 3.1.1.1.2), where it has one. */
function checkWindow(head: Uint8Array): void {
  if (head.length < 6 || head[0] !== 0x28 || (head[4]! & 0x20) !== 0) return;
  const log = 10 + (head[5]! >> 3);
  if (log > MOST_WINDOW_LOG) throw new Error(`it needs a window of 2^${log} bytes, more than 2^${MOST_WINDOW_LOG}`);
}
