import type { GuestObjects } from "../../guest/guest-objects.js";

/** So many bits: unparkStands in go/runtime/unpark_unasked.go. */
export const CHANNEL_BITS = 2048;

/** The bit of a channel, by its address. */
const bitOf = (channel: number): number => Math.imul(channel, 0x9e3779b1) >>> 21;

/**
 * At which channels somebody stands, for a guest that asks nobody (step/unasked-passes.ts): one bit for each channel. Two may share a bit: then
 * the guest asks where it need not. Kept from when they are first written: most runs ask for each operation.
 */
export class ChannelBits {
  /** Channels of each bit. */
  #counts: Uint16Array | undefined;
  #words = NO_BITS;
  #isWritten = false;

  clear(): void {
    this.#counts = undefined;
  }

  /** The first has come to it. */
  add(channel: number): void {
    if (this.#counts === undefined) return;
    const bit = bitOf(channel);
    if (this.#counts[bit]!++ === 0) this.#flip(bit);
  }

  /** The last has left it. */
  delete(channel: number): void {
    if (this.#counts === undefined) return;
    const bit = bitOf(channel);
    if (--this.#counts[bit]! === 0) this.#flip(bit);
  }

  /** Into the guest's memory, where it is not there already. `channels`: all at which somebody stands. */
  write(objects: GuestObjects, at: number, channels: Iterable<number>): void {
    if (this.#counts === undefined) this.#begin(channels);
    if (this.#isWritten) return;
    this.#isWritten = true;
    this.#words.forEach((word, index) => objects.setWord(at + 4 * index, word));
  }

  #begin(channels: Iterable<number>): void {
    this.#counts = new Uint16Array(CHANNEL_BITS);
    this.#words = new Int32Array(CHANNEL_BITS / 32);
    this.#isWritten = false;
    for (const channel of channels) this.add(channel);
  }

  #flip(bit: number): void {
    this.#words[bit >>> 5]! ^= 1 << (bit & 31);
    this.#isWritten = false;
  }
}

const NO_BITS = new Int32Array(0);
