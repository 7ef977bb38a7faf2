import type { NumberList } from "./number-list.js";
/**
 * The protocol buffers wire format, as far as profile.proto needs it
 * (https://protobuf.dev/programming-guides/encoding/). Numbers above 2^53 lose their low bits: in a profile only
 * addresses are that large.
 */
export class WireError extends Error {
  readonly at: number;

  constructor(at: number, because: string) {
    super(because);
    this.at = at;
  }
}

export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

/** Reads fields one after the other: `next()`, then exactly one of `varint`, `bytes`, `skip`. Throws WireError. */
export class WireReader {
  readonly buffer: Uint8Array;
  at: number;
  end: number;
  field = 0;
  type = 0;

  constructor(buffer: Uint8Array, at = 0, end = buffer.length) {
    this.buffer = buffer;
    this.at = at;
    this.end = end;
  }

  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.type = tag & 7;
    if (this.field === 0) throw new WireError(this.at, "a field has number 0");
    return true;
  }

  varint(): number {
    const { buffer, end } = this;
    let byte = this.at < end ? buffer[this.at++]! : this.#short();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let factor = 128;
    for (let n = 1; n < 10; n++) {
      byte = this.at < end ? buffer[this.at++]! : this.#short();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value >= NEGATIVE ? this.#negative(this.at - n - 1) : value;
      factor *= 128;
    }
    throw new WireError(this.at, "a number is longer than ten bytes");
  }

  /** Two's complement, by the inverted bits: near 2^64 a double has no room for small numbers. */
  #negative(from: number): number {
    let inverse = 0;
    let factor = 1;
    for (let i = from; i < from + 9; i++, factor *= 128) inverse += (~this.buffer[i]! & 0x7f) * factor;
    return -(inverse + 1);
  }

  /** The end of a length-delimited field whose content begins at `at`. */
  length(): number {
    const size = this.varint();
    const end = this.at + size;
    if (size < 0 || end > this.end) throw new WireError(this.at, `a field of ${size} bytes does not fit into what is left`);
    return end;
  }

  skip(): void {
    if (this.type === VARINT) this.varint();
    else if (this.type === BYTES) this.at = this.length();
    else if (this.type === FIXED64) this.at += 8;
    else if (this.type === FIXED32) this.at += 4;
    else throw new WireError(this.at, `wire type ${this.type} is not in use`);
    if (this.at > this.end) this.#short();
  }

  /** A repeated number, packed or not, onto the end of `into`. */
  numbers(into: NumberList): void {
    if (this.type === VARINT) return void into.push(this.varint());
    const end = this.length();
    const outer = this.end;
    this.end = end;
    while (this.at < end) {
      const byte = this.buffer[this.at]!;
      if (byte < 0x80) this.at++; // most ids of most profiles: one byte
      into.push(byte < 0x80 ? byte : this.varint());
    }
    this.end = outer;
  }

  #short(): never {
    throw new WireError(this.at, "it ends in the middle of a field");
  }
}

const NEGATIVE = 2 ** 63;

/** Writes fields into a buffer that grows. */
export class WireWriter {
  #buffer = new Uint8Array(1 << 12);
  #at = 0;

  /** Zero and empty are proto3's defaults, and not written. */
  int(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(field * 8);
    this.#varint(value);
  }

  packed(field: number, values: readonly number[]): void {
    const inner = new WireWriter();
    for (const value of values) inner.#varint(value);
    this.message(field, inner);
  }

  text(field: number, text: string): void {
    this.#bytes(field, Buffer.from(text, "utf8"));
  }

  message(field: number, inner: WireWriter): void {
    this.#bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#at);
  }

  #bytes(field: number, bytes: Uint8Array): void {
    this.#varint(field * 8 + BYTES);
    this.#varint(bytes.length);
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at++] = rest;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const bigger = new Uint8Array(2 * (this.#at + bytes));
    bigger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = bigger;
  }
}
