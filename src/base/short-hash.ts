/**
 * A short, stable name for a text: 12 hexadecimal digits (48 bits) of FNV-1a over 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
 * Not for secrets. Among 10,000 texts two collide with a chance of 2 in 10 million.
 */
export function shortHash(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // times 0x100000001b3, in two halves
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + (low << 8) + Math.floor(product / 2 ** 32)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, "0") + (low >>> 16).toString(16).padStart(4, "0");
}
