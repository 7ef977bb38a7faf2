/** FNV-1a, 32 bits: where it begins, and one step of it. */
export const HASH_BASIS = 0x811c9dc5;
export const mixed = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);

/** A stable number for a name. */
export function hashString(text: string): number {
  let hash = HASH_BASIS;
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
  return hash >>> 0;
}
