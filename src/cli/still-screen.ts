import { clip } from "../report/watch/text.js";
import type { Io } from "./io.js";

/**
 * A screen that holds still: each painting goes over the last one from the top left corner on (ECMA-48: CUP, EL, ED), and
 * never to the last row, so that nothing scrolls. When the terminal's size changes, it is painted anew at once.
 */
export class StillScreen {
  readonly #io: Io;
  #lines: (() => readonly string[]) | undefined;
  #clear = true;
  readonly #stop: () => void;

  constructor(io: Io) {
    this.#io = io;
    this.#stop = io.onResize?.(() => {
      this.#clear = true; // the terminal has wrapped or cut what was there
      this.#paint();
    }) ?? (() => undefined);
  }

  /** @param lines asked again for each size */
  show(lines: () => readonly string[]): void {
    this.#lines = lines;
    this.#paint();
  }

  close(): void {
    this.#stop();
  }

  #paint(): void {
    if (!this.#lines) return;
    const { rows, columns } = this.#io;
    const shown = this.#lines().slice(0, Math.max(1, rows - 1)).map((line) => clip(line, columns));
    // Each line with what is left of the old one, then what is below: nothing flickers as after a cleared screen.
    this.#io.stdout.write(`${this.#clear ? "\u001b[2J" : ""}\u001b[H${shown.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    this.#clear = false;
  }
}

/** Is it one, and is somebody looking? Logs of CI may be terminals, too. */
export const holdsStill = ({ isTTY, env }: Io): boolean => isTTY.stdout && env["TERM"] !== "dumb" && !env["CI"];
