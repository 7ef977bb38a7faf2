import { MOST_LOSSES } from "../result.js";
import { textOf } from "./line-matchers.js";

/** What a dump's reader says of the text besides its goroutines: what is outside of them, and what was lost. */
export class Remarks {
  /** Lines so far. */
  line = 0;
  /** Of the snapshot that is being read. */
  losses: string[] = [];
  #lost = 0;
  /** Lines outside of goroutines. */
  outside = 0;
  /** The first few of them, shortened. */
  readonly sample: string[] = [];
  readonly #onMessage: (message: string) => void;

  /** `onMessage` hears of a line with which a process says how it dies. */
  constructor(onMessage: (message: string) => void) {
    this.#onMessage = onMessage;
  }

  lose(what: string, line = this.line): void {
    this.add(`line ${line}: ${what}`);
  }

  add(loss: string): void {
    this.#lost++;
    if (this.#lost <= MOST_LOSSES) this.losses.push(loss);
  }

  /** All that was lost since the last call. */
  takeLosses(): readonly string[] {
    const taken = this.#lost > MOST_LOSSES ? [...this.losses, `and ${this.#lost - MOST_LOSSES} more places`] : this.losses;
    this.losses = [];
    this.#lost = 0;
    return taken;
  }

  /** A line outside of goroutines. */
  say(bytes: Uint8Array, start: number, end: number): void {
    this.outside++;
    if (this.sample.length >= 8 && !MESSAGES.has(bytes[start]!)) return;
    const line = textOf(bytes, start, Math.min(end, start + 200)).trim();
    if (/^(panic: |fatal error: |SIG[A-Z]+: )/.test(line)) this.#onMessage(line);
    if (this.sample.length < 8) this.sample.push(line);
  }
}

/** `p`, `f`, `S`: how a message may begin. */
const MESSAGES = new Set([0x70, 0x66, 0x53]);
