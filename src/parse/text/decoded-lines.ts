import { decoderOf, type LineDecoder } from "./line-decoders.js";

/**
 * The lines of a text that a page, a terminal, a mail or a table changed. The first line that shows it is decoded, and
 * each one behind it; a text is decoded in one way only.
 */
export class DecodedLines {
  readonly #take: (line: string) => void;
  #decode: LineDecoder | undefined;
  #hasMore = false;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  /** Lines are decoded from here on. */
  get begun(): boolean {
    return this.#decode !== undefined;
  }

  /** More lines follow that the same line of the text came to. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** A line of the text, behind the first one. */
  line(text: string): void {
    const lines = this.#decode!(text);
    for (const [index, line] of lines.entries()) {
      this.#hasMore = index < lines.length - 1;
      this.#take(line);
    }
  }

  /** Does this line show how the text was changed? Then it is dealt with. */
  begin(text: string): boolean {
    const decoder = this.begun ? undefined : decoderOf(text);
    if (decoder !== undefined) this.beginWith(decoder, text);
    return decoder !== undefined;
  }

  beginWith(decoder: LineDecoder, text: string): void {
    this.#decode = decoder;
    this.line(text);
  }
}
