import type { Result } from "../../base/result.js";
import { type Carried, openJson, openJsonMember } from "./envelope.js";
import { type MemoryBudget, SIZES } from "../memory.js";
import type { Parsed, ParseFailure } from "../result.js";

/** A reader of lines that another text carries. */
export interface CarriedReader {
  /** `line`: its number in the text that carries it. */
  carry(text: string, raw: boolean, line: number): void;
  end(): Result<Parsed, ParseFailure>;
}

/** The texts that a text carries: in JSON's strings, or folded into one line. Each stream of them has a reader of its own. */
export class CarriedTexts {
  /** How many texts this one is carried by. */
  readonly depth: number;
  readonly #budget: MemoryBudget;
  readonly #reader: () => CarriedReader;
  readonly #streams = new Map<string, CarriedReader>();
  #json = false;

  constructor(budget: MemoryBudget, depth: number, reader: () => CarriedReader) {
    this.depth = depth;
    this.#budget = budget;
    this.#reader = reader;
  }

  /** May a line of this one carry another text? */
  get mayCarry(): boolean {
    return this.depth < MOST_NESTED;
  }

  /** A line was JSON. */
  get isJson(): boolean {
    return this.#json;
  }

  /** True: the line is JSON, and carries something. */
  json(text: string, line: number): boolean {
    const pieces = openJson(text) ?? (text.includes('"') ? asList(openJsonMember(text)) : undefined);
    if (!pieces) return false;
    this.#json = true;
    if (pieces.length === 0) return false;
    this.#take(pieces, line);
    return true;
  }

  /** Lines that were put into one. */
  folded(lines: readonly string[], line: number): void {
    this.#take([{ stream: "folded", text: lines.join("\n"), raw: true }], line);
  }

  /** What came of each. */
  end(): readonly Result<Parsed, ParseFailure>[] {
    return [...this.#streams.values()].map((reader) => reader.end());
  }

  #take(pieces: readonly Carried[], line: number): void {
    for (const { stream, text, raw } of pieces) {
      let reader = this.#streams.get(stream);
      if (!reader) {
        this.#budget.take(SIZES.snapshot);
        this.#streams.set(stream, (reader = this.#reader()));
      }
      reader.carry(text, raw, line);
    }
  }
}

/** docker's JSON around a logger's JSON around a string: no more. */
const MOST_NESTED = 4;

const asList = (carried: Carried | undefined): readonly Carried[] | undefined => (carried ? [carried] : undefined);
