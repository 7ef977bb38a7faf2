import { fail } from "../wasi/errno.js";
import { MAP, PAGE_BITS } from "./dirty-pages.js";

/**
 * A module's linear memory as host functions see it: little-endian numbers and byte ranges at 32-bit addresses.
 * Made before the module is (its imports need it), attached once the module's memory exists. Growing a memory
 * detaches its buffer, of which no byte is left then: every access looks at that first (to ask the memory for its buffer costs ten times as much).
 */
export class GuestMemory {
  #memory: { readonly buffer: ArrayBufferLike };
  #view: DataView;
  #bytes: Uint8Array;

  constructor(memory: { readonly buffer: ArrayBufferLike } = { buffer: new ArrayBuffer(0) }) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
  }

  attach(memory: { readonly buffer: ArrayBufferLike }): void {
    this.#memory = memory;
    this.#refresh();
  }

  /** The bytes at [address, address + length): not a copy, valid until the guest runs again. Fails with EFAULT. */
  bytes(address: number, length: number): Uint8Array {
    const start = address >>> 0;
    const end = start + (length >>> 0);
    const all = this.all();
    if (end > all.length) fail("EFAULT");
    this.mark(start, end - start); // it may be written
    return all.subarray(start, end);
  }

  /** The whole memory. */
  all(): Uint8Array {
    if (this.#bytes.length === 0) this.#refresh();
    return this.#bytes;
  }

  /** These bytes are about to be written (dirty-pages.ts). */
  mark(address: number, length: number): void {
    const all = this.all();
    for (let page = address >>> PAGE_BITS; page <= (address + length) >>> PAGE_BITS; page++) all[MAP.at + (page & (MAP.entries - 1))] = 1;
  }

  u32(address: number): number {
    return this.#at(address, 4).getUint32(address >>> 0, true);
  }

  setU8(address: number, value: number): void {
    this.mark(address >>> 0, 1);
    this.#at(address, 1).setUint8(address >>> 0, value);
  }

  setU16(address: number, value: number): void {
    this.mark(address >>> 0, 2);
    this.#at(address, 2).setUint16(address >>> 0, value, true);
  }

  setU32(address: number, value: number): void {
    this.mark(address >>> 0, 4);
    this.#at(address, 4).setUint32(address >>> 0, value, true);
  }

  setU64(address: number, value: bigint): void {
    this.mark(address >>> 0, 8);
    this.#at(address, 8).setBigUint64(address >>> 0, value, true);
  }

  /** A whole number from 0 to 2^53, of 64 bits. */
  setLong(address: number, value: number): void {
    this.mark(address >>> 0, 8);
    const view = this.#at(address, 8);
    view.setUint32(address >>> 0, value % 2 ** 32, true);
    view.setUint32((address >>> 0) + 4, value / 2 ** 32, true);
  }

  #at(address: number, size: number): DataView {
    if (this.#bytes.length === 0) this.#refresh();
    if ((address >>> 0) + size > this.#bytes.length) fail("EFAULT");
    return this.#view;
  }

  #refresh(): void {
    const { buffer } = this.#memory;
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
  }
}
