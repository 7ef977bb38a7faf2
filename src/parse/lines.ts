/** Cuts a stream of bytes into lines without their line end (LF or CRLF), copying only what spans two chunks. */
export class LineSplitter {
  readonly #onLine: (bytes: Uint8Array, start: number, end: number) => void;
  readonly #rest = new ByteBuffer(); // one buffer: an answer may come a byte at a time

  constructor(onLine: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    if (this.#rest.length > 0) {
      const end = chunk.indexOf(LF);
      if (end >= 0) {
        this.#flush(chunk.subarray(0, end));
        start = end + 1;
      }
    }
    if (this.#rest.length === 0) {
      for (let end = chunk.indexOf(LF, start); end >= 0; end = chunk.indexOf(LF, start)) {
        this.#emit(chunk, start, end);
        start = end + 1;
      }
    }
    if (start === chunk.length) return;
    this.#rest.add(chunk.subarray(start));
    if (this.#rest.length > MAX_LINE) this.#flush(new Uint8Array(0)); // no dump has such a line: cut it
  }

  /** The last line, where it has no line end. Returns whether there was one: a dump that is cut off has. */
  end(): boolean {
    const open = this.#rest.length > 0;
    if (open) this.#flush(new Uint8Array(0));
    return open;
  }

  #flush(tail: Uint8Array): void {
    this.#rest.add(tail);
    const line = this.#rest.take();
    this.#emit(line, 0, line.length);
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    this.#onLine(bytes, start, end > start && bytes[end - 1] === CR ? end - 1 : end);
  }
}

/** Bytes that grow at the end; each is copied a bounded number of times, however small the pieces. */
export class ByteBuffer {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const size = this.#length + piece.length;
    if (size > this.#bytes.length) {
      const bigger = new Uint8Array(Math.max(256, 2 * size));
      bigger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = bigger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = size;
  }

  /** All of it; the buffer is empty afterwards. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return bytes;
  }
}

const LF = 10;
const CR = 13;
const MAX_LINE = 1 << 22;
