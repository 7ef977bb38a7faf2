import { err, type Result } from "../base/result.js";
import { CountsParser } from "./counts.js";
import { DumpParser } from "./dump/dump.js";
import { ProfileParser } from "./pprof/profile.js";
import type { ByteParser, InputOrigin, Parsed, ParseFailure } from "./result.js";

/**
 * Reads whatever it is: dump text, debug=1 text or a pprof protobuf (unpacked; compression is collect's business).
 * Decides by the first bytes, then hands everything to the one parser that fits.
 */
export class AnyParser implements ByteParser {
  readonly #origin: InputOrigin;
  readonly #head: Uint8Array[] = [];
  #headBytes = 0;
  #parser: ByteParser | undefined;
  #refused: string | undefined;

  constructor(origin: InputOrigin) {
    this.#origin = origin;
  }

  push(chunk: Uint8Array): void {
    if (this.#refused !== undefined) return;
    if (this.#parser) return this.#parser.push(chunk);
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
    if (this.#headBytes >= HEAD) this.#decide();
  }

  end(): Result<Parsed, ParseFailure> {
    if (!this.#parser && this.#refused === undefined) this.#decide();
    if (this.#refused !== undefined || !this.#parser) return err({ kind: "not-mine", what: this.#refused ?? "it is empty" });
    return this.#parser.end();
  }

  #decide(): void {
    const head = Buffer.concat(this.#head);
    const decided = sniff(head.subarray(0, HEAD));
    if (typeof decided === "string") this.#refused = decided;
    else {
      this.#parser = decided(this.#origin);
      this.#parser.push(head);
    }
    this.#head.length = 0;
  }
}

/** Convenience for bytes that are all there. */
export function parseBytes(bytes: Uint8Array, origin: InputOrigin): Result<Parsed, ParseFailure> {
  const parser = new AnyParser(origin);
  parser.push(bytes);
  return parser.end();
}

/** Enough to pass a page of log before a profile's first line. */
const HEAD = 1 << 16;

/** The parser that fits, or a sentence that says what it is instead. */
function sniff(head: Uint8Array): ((origin: InputOrigin) => ByteParser) | string {
  if (head.length === 0) return "it is empty";
  if (isBinary(head)) {
    if (looksLikeProfile(head)) return (origin) => new ProfileParser(origin);
    return "it is binary, but no pprof profile";
  }
  const text = Buffer.from(head).toString("latin1");
  if (/^\s*<(?:!doctype html|html)/i.test(text)) return htmlWords(text);
  if (/^goroutine(?:leak)? profile: total \d+\r?$/m.test(text)) return (origin) => new CountsParser(origin);
  const other = /^(\w+) profile: (?:total )?\d+/m.exec(text);
  if (other && !/^goroutine \d+ \[/m.test(text)) return `it is a ${other[1]} profile, not one of goroutines`;
  return (origin) => new DumpParser(origin);
}

function htmlWords(text: string): string {
  const title = /<title>\s*([^<]{1,80})/i.exec(text)?.[1]?.trim();
  return `it is an HTML page${title === undefined ? "" : ` ('${title}')`}, not a dump`;
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
