import { spellOut } from "../../base/spell-out.js";
import { MOST_LOSSES } from "../result.js";
import { textOf } from "./line-matchers.js";

/** What a dump's reader says of the text besides its goroutines: what is outside of them, and what was lost. */
export class Remarks {
  /** Lines so far. */
  line = 0;
  /** Of the snapshot that is being read. */
  #losses: string[] = [];
  #lost = 0;
  /** What happens at many places alike is one sentence: how often, and where first. */
  readonly #repeated = new Map<string, { count: number; first: string }>();
  /** Headers of the snapshot without anything behind them. */
  stackless = 0;
  /** Lines outside of goroutines. */
  outside = 0;
  /** The first few of them, shortened. */
  readonly sample: string[] = [];

  lose(what: string, line = this.line): void {
    this.add(`line ${line}: ${what}`);
  }

  add(loss: string): void {
    this.#lost++;
    if (this.#lost <= MOST_LOSSES) this.#losses.push(spellOut(loss));
  }

  foreign(goroutine: number, line: number): void {
    this.#again("foreign", `line ${line}: foreign text in the stack of goroutine ${goroutine}; the frames around it were kept`);
  }

  unlocated(goroutine: number, line: number): void {
    this.#again("unlocated", `line ${line}: a frame of goroutine ${goroutine} has no source location behind it`);
  }

  /** A line of another stream between the lines of a dump. */
  interleaved(line: number): void {
    this.#again("interleaved", `line ${line}: a line with another prefix stands in the middle of a stack: where two dumps are written into each other, frames are missing`);
  }

  #again(kind: string, first: string): void {
    const known = this.#repeated.get(kind);
    if (known) known.count++;
    else this.#repeated.set(kind, { count: 1, first });
  }

  get lossy(): boolean {
    return this.#lost > 0 || this.#repeated.size > 0;
  }

  /** All that was lost since the last call. */
  takeLosses(): readonly string[] {
    const taken = [...this.#repeated.values()].map(({ count, first }) => (count === 1 ? first : `${first} (and ${count - 1} more like this)`));
    if (this.stackless > 0) taken.push(`no frames follow the ${this.stackless === 1 ? "header of a goroutine: its stack is" : `headers of ${this.stackless} goroutines: their stacks are`} missing`);
    taken.push(...this.#losses);
    if (this.#lost > MOST_LOSSES) taken.push(`and ${this.#lost - MOST_LOSSES} more places`);
    this.#losses = [];
    this.#lost = 0;
    this.#repeated.clear();
    this.stackless = 0;
    return taken;
  }

  /** A line outside of goroutines. */
  say(bytes: Uint8Array, start: number, end: number): void {
    this.outside++;
    if (this.sample.length >= 8) return;
    const line = spellOut(textOf(bytes, start, Math.min(end, start + 200)).trim());
    if (line !== "") this.sample.push(line);
  }
}
