import type { RaceReport } from "../../model/finding/race.js";
import { type MemoryBudget, SIZES } from "../memory.js";
import { textOf } from "./line-matchers.js";
import { RaceReader } from "./race.js";

const FIRST = "WARNING: DATA RACE";
const BIG_E = 0x45;

/** Bytes before the first line of a race report (a logger's prefix); undefined: the line is none. */
export function beforeRace(bytes: Uint8Array, start: number, end: number): number | undefined {
  return bytes[end - 1] === BIG_E && textOf(bytes, start, end).endsWith(FIRST) ? end - start - FIRST.length : undefined;
}

/** The race detector's reports in a text, line by line; a dump ends one, too. */
export class RaceLines {
  readonly #budget: MemoryBudget;
  readonly #reports: RaceReport[] = [];
  #reader: RaceReader | undefined;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
  }

  get reports(): readonly RaceReport[] {
    return this.#reports;
  }

  get reading(): boolean {
    return this.#reader !== undefined;
  }

  /** Behind its first line, which has this number. */
  begin(line: number): void {
    this.#reader = new RaceReader(line);
  }

  /** True: the line, without its prefix, is one of the report that is read. */
  line(text: string): boolean {
    if (!this.#reader!.take(text)) return false;
    if (this.#reader!.ended) this.end();
    return true;
  }

  end(): void {
    if (this.#reader === undefined) return;
    const report = this.#reader.report();
    this.#budget.take(SIZES.race + SIZES.frame * report.accesses.reduce((n, { stack }) => n + stack.length + 1, report.goroutines.length));
    this.#reports.push(report);
    this.#reader = undefined;
  }
}
