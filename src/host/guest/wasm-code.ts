/** Numbers in WebAssembly: LEB128, unsigned. */
export function decode(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return [value, at];
  }
}

export function encode(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}

/** A signed one, as constants have; 0 up to 2^31 - 1. */
export function encodeSigned(value: number): number[] {
  const bytes = encode(value);
  const last = bytes.at(-1)!;
  if ((last & 0x40) !== 0) {
    bytes[bytes.length - 1] = last | 0x80;
    bytes.push(0);
  }
  return bytes;
}

/** A function's declarations of locals, which begin at `start`: how many groups there are, where they begin and end, and how many locals with the parameters. */
export function localsOf(code: Uint8Array, start: number, parameters: number): { readonly groups: number; readonly from: number; readonly end: number; readonly locals: number } {
  const [groups, from] = decode(code, start);
  let end = from;
  let locals = parameters;
  for (let group = 0; group < groups; group++) {
    const [many, typeAt] = decode(code, end);
    locals += many;
    end = typeAt + 1;
  }
  return { groups, from, end, locals };
}

const SKIP = { none: 0, leb: 1, memory: 2, table: 3, f32: 4, f64: 5, prefixed: 6 } as const;

/** Of each operation what follows it, by the first and the last of those alike; those that Go's compiler does not write have none. */
const IMMEDIATES: readonly (readonly [first: number, last: number, skip: number])[] = [
  [0x00, 0x01, SKIP.none],
  [0x02, 0x04, SKIP.leb], // block, loop, if
  [0x05, 0x05, SKIP.none],
  [0x0b, 0x0b, SKIP.none],
  [0x0c, 0x0d, SKIP.leb], // br, br_if
  [0x0e, 0x0e, SKIP.table],
  [0x0f, 0x0f, SKIP.none],
  [0x10, 0x10, SKIP.leb], // call
  [0x11, 0x11, SKIP.memory], // call_indirect: type, table
  [0x1a, 0x1b, SKIP.none],
  [0x20, 0x26, SKIP.leb],
  [0x28, 0x3e, SKIP.memory],
  [0x3f, 0x42, SKIP.leb], // memory.size, memory.grow, i32.const, i64.const
  [0x43, 0x43, SKIP.f32],
  [0x44, 0x44, SKIP.f64],
  [0x45, 0xc4, SKIP.none],
  [0xfc, 0xfc, SKIP.prefixed],
];

const UNWRITTEN = 255;
const SKIPS = new Uint8Array(256).fill(UNWRITTEN);
for (const [first, last, skip] of IMMEDIATES) SKIPS.fill(skip, first, last + 1);

/** Where the instruction after the one at `at` begins; undefined: none that Go's compiler writes (no vectors, no atomics). */
export function nextInstruction(code: Uint8Array, at: number): number | undefined {
  const op = code[at]!;
  // The commonest have one number behind them, or none.
  if (op >= 0x45 && op <= 0xc4) return at + 1;
  if ((op >= 0x20 && op <= 0x24) || op === 0x41 || op === 0x42 || op === 0x10) return pastNumber(code, at + 1);
  if (op >= 0x28 && op <= 0x3e) return pastNumber(code, pastNumber(code, at + 1));
  return rarerInstruction(code, at);
}

export function pastNumber(code: Uint8Array, start: number): number {
  let at = start;
  while ((code[at]! & 0x80) !== 0) at++;
  return at + 1;
}

function rarerInstruction(code: Uint8Array, at: number): number | undefined {
  const skip = SKIPS[code[at]!];
  const next = at + 1;
  switch (skip) {
    case SKIP.none:
      return next;
    case SKIP.leb:
      return decode(code, next)[1];
    case SKIP.memory:
      return decode(code, decode(code, next)[1])[1];
    case SKIP.table: {
      let [targets, target] = decode(code, next);
      for (; targets >= 0; targets--) target = decode(code, target)[1];
      return target;
    }
    case SKIP.f32:
      return next + 4;
    case SKIP.f64:
      return next + 8;
    case SKIP.prefixed: {
      const [op, after] = decode(code, next);
      if (op <= 7) return after; // saturating conversions
      return op === 10 ? after + 2 : op === 11 ? after + 1 : undefined; // memory.copy, memory.fill
    }
    default:
      return undefined;
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Code that is being written. */
export class CodeWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  copy(from: Uint8Array, start: number, end: number): void {
    this.#room(end - start);
    if (end - start > LONG) this.#bytes.set(from.subarray(start, end), this.#length);
    else for (let at = start, to = this.#length; at < end; at++, to++) this.#bytes[to] = from[at]!;
    this.#length += end - start;
  }

  put(bytes: readonly number[]): void {
    this.#room(bytes.length);
    for (let at = 0; at < bytes.length; at++) this.#bytes[this.#length + at] = bytes[at]!;
    this.#length += bytes.length;
  }

  /** So many bytes are written. */
  get length(): number {
    return this.#length;
  }

  replace(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  /** A place for the size of what follows, in as many bytes as a size may have. */
  reserveSize(): number {
    this.#room(SIZE);
    this.#length += SIZE;
    return this.#length;
  }

  setSize(begins: number): void {
    let size = this.#length - begins;
    for (let at = begins - SIZE; at < begins; at++, size >>>= 7) this.#bytes[at] = at === begins - 1 ? size : (size & 0x7f) | 0x80;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#bytes.length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Bytes of a LEB128 number of 32 bits at most; shorter pieces are copied one by one. */
const SIZE = 5;
const LONG = 48;
