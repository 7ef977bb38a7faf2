import { gzipSync } from "node:zlib";

/**
 * Inputs that somebody made to cost time or memory: a text of about `size` bytes each. What they have in common: a part
 * that matches again and again, and an end that does not.
 */
export const TEXT_SHAPES: Readonly<Record<string, (size: number) => Buffer>> = {
  "header, ' labels:{' again and again": (n) => text(`goroutine 1 [select${fill(" labels:{", n)}]:\n`),
  "header, an open label": (n) => text(`goroutine 1 [select labels:{"${fill("a\\\\", n)}}]:\n${FRAME}`),
  "header, labels without an end": (n) => text(`goroutine 1 [select labels:{${fill('"a":"b",', n)}"a]:\n${FRAME}`),
  "header, blanks in a label": (n) => text(`goroutine 1 [select labels:{a${fill(" ", n)}b}]:\n${FRAME}`),
  "header, ' (' and a line separator": (n) => text(`goroutine 1 [select${fill(" (", n)}\u2028]:\n${FRAME}`),
  "header, additions": (n) => text(`goroutine 1 [select${fill(", 1 minutes", n)}]:\n${FRAME}`),
  "header, digits": (n) => text(`goroutine ${fill("1", n)} [select]:\n${FRAME}`),
  "a logger's prefix, 'goroutine 1 [' again and again": (n) => text(fill(`${fill("goroutine 1 [", 1900)}:\n`, n)),
  "last line of blanks": (n) => text(`${HEADER}main.f()\n${fill(" ", n)}`),
  "last line of blanks and colons": (n) => text(`${HEADER}main.f()\n\t${fill(" :1", n)}x`),
  "location, ':1 ' and a carriage return": (n) => text(`${HEADER}main.f()\n\t${fill(":1 ", n)}\r \n`),
  "location, ':1' again and again": (n) => text(`${HEADER}main.f()\n\t${fill(":1", n)}x\n`),
  "location, ' fp=0x' again and again": (n) => text(`${HEADER}main.f()\n\t/a.go${fill(" fp=0x", n)}=0xc0\n`),
  "created by, ' in goroutine 1' again and again": (n) => text(`${HEADER}${FRAME}created by main.f${fill(" in goroutine 1", n)}x\n\t/a.go:1\n\n`),
  "function, open parentheses": (n) => text(`${HEADER}main.f${fill("(", n)})\n\t/a.go:1\n\n`),
  "elided, digits": (n) => text(`${HEADER}${FRAME}...${fill("9", n)} frames elided...\n\n`),
  "ancestor, digits": (n) => text(`${HEADER}${FRAME}[originating from goroutine ${fill("9", n)}]:\n\n`),
  "one deep stack": (n) => text(`${HEADER}${fill("main.f()\n\t/a.go:1 +0x1\n", n)}\n`),
  "one deep stack of different frames": (n) => text(`${HEADER}${count(n, 27, (i) => `main.f${i}()\n\t/a.go:${i} +0x1\n`)}\n`),
  "many goroutines": (n) => text(count(n, 50, (i) => `goroutine ${i + 1} [select]:\nmain.f()\n\t/a.go:1 +0x1\n\n`)),
  "many goroutines, each at a place of its own": (n) => text(count(n, 60, (i) => `goroutine ${i + 1} [select ${i}]:\nmain.f${i}()\n\t/a${i}.go:1 +0x1\n\n`)),
  "many snapshots": (n) => text(fill("goroutine 1 [select]:\n\n", n)),
  "many headers that are none": (n) => text(fill("goroutine 1 [select\n", n)),
  "functions without a place": (n) => text(HEADER + fill("main.f()\n", n)),
  "one line": (n) => text(`${HEADER}${fill("x", n)}`),
  "bytes of zero": (n) => Buffer.concat([text(HEADER), Buffer.alloc(n)]),
  "races": (n) => text(fill("WARNING: DATA RACE\nRead at 0x1 by goroutine 1:\n  main.f()\n      /a.go:1 +0x1\n==================\n", n)),
  "race, a stack without an end": (n) => text(`WARNING: DATA RACE\nRead at 0x1 by goroutine 1:\n${fill("  main.f()\n      /a.go:1 +0x1\n", n)}`),
  "race, ' of size 1' again and again": (n) => text(`WARNING: DATA RACE\nGlobal var ${fill(" of size 1", n)}\n`),
  "deaths": (n) => text(fill("panic: x\n", n) + HEADER + FRAME),
  "names with one FNV-1a hash": (n) => colliding(n, true),
  "counts, 'a+0x1\\t' again and again": (n) => text(`${COUNTS}#\t0x1\t${fill("a+0x1\t", n)}x\n\n`),
  "counts, tabs": (n) => text(`${COUNTS}#\t0x1\tmain.f+0x1${fill("\t", n)}x\n\n`),
  "counts, colons": (n) => text(`${COUNTS}#\t0x1\tmain.f+0x1\t${fill(":1", n)}x\n\n`),
  "counts, '+0x1' again and again": (n) => text(`${COUNTS}#\t0x1\t${fill("+0x1", n)}\t/a.go:1\n\n`),
  "counts, addresses": (n) => text(`goroutine profile: total 1\n1 @${fill(" 0x1", n)}x\n\n`),
  "counts, labels": (n) => text(`${COUNTS}# labels: {${count(n, 14, (i) => `"k${i}":"v", `)}"a":"b"}\n#\t0x1\tmain.f+0x1\t/a.go:1\n\n`),
  "counts, many records": (n) => text(`goroutine profile: total 1\n${fill("1 @ 0x1\n#\t0x1\tmain.f+0x1\t\t/a.go:1\n\n", n)}`),
  "counts, many lines that are none": (n) => text(COUNTS + fill("?\n", n)),
};

/** Profiles (pprof protobufs) of about `size` bytes. */
export const PROFILE_SHAPES: Readonly<Record<string, (size: number) => Buffer>> = {
  "empty strings": (n) => Buffer.concat([TYPES, sample([1], 1), STRINGS, Buffer.alloc(n, Buffer.from([0x32, 0]))]),
  "empty functions": (n) => Buffer.concat([TYPES, STRINGS, Buffer.alloc(n, Buffer.from([0x2a, 0]))]),
  "functions": (n) => Buffer.concat([TYPES, STRINGS, ...Array.from({ length: n / 8 }, (_, i) => field(5, integer(1, i + 1)))]),
  "locations": (n) => Buffer.concat([TYPES, STRINGS, ...Array.from({ length: n / 8 }, (_, i) => field(4, integer(1, i + 1)))]),
  "sample types": (n) => Buffer.concat([Buffer.alloc(n, TYPES), STRINGS]),
  "tiny samples": (n) => Buffer.concat([TYPES, location(1, [5]), FUNCTION, STRINGS, Buffer.alloc(n, sample([1], 1))]),
  "samples of one long location": (n) => Buffer.concat([TYPES, location(1, Array<number>(400).fill(5)), FUNCTION, STRINGS, Buffer.alloc(n, sample([1], 1))]),
  "one sample, locations": (n) => Buffer.concat([TYPES, sample(Array<number>(n).fill(1), 1), location(1, [5]), FUNCTION, STRINGS]),
  "one sample, labels": (n) => Buffer.concat([TYPES, field(2, Buffer.concat([field(1, varint(1)), field(2, varint(1)), Buffer.alloc(n, field(3, Buffer.concat([integer(1, 1), integer(2, 2)])))])), location(1, [5]), FUNCTION, STRINGS]),
  "one location, lines": (n) => Buffer.concat([TYPES, sample([1], 1), location(1, Array<number>(Math.floor(n / 6)).fill(5)), FUNCTION, STRINGS]),
};

/** Small files that asked for gigabytes: `bytes` is what is sent, packed where that makes it small. */
export const BOMBS: Readonly<Record<string, () => Buffer>> = {
  "a location of 30,000 lines, named 30,000 times": () => Buffer.concat([TYPES, sample(Array<number>(30_000).fill(1), 1), location(1, Array<number>(30_000).fill(5)), FUNCTION, STRINGS]),
  "samples that each name it": () => Buffer.concat([TYPES, location(1, Array<number>(60_000).fill(5)), FUNCTION, STRINGS, Buffer.alloc(1 << 20, sample([1], 1))]),
  "262 million empty strings": () => gzipSync(PROFILE_SHAPES["empty strings"]!(500 << 20)),
  "44 million samples": () => gzipSync(PROFILE_SHAPES["tiny samples"]!(400 << 20)),
  "22 million snapshots": () => gzipSync(TEXT_SHAPES["many snapshots"]!(500 << 20)),
  "28 million lines that are lost": () => gzipSync(TEXT_SHAPES["many headers that are none"]!(500 << 20)),
  "250 million lines that counts do not know": () => gzipSync(TEXT_SHAPES["counts, many lines that are none"]!(500 << 20)),
  "5 million races": () => gzipSync(TEXT_SHAPES["races"]!(500 << 20)),
  "250 million functions": () => gzipSync(PROFILE_SHAPES["empty functions"]!(500 << 20)),
  "12 million records": () => gzipSync(TEXT_SHAPES["counts, many records"]!(500 << 20)),
  "one line of 500 MB": () => gzipSync(TEXT_SHAPES["one line"]!(500 << 20)),
};

const HEADER = "goroutine 1 [select]:\n";
const FRAME = "main.f()\n\t/a.go:1 +0x1\n\n";
const COUNTS = "goroutine profile: total 1\n1 @ 0x1\n";

const text = (of: string): Buffer => Buffer.from(of);
const fill = (part: string, size: number): string => part.repeat(Math.max(1, Math.floor(size / part.length)));
const count = (size: number, each: number, make: (i: number) => string): string => Array.from({ length: Math.floor(size / each) }, (_, i) => make(i)).join("");

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest >= 0x80n ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
const integer = (number: number, value: number): Buffer => Buffer.concat([varint(number * 8), varint(value)]);
const location = (id: number, lines: readonly number[]): Buffer => field(4, Buffer.concat([integer(1, id), ...lines.map((line) => field(4, Buffer.concat([integer(1, 5), integer(2, line)])))]));
const sample = (locations: readonly number[], count: number): Buffer => field(2, Buffer.concat([field(1, Buffer.concat(locations.map(varint))), field(2, varint(count))]));
const TYPES = field(1, Buffer.concat([integer(1, 1), integer(2, 2)]));
const FUNCTION = field(5, Buffer.concat([integer(1, 5), integer(2, 3), integer(4, 4)]));
const STRINGS = Buffer.concat(["", "goroutine", "count", "main.f", "/a/b.go"].map((word) => field(6, Buffer.from(word))));

/** A profile with numbers that a strange program may have written: of one sample, `count` goroutines at `line`. */
export function oddProfile(count: bigint, line: bigint): Buffer {
  const number = (of: number, value: bigint): Buffer => Buffer.concat([varint(of * 8), bigVarint(value)]);
  const lines = field(4, Buffer.concat([integer(1, 5), number(2, line)]));
  return Buffer.concat([TYPES, field(2, Buffer.concat([integer(1, 1), number(2, count)])), field(4, Buffer.concat([integer(1, 1), lines])), FUNCTION, STRINGS]);
}

function bigVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest >= 0x80n ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/**
 * Function names that all have the FNV-1a hash of the interner (Joux, CRYPTO 2004): pairs of words that collide, one
 * after the other, so that n pairs give 2^n names.
 */
export function colliding(size: number, evil: boolean): Buffer {
  pairs ??= findPairs();
  const parts: string[] = [];
  for (let n = 0, bytes = 0; bytes < size; n++) {
    let name = "main.f";
    for (let bit = 0; bit < pairs.length; bit++) name += evil ? pairs[bit]![(n >> bit) & 1]! : ["aaaa", "bbbb"][(n >> bit) & 1]!;
    const goroutine = `goroutine ${n + 1} [select]:\n${name}()\n\t/a.go:1 +0x1\n\n`;
    parts.push(goroutine);
    bytes += goroutine.length;
  }
  return Buffer.from(parts.join(""));
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
let pairs: (readonly [string, string])[] | undefined;

function findPairs(): (readonly [string, string])[] {
  const step = (hash: number, word: string): number => [...word].reduce((h, c) => Math.imul(h ^ c.charCodeAt(0), 16777619), hash);
  const found: (readonly [string, string])[] = [];
  for (let hash = step(0x811c9dc5, "main.f"); found.length < 17; ) {
    const seen = new Map<number, string>();
    for (let i = 0; ; i++) {
      const word = [1, 62, 3844, 238328].map((power) => LETTERS[Math.floor(i / power) % 62]).join("");
      const key = step(hash, word);
      const other = seen.get(key);
      if (other !== undefined) {
        found.push([other, word]);
        hash = key;
        break;
      }
      seen.set(key, word);
    }
  }
  return found;
}
