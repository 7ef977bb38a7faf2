import type { DumpReader } from "./dump.js";
import type { LastWords } from "./last-words.js";
import { isBlankByte, textOf } from "./line-matchers.js";
import { makePrefix, type Prefix, prefixLength } from "./prefix.js";

/** The message of a panic, which may have lines of its own: a stack in it (debug.Stack) is not of the dump. */
export class PanicMessage {
  readonly #words: LastWords;
  readonly #dump: DumpReader;
  #open: Prefix | undefined; // what stands before `panic: `, while the message goes on
  #unread: Uint8Array | undefined; // a line that may say why the process ends, behind a prefix that is not known yet

  constructor({ words, dump }: { readonly words: LastWords; readonly dump: DumpReader }) {
    this.#words = words;
    this.#dump = dump;
  }

  /** Go indents what follows in the message by a tab, and blank lines, too. */
  goesOn(bytes: Uint8Array, from: number, rawEnd: number): boolean {
    if (this.#open === undefined) return false;
    const at = from + prefixLength(this.#open, bytes, from, rawEnd);
    if (at >= from && at < rawEnd && isBlankByte(bytes[at]!) && !/\S.*goroutine \d+ (?:gp=|\[)/.test(textOf(bytes, at, Math.min(rawEnd, at + 400)))) return true;
    this.#open = undefined;
    return false;
  }

  /** A line outside of goroutines; `text`: it says why the process ends. */
  said(bytes: Uint8Array, start: number, end: number, text: string | undefined): void {
    this.#unread = text === undefined ? bytes.slice(start, Math.min(end, start + 400)) : undefined;
    const panic = text?.indexOf("panic: ") ?? -1;
    const before = text?.slice(0, Math.max(0, panic)) ?? "";
    if (panic >= 0 && !before.endsWith("\t")) this.#open = makePrefix(bytes, start, start + (before === "\ufeff" ? 0 : Buffer.byteLength(before)));
  }

  /** Now that the dump's prefix is known: what a line before it said behind the same. True: this header stands in a panic's message. */
  hasBegunBehind(prefix: Prefix): boolean {
    const line = this.#unread;
    if (line === undefined) return false;
    this.#unread = undefined;
    const { length } = prefix.bytes;
    const outer = prefix.bytes[length - 1] === TAB ? makePrefix(prefix.bytes, 0, length - 1) : undefined;
    for (const each of outer ? [outer, prefix] : [prefix]) {
      const at = prefixLength(each, line, 0, line.length);
      const words = at > 0 ? textOf(line, at, line.length) : "";
      if (!this.#words.read(words, () => this.#dump.closeSnapshot())) continue;
      if (each !== outer || !/^\t?panic: /.test(words)) return false;
      this.#open = outer;
      return true;
    }
    return false;
  }
}

const TAB = 0x09;
