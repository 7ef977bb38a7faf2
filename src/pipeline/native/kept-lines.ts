import { number } from "../../base/numerals.js";
import { FailingLines } from "../../report/exploration/failing-lines.js";

/** As much of what a package's tests printed as is kept: the first lines, and behind them those that say how a test failed. */
export class KeptLines {
  readonly #lines: string[] = [];
  readonly #failing = new FailingLines();
  #leftOut = 0;

  push(line: string): void {
    const tells = this.#failing.tell(line);
    if (this.#lines.length < FIRST || (tells && this.#lines.length < MOST)) this.#lines.push(line);
    else this.#leftOut++;
  }

  text(): string {
    const first = this.#lines.slice(0, FIRST);
    const left = this.#leftOut === 0 ? [] : [`… ${number(this.#leftOut)} ${this.#leftOut === 1 ? "line is" : "lines are"} not kept …`];
    return [...first, ...left, ...this.#lines.slice(FIRST)].join("\n");
  }
}

const FIRST = 1_000;
const MOST = 2_000;
