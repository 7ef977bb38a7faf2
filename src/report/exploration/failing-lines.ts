import { number } from "../../base/numerals.js";
import { alikeTogether, type ToldLine } from "./alike-failures.js";

/**
 * Which lines of what `go test` prints say how a test failed: `--- FAIL: TestX`, the indented lines below it, and all that
 * comes after a panic. Among thousands of lines of a program's own log they are what a person looks for.
 */
export class FailingLines {
  #isBelow = false;
  #isDead = false;

  /** To be asked of each line, in order. */
  tell(line: string): boolean {
    this.#isDead ||= /^(panic: |fatal error: |SIG[A-Z]+: )/.test(line);
    this.#isBelow = this.#isDead || /^\s*--- FAIL: /.test(line) || (this.#isBelow && /^ {4}/.test(line));
    return this.#isBelow;
  }
}

/** A package's native output as it is printed: all of it, or of a long one what says how it failed, or how it began; with `most` no more lines than these, of which -v shows more. */
export function shownLines(output: string, most?: number): readonly string[] {
  const told = toldIn(output);
  const shown = told.shown.slice(0, most);
  const left = told.all - shown.reduce((sum, { behind }) => sum + (behind.length > 0 ? behind.length : 1), 0);
  return [...shown.map(({ text }) => text), ...(left === 0 ? [] : [`… ${number(left)} more ${left === 1 ? "line" : "lines"}${shown.length < told.shown.length ? " (-v)" : ", as go test prints them"}`])];
}

/** The lines of it that are shown, and those that stand behind one that is: what need not be told again. */
export const toldLines = (output: string): readonly string[] => toldIn(output).shown.flatMap(({ text, behind }) => (behind.length > 0 ? behind : [text]));

function toldIn(output: string): { readonly all: number; readonly shown: readonly ToldLine[] } {
  const lines = output.trimEnd().split("\n");
  const all = alikeTogether(lines);
  if (all.length <= MOST_LINES) return { all: lines.length, shown: all };
  const failing = new FailingLines();
  const telling = alikeTogether(lines.filter((line) => failing.tell(line)));
  return { all: lines.length, shown: (telling.length > 0 ? telling : all).slice(0, MOST_LINES) };
}

/** A panic prints every goroutine. */
const MOST_LINES = 60;
