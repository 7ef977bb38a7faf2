import { makePrefix, type Prefix, prefixLength } from "../dump/prefix.js";

/** What stands before each line of the dump or profile that is read, as far as it is known; a line that begins one tells it. */
export class LinePrefix {
  #known: Prefix | undefined;
  #isQuoted = false;

  get known(): Prefix | undefined {
    return this.#known;
  }

  /** Behind it each line is a quoted string. */
  get isQuoted(): boolean {
    return this.#isQuoted;
  }

  /** How many bytes of this line it is; -1: the line has another one, or none. */
  length(bytes: Uint8Array, start: number, end: number): number {
    return this.#known ? prefixLength(this.#known, bytes, start, end) : 0;
  }

  /** From here on it is what stands between the two. */
  is(bytes: Uint8Array, start: number, end: number): void {
    this.#known = end > start ? makePrefix(bytes, start, end) : undefined;
  }

  /** ... and each line is a quoted string behind it. */
  quotes(bytes: Uint8Array, start: number, end: number): void {
    this.is(bytes, start, end);
    this.#isQuoted = true;
  }

  /** No line is quoted any more. */
  unquote(): void {
    this.#isQuoted = false;
  }

  forget(): void {
    this.#known = undefined;
  }

  /** A second line has it. Indentation proves nothing. */
  confirm(): void {
    const known = this.#known;
    if (known && !known.confirmed && !known.blank) this.#known = { ...known, confirmed: true };
  }
}
