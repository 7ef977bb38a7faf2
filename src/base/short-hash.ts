/** 64 bits as two signed halves: small integers, which take no room of their own, as larger numbers and bigints do. Not for secrets. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/** FNV-1a over 64 bits of the text's UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function hash64(text: string): Hash64 {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // times 0x100000001b3, in two halves
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + (low << 8) + Math.floor(product / 2 ** 32)) >>> 0;
    low = product >>> 0;
  }
  return { high: high | 0, low: low | 0 };
}

/** A short, stable name: 12 hexadecimal digits (48 bits). Among 10,000 names two are equal with a chance of 2 in 10 million. */
export const shortName = ({ high, low }: Hash64): string => `${digits(high, 8)}${digits(low >>> 16, 4)}`;

/** Without a table of all sixteen bits: every command would make it when it starts, whether it names anything or not. */
const digits = (value: number, width: number): string => (value >>> 0).toString(16).padStart(width, "0");

/**
 * The hash of a sequence of hashes, one lane for each half: MurmurHash3's 32-bit step (Austin Appleby, public domain)
 * with constants of its own for each lane. The order counts. Millions of steps a second without an allocation.
 */
export class SequenceHash {
  #high = 0x9747b28c | 0;
  #low = 0x2545f491 | 0;
  #length = 0;

  add(high: number, low: number): void {
    this.#high = step(this.#high, high, 0xcc9e2d51, 0x1b873593, 0xe6546b64);
    this.#low = step(this.#low, low, 0x239b961b, 0xab0e9789, 0x561ccd1b);
    this.#length++;
  }

  /** Writes the hash of all that was added into what is given; the next `add` begins a new sequence. */
  finish<T extends { -readonly [K in keyof Hash64]: Hash64[K] }>(into: T): T {
    into.high = mixed(this.#high ^ this.#length);
    into.low = mixed(this.#low ^ this.#length);
    this.#high = 0x9747b28c | 0;
    this.#low = 0x2545f491 | 0;
    this.#length = 0;
    return into;
  }
}

function step(hash: number, value: number, c1: number, c2: number, c3: number): number {
  const scrambled = Math.imul(value, c1);
  const next = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), c2);
  return (Math.imul((next << 13) | (next >>> 19), 5) + c3) | 0;
}

/** MurmurHash3's last step: each bit of the input moves each bit of the output. */
function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
