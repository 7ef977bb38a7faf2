import { err, ok, type Result } from "../../base/result.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import { type CarriedReader, CarriedTexts } from "./carried-texts.js";
import { CountsReader } from "../counts.js";
import { Remarks } from "../dump/diagnostics.js";
import { DumpReader } from "../dump/dump.js";
import { LastWords } from "../dump/last-words.js";
import { RaceLines } from "../dump/race-lines.js";
import { beginsDelve, DelveReader } from "../foreign/delve.js";
import { beginsPanicparse, PanicparseReader } from "../foreign/panicparse.js";
import type { MemoryBudget } from "../memory.js";
import type { InputOrigin, Parsed, ParseFailure } from "../result.js";
import { textFailure } from "./text-failure.js";

/** The forms that goroutines have in a text, each with its reader, and what came of them. At most one is open at a time. */
export class TextForms {
  readonly remarks = new Remarks();
  readonly words = new LastWords();
  readonly dump: DumpReader;
  readonly counts: CountsReader;
  readonly carried: CarriedTexts;
  readonly races: RaceLines;
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #snapshots: Snapshot[] = [];
  #foreign: DelveReader | PanicparseReader | undefined;
  #otherProfile: string | undefined; // records that follow are not of goroutines
  #announced = 0;

  constructor(origin: InputOrigin, budget: MemoryBudget, depth: number, carriedReader: () => CarriedReader) {
    this.#origin = origin;
    this.#budget = budget;
    this.dump = new DumpReader(origin, budget, this.remarks, this.words, (snapshot) => this.#snapshots.push(snapshot));
    this.counts = new CountsReader(origin, budget);
    this.races = new RaceLines(budget);
    this.carried = new CarriedTexts(budget, depth, carriedReader);
  }

  get isOtherProfile(): boolean {
    return this.#otherProfile !== undefined;
  }

  beginCounts(line: string): void {
    this.endCounts();
    this.endForeign();
    this.dump.closeSnapshot();
    this.#otherProfile = undefined;
    this.counts.begin(line, this.remarks.line);
  }

  endCounts(): void {
    this.#announced += this.counts.announced;
    const snapshot = this.counts.end();
    if (snapshot) this.#snapshots.push({ ...snapshot, ...this.words.take() });
  }

  /** A line with which another program's form begins, or another profile. True: it is dealt with. */
  begins(text: string): boolean {
    if (beginsDelve(text)) return this.#beginForeign(new DelveReader(this.#origin, this.#budget), text);
    if (beginsPanicparse(text)) return this.#beginForeign(new PanicparseReader(this.#origin, this.#budget), text);
    const other = /^(\w{1,40}) profile: (?:total )?\d+|^--- (contention|mutex):$/.exec(text);
    if (other && !isCutName(other[1])) this.#otherProfile = other[1] ?? (other[2] === "contention" ? "block" : "mutex");
    return false;
  }

  #beginForeign(reader: DelveReader | PanicparseReader, text: string): boolean {
    this.endForeign();
    this.#foreign = reader;
    return reader.line(text);
  }

  /** True: the line is of another program's form that is open. */
  foreignLine(text: string): boolean {
    return this.#foreign?.line(text) === true;
  }

  foreignBlank(): void {
    this.#foreign?.blank();
  }

  endForeign(): void {
    const snapshot = this.#foreign?.end();
    this.#foreign = undefined;
    if (snapshot) this.#snapshots.push({ ...snapshot, ...this.words.take() });
  }

  /** `open`: the last line has no end. */
  end(open: boolean): Result<Parsed, ParseFailure> {
    this.endForeign();
    this.endCounts();
    if (open && this.carried.depth > 0 && !this.dump.reading) this.remarks.add("the text that a line carries has no line end: if it was cut there, what followed is missing");
    this.dump.end(open);
    this.remarks.line = Math.max(this.remarks.line, 0);
    const children = this.carried.end();
    const snapshots = [...this.#snapshots, ...children.flatMap((child) => (child.ok ? child.value.snapshots : []))];
    const races = [...this.races.reports, ...children.flatMap((child) => (child.ok ? (child.value.races ?? []) : []))];
    if (snapshots.length === 0) return err(brokenOf(children) ?? this.#failure());
    if (this.#announced > 0) {
      const last = snapshots[snapshots.length - 1]!;
      snapshots[snapshots.length - 1] = { ...last, losses: [...last.losses, `another profile announces ${this.#announced} goroutines, but none follows`] };
    }
    return ok({
      snapshots,
      outside: { lines: this.remarks.outside, sample: this.remarks.sample },
      lines: this.remarks.line,
      ...(races.length > 0 ? { races } : {}),
    });
  }

  #failure(): ParseFailure {
    return textFailure({ lines: this.remarks.line, losses: this.dump.leftLosses(), announced: this.#announced, otherProfile: this.#otherProfile, races: this.races.reports, isJson: this.carried.isJson });
  }
}

/** `utine profile: total 9`: the text's beginning is missing. */
const isCutName = (name: string | undefined): boolean => name !== undefined && ("goroutine".endsWith(name) || "goroutineleak".endsWith(name));

function brokenOf(children: readonly Result<Parsed, ParseFailure>[]): ParseFailure | undefined {
  for (const child of children) if (!child.ok && child.error.kind === "broken") return child.error;
  return undefined;
}
