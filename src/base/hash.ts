/** FNV-1a, 32 bits: where it begins, and one step of it. */
export const HASH_BASIS = 0x811c9dc5;
export const mixed = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);

/**
 * Two of them, side by side: a number of 53 bits. Of a million states two may well be alike by 32 bits (n² / 2^33); by 53 they are once in ten
 * thousand times.
 */
export class WideHash {
  #low = HASH_BASIS;
  #high = 0x9e3779b9;

  add(value: number): void {
    this.#low = mixed(this.#low, value);
    const turned = Math.imul(this.#high ^ value, 0x85ebca6b);
    this.#high = turned ^ (turned >>> 15);
  }

  get value(): number {
    return (this.#low >>> 0) * 2 ** 21 + (this.#high >>> 11);
  }
}

/** A stable number for a name. */
export function hashString(text: string): number {
  let hash = HASH_BASIS;
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
  return hash >>> 0;
}
