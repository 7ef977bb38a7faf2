import { textOf } from "../dump/line-matchers.js";
import { beforeRace } from "../dump/race-lines.js";
import type { HeaderLines } from "./header-lines.js";
import type { TextParts } from "./text-parts.js";

/** Lines while no goroutine and no profile is read: one may begin something, be of a race's report or of another program's form, or say something. */
export class OutsideLines {
  readonly #parts: TextParts;
  readonly #headers: HeaderLines;

  constructor(parts: TextParts, headers: HeaderLines) {
    this.#parts = parts;
    this.#headers = headers;
  }

  /** The line begins at `from`, behind its prefix at `start`. */
  line(bytes: Uint8Array, from: number, start: number, end: number): void {
    const { forms, prefix, said } = this.#parts;
    const { remarks, races, carried } = forms;
    if (start >= end) {
      forms.foreignBlank();
      if (!races.reading || !this.#raceLine(bytes, from, end)) remarks.outside++;
      return;
    }
    if (this.#raceLine(bytes, from, end)) return;
    if (remarks.line <= 2 && carried.depth === 0 && /\.(?:go|s):\d+ \+0x[0-9a-f]+$/.test(textOf(bytes, Math.max(from, end - 300), end))) {
      remarks.add("the text begins in the middle of a stack: what stood before it is missing");
    }
    if (this.#headers.behindPrefix(bytes, from, end)) return;
    const text = textOf(bytes, from, end);
    if (forms.foreignLine(text)) return;
    if (this.#begins(text, bytes, from)) return;
    prefix.forget();
    said.line(bytes, from, end);
  }

  /** Forms that are told by their whole line. True: the line is dealt with. */
  #begins(text: string, bytes: Uint8Array, from: number): boolean {
    const { forms, decoded } = this.#parts;
    if (decoded.begin(text)) return true;
    if (forms.carried.mayCarry && (/^[[{"]/.test(text.trimStart()) || /[}\]]$/.test(text)) && forms.carried.json(text, forms.remarks.line)) return true;
    return this.#headers.anywhere(text, bytes, from) || forms.begins(text);
  }

  /** Lines of a race report; a dump ends it, too. Loggers' prefixes are as long as before its first line. */
  #raceLine(bytes: Uint8Array, start: number, end: number): boolean {
    const { forms, prefix } = this.#parts;
    const { races } = forms;
    if (!races.reading) {
      const before = beforeRace(bytes, start, end);
      if (before === undefined) return false;
      prefix.is(bytes, start, start + before);
      races.begin(forms.remarks.line);
      return true;
    }
    return races.line(textOf(bytes, start + Math.max(0, prefix.length(bytes, start, end)), end));
  }
}
