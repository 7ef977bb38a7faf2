import { err, ok, type Result } from "../base/result.js";
import type { Goroutine } from "../model/snapshot.js";
import type { Frame } from "../model/stack.js";
import { parseLabels } from "./dump/header.js";
import { StackDepths } from "./depth.js";
import { Interner } from "./dump/interner.js";
import { offsetOf, parseLocation } from "./dump/stacks.js";
import { LineSplitter } from "./lines.js";
import { MemoryBudget, SIZES } from "./memory.js";
import { reasonOfStack } from "./reason.js";
import { MOST_LOSSES, type ByteParser, type InputOrigin, type Parsed, type ParseFailure } from "./result.js";

/**
 * `debug=1` text, "legacy format" of printCountProfile in runtime/pprof/pprof.go:
 *
 *   outside  `goroutine profile: total 42` (also `goroutineleak profile: …`)   between
 *   between  `3 @ 0x47a5ce 0x4b1f2c`                                         stack
 *   stack    `# labels: {"key":"value"}`                                      stack
 *   stack    `#\t0x47a5cd\tmain.work+0x2d\t\t/src/main.go:12`                 stack
 *   stack    `#\t0x47a5cd` (no symbol)                                        stack
 *   stack    blank line                                                       between
 *
 * The total of the first line must be the sum of the counts: a difference is a loss, and said.
 */
const TOTAL = /^(goroutine|goroutineleak) profile: total (\d{1,15})$/;
const RECORD = /^(\d{1,15}) @((?: 0x[0-9a-f]+)*)$/;
const HASH = 0x23;
const TAB = 9;
const ZERO = 0x30;
const LETTER_X = 0x78;

/** What follows a frame's address; or, where nothing does, the address: the profile is not symbolized there. */
function parseFrame(text: string): Frame | undefined {
  if (/^0x[0-9a-f]+$/.test(text)) return { function: text, file: "", line: 0 };
  // `\tmain.work+0x2d\t\t/src/main.go:12`, cut by hand: with several `.*` a long line takes quadratic time
  const tab = text.indexOf("\t", 1);
  const plus = text.lastIndexOf("+0x", tab);
  const location = tab < 0 ? undefined : parseLocation(text.slice(tab).replace(/^\t+/, ""));
  const hex = text.slice(plus + 3, tab);
  if (!text.startsWith("\t") || plus < 2 || !location || location.offset !== undefined || !/^[0-9a-f]+$/.test(hex)) return undefined;
  return { function: text.slice(1, plus), ...location, ...offsetOf(hex) };
}

export class CountsParser implements ByteParser {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #lines = new LineSplitter((bytes, start, end) => this.#bytes(bytes, start, end));
  /** A frame's line without its address; undefined: it is no frame. 136 MiB of such lines have but a few different ones. */
  readonly #frames: Interner<Frame | undefined>;
  readonly #goroutines: Goroutine[] = [];
  readonly #losses: string[] = [];
  readonly #depths = new StackDepths();
  readonly #sample: string[] = [];
  #lost = 0;
  #outside = 0;
  #lineNumber = 0;
  #total = -1;
  #leaked = false;
  #record: { count: number; pcs: number; labels?: Record<string, string>; frames: Frame[] } | undefined;

  constructor(origin: InputOrigin, budget = new MemoryBudget()) {
    this.#origin = origin;
    this.#budget = budget;
    this.#frames = new Interner<Frame | undefined>(parseFrame, budget);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): Result<Parsed, ParseFailure> {
    this.#lines.end();
    this.#close();
    if (this.#total < 0) return err({ kind: "not-mine", what: "it has no line 'goroutine profile: total N'" });
    const sum = this.#goroutines.reduce((n, g) => n + g.count, 0);
    if (this.#goroutines.length === 0 && this.#total > 0) {
      const because = `its first line announces ${this.#total} goroutines, but none follows`;
      return err({ kind: "broken", at: `line ${this.#lineNumber}`, because });
    }
    if (sum !== this.#total) {
      this.#losses.push(`the profile announces ${this.#total} goroutines, but ${sum} follow: the text was cut or changed`);
    }
    if (this.#lost > MOST_LOSSES) this.#losses.push(`and ${this.#lost - MOST_LOSSES} more lines`);
    this.#losses.push(...this.#depths.losses());
    const provenance = { how: "debug=1 text", ...this.#origin };
    return ok({
      snapshots: [{ provenance, goroutines: this.#goroutines, losses: this.#losses }],
      outside: { lines: this.#outside, sample: this.#sample },
      lines: this.#lineNumber,
    });
  }

  #bytes(bytes: Uint8Array, start: number, end: number): void {
    this.#lineNumber++;
    // `#\t0x47a5cd`: what follows it is the same for each call of the place
    if (this.#record && end - start > 4 && bytes[start] === HASH && bytes[start + 1] === TAB && bytes[start + 2] === ZERO && bytes[start + 3] === LETTER_X) {
      let at = start + 4;
      while (at < end && bytes[at] !== TAB) at++;
      const frame = this.#frames.value(this.#frames.id(bytes, at === end ? start + 2 : at, end));
      if (frame) {
        this.#budget.take(SIZES.slot);
        return void this.#record.frames.push(frame);
      }
    }
    this.#line(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8"));
  }

  #line(line: string): void {
    if (this.#total < 0) return this.#before(line);
    const record = RECORD.exec(line);
    if (record) {
      this.#close();
      this.#budget.take(SIZES.goroutine);
      this.#record = { count: Number(record[1]), pcs: record[2]!.split(" ").length - 1, frames: [] };
    } else if (line === "") this.#close();
    else if (!this.#record) this.#sayOutside(line);
    else if (line.startsWith("# labels: ")) this.#labels(line.slice(10));
    else this.#lose(`line ${this.#lineNumber}: not understood within a stack: ${line.slice(0, 80)}`);
  }

  #before(line: string): void {
    const total = TOTAL.exec(line);
    if (!total) return this.#sayOutside(line);
    this.#total = Number(total[2]);
    this.#leaked = total[1] === "goroutineleak";
  }

  #labels(text: string): void {
    const labels = parseLabels(text);
    this.#budget.take(SIZES.row + 10 * text.length); // up to a label for every four bytes
    if (labels) this.#record!.labels = labels;
    else this.#lose(`line ${this.#lineNumber}: labels that could not be read: ${text.slice(0, 80)}`);
  }

  #close(): void {
    const record = this.#record;
    this.#record = undefined;
    if (!record) return;
    if (record.frames.length === 0 && record.pcs > 0) {
      this.#lose(`line ${this.#lineNumber}: ${record.count} goroutines without a stack: its frames are missing`);
    }
    // The frames above the first that is not the runtime's are left out, but their addresses are counted.
    this.#depths.add(record.pcs, record.count, /^runtime\.(main|goexit)$/.test(record.frames[record.frames.length - 1]?.function ?? ""));
    this.#goroutines.push({
      count: record.count,
      ...reasonOfStack(record.frames),
      ...(record.labels ? { labels: record.labels } : {}),
      stack: record.frames,
      ...(this.#leaked ? { unreachable: true } : {}),
    });
  }

  #lose(what: string): void {
    this.#lost++;
    if (this.#lost <= MOST_LOSSES) this.#losses.push(what);
  }

  #sayOutside(line: string): void {
    this.#outside++;
    if (line !== "" && this.#sample.length < 8) this.#sample.push(line.slice(0, 200));
  }
}
