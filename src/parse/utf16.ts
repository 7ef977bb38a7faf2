import type { Result } from "../base/result.js";
import type { ByteParser, Parsed, ParseFailure } from "./result.js";

type ByteOrder = "little" | "big";

/** PowerShell's `>` writes UTF-16, mostly with a byte order mark; without one, every other byte of ASCII is 0. */
export function utf16Order(head: Uint8Array): ByteOrder | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "little";
  if (head[0] === 0xfe && head[1] === 0xff) return "big";
  const size = Math.min(head.length, 4096) & ~1;
  if (size < 32) return undefined;
  const zeros = [0, 0];
  for (let i = 0; i < size; i++) if (head[i] === 0) zeros[i & 1]!++;
  if (zeros[1]! * 2 > size * 0.9 && zeros[0] === 0) return "little";
  if (zeros[0]! * 2 > size * 0.9 && zeros[1] === 0) return "big";
  return undefined;
}

/** Hands UTF-16 on as UTF-8, whatever pieces it comes in. */
export class Utf16Parser implements ByteParser {
  readonly #decoder: TextDecoder;
  readonly #inner: ByteParser;

  constructor(order: ByteOrder, inner: ByteParser) {
    this.#decoder = new TextDecoder(order === "little" ? "utf-16le" : "utf-16be");
    this.#inner = inner;
  }

  push(chunk: Uint8Array): void {
    this.#inner.push(Buffer.from(this.#decoder.decode(chunk, { stream: true })));
  }

  end(): Result<Parsed, ParseFailure> {
    this.#inner.push(Buffer.from(this.#decoder.decode()));
    return this.#inner.end();
  }
}
