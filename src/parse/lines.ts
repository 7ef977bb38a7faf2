/** Cuts a stream of bytes into lines without their line end (LF or CRLF), copying only what spans two chunks. */
export class LineSplitter {
  readonly #onLine: (bytes: Uint8Array, start: number, end: number) => void;
  #rest: Uint8Array[] = [];
  #restBytes = 0;

  constructor(onLine: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      if (this.#restBytes > 0) this.#flush(chunk.subarray(start, end));
      else this.#emit(chunk, start, end);
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#restBytes += chunk.length - start;
    if (this.#restBytes > MAX_LINE) this.#flush(chunk.subarray(start)); // no dump has such a line: cut it
    else this.#rest.push(chunk.slice(start));
  }

  /** The last line, where it has no line end. Returns whether there was one: a dump that is cut off has. */
  end(): boolean {
    const open = this.#restBytes > 0;
    if (open) this.#flush(new Uint8Array(0));
    return open;
  }

  #flush(tail: Uint8Array): void {
    const line = Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#restBytes = 0;
    this.#emit(line, 0, line.length);
  }

  #emit(bytes: Uint8Array, start: number, end: number): void {
    this.#onLine(bytes, start, end > start && bytes[end - 1] === CR ? end - 1 : end);
  }
}

const LF = 10;
const CR = 13;
const MAX_LINE = 1 << 22;
