import { spellOut } from "../base/spell-out.js";
import { err, ok, type Result } from "../base/result.js";
import { ByteBuffer } from "./lines.js";
import { MemoryBudget, TooLarge } from "./memory.js";
import { ProfileParser } from "./pprof/profile.js";
import { utf16Order, Utf16Parser } from "./utf16.js";
import { TextParser } from "./text/text.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "./result.js";

/**
 * Reads whatever it is: text with goroutines in it, or a pprof protobuf (unpacked; compression is collect's business).
 * Decides by the first bytes, then hands everything to the one parser that fits.
 */
export class AnyParser implements ByteParser {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #head = new ByteBuffer();
  #failure: ParseFailure | undefined;
  #parser: ByteParser | undefined;

  /** @param make undefined: the parser that fits. */
  constructor(origin: InputOrigin, budget = new MemoryBudget(), make?: MakeParser) {
    this.#origin = origin;
    this.#budget = budget;
    this.#parser = make?.(origin, budget);
  }

  push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    this.#guard(() => {
      if (this.#parser) return this.#parser.push(chunk);
      this.#head.add(chunk);
      if (this.#head.length >= HEAD) this.#decide();
    });
  }

  end(): Result<Parsed, ParseFailure> {
    let result: Result<Parsed, ParseFailure> | undefined;
    this.#guard(() => {
      if (!this.#parser && this.#failure === undefined) this.#decide();
      if (this.#failure === undefined) result = this.#parser?.end();
    });
    return result ?? err(this.#failure ?? { kind: "not-mine", what: "it is empty" });
  }

  /** What grows beyond the budget is a failure like any other; the parser and all that it kept is let go at once. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      this.#failure = { kind: "too-large", because: error.message };
      this.#parser = undefined;
    }
  }

  #decide(): void {
    const head = this.#head.take();
    const decided = sniff(head.subarray(0, HEAD));
    if (!decided.ok) this.#failure = { kind: "not-mine", what: decided.error };
    else {
      this.#parser = decided.value(this.#origin, this.#budget);
      this.#parser.push(head);
    }
  }
}

type MakeParser = (origin: InputOrigin, budget: MemoryBudget) => ByteParser;

/** Convenience for bytes that are all there. */
export function parseBytes(bytes: Uint8Array, origin: InputOrigin, budget?: MemoryBudget): Result<Parsed, ParseFailure> {
  const parser = new AnyParser(origin, budget);
  parser.push(bytes);
  return parser.end();
}

/** The same for bytes that are known to be dump text. */
export function parseDump(bytes: Uint8Array, origin: InputOrigin): Result<Parsed, ParseFailure> {
  const parser = new AnyParser(origin, undefined, (own, budget) => new TextParser(own, budget));
  parser.push(bytes);
  return parser.end();
}

/** Enough to pass a page of log before a profile's first line. */
const HEAD = 1 << 16;

/** The parser that fits, or a sentence that says what it is instead. */
function sniff(head: Uint8Array): Result<MakeParser, string> {
  if (head.length === 0) return err("it is empty");
  const order = utf16Order(head);
  if (order) return ok((origin, budget) => new Utf16Parser(order, new TextParser(origin, budget)));
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return err("it is a zip archive: unpack it, and pass what is in it");
  if (isBinary(head)) {
    if (looksLikeProfile(head)) return ok((origin, budget) => new ProfileParser(origin, budget));
    return err("it is binary, but no pprof profile");
  }
  const text = Buffer.from(head).toString("latin1");
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i.test(text) && !/goroutine \d+ (?:gp=|\[)|goroutine profile: total/.test(text)) return err(htmlWords(text));
  return ok((origin, budget) => new TextParser(origin, budget));
}

function htmlWords(text: string): string {
  const title = /<title>\s*([^<]{1,80})/i.exec(text)?.[1]?.trim();
  return `it is an HTML page${title === undefined ? "" : ` ('${spellOut(title)}')`}, not a dump`;
}

/** Text has no NUL and hardly any control characters. */
function isBinary(head: Uint8Array): boolean {
  let control = 0;
  for (const byte of head.subarray(0, 4096)) {
    if (byte === 0) return true;
    if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 0x1b) control++;
  }
  return control * 50 > Math.min(head.length, 4096);
}

/** Fields 1 to 14 of profile.proto, in the wire types that they have; Go begins with 11, other writers with 1. */
function looksLikeProfile(head: Uint8Array): boolean {
  const field = head[0]! >> 3;
  const type = head[0]! & 7;
  return field >= 1 && field <= 14 && (type === 2 || type === 0);
}
