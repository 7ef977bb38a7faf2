import { number } from "../../base/numerals.js";

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

/** A package's native output as it is printed: all of it, or of a long one what says how it failed, or how it began. */
export function shownLines(output: string): readonly string[] {
  const all = output.trimEnd().split("\n");
  if (all.length <= MOST_LINES) return all;
  const failing = new FailingLines();
  const telling = all.filter((line) => failing.tell(line));
  const shown = (telling.length > 0 ? telling : all).slice(0, MOST_LINES);
  return [...shown, `… ${number(all.length - shown.length)} more lines, as go test prints them`];
}

/** A panic prints every goroutine. */
const MOST_LINES = 60;
