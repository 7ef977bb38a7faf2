import type { Listener } from "../pipeline/go/explore-request.js";
import { spellOut } from "../base/spell-out.js";
import { withoutCommands } from "../report/shared/safe-text.js";
import { number, seconds } from "../report/exploration/verdict-words.js";
import type { Io } from "./io.js";

/**
 * What is told on stderr while it works: one line that is written over, on a terminal only; long builds are told
 * everywhere, for nobody should wait half a minute without a word.
 */
export class ProgressLine {
  readonly #io: Io;
  readonly #atMost: ((left: number) => number) | undefined;
  #shown = false;
  /** Programs: known of so far, done, with findings. */
  #planned = 0;
  #done = 0;
  #found = 0;

  /** `atMost`: milliseconds in which so many programs are explored at the latest. */
  constructor(io: Io, atMost?: (left: number) => number) {
    this.#io = io;
    this.#atMost = atMost;
  }

  /** The pipeline's listener; `before` is called ahead of each line of the program's own output. */
  listener(output: Listener["output"]): Listener {
    return {
      building: (event) => {
        if (event.kind === "built") this.clear();
        else if (event.first) this.#tell(`building ${event.package} (the standard library too, for the first time: about 30 s) …`, true);
        else this.#tell(`building ${event.package} …`, false);
      },
      progress: ({ program, schedules, rate, depth, found }) =>
        this.#tell(`${this.#left()}${program}: ${number(schedules)} schedules, ${number(rate)} a second, depth ${depth}, ${found} found`, false),
      planned: (more) => void (this.#planned += more),
      examined: ({ findings }) => {
        this.#done++;
        if (findings.length > 0) this.#found++;
        this.clear();
      },
      ...(output === undefined
        ? {}
        : {
            output: (stream: "stdout" | "stderr", bytes: Uint8Array) => {
              this.clear();
              return output(stream, bytes);
            },
          }),
    };
  }

  /**
   * What is left, where there are several, and how long that takes at the most: how long it will take nobody knows, for a
   * program may be explored completely in its first second.
   */
  #left(): string {
    if (this.#planned < 2) return "";
    const left = Math.max(1, this.#planned - this.#done);
    const time = this.#atMost === undefined ? "" : `, at most ${seconds(this.#atMost(left))} of exploring`;
    return `${number(left)} of ${number(this.#planned)} left${time}${this.#found > 0 ? `, ${number(this.#found)} with findings` : ""}; `;
  }

  clear(): void {
    if (this.#shown) this.#io.stderr.write("\r\u001b[K");
    this.#shown = false;
  }

  #tell(words: string, everywhere: boolean): void {
    const text = withoutCommands(spellOut(words)); // a test's name is the user's, or somebody else's
    if (!this.#io.isTTY.stderr) {
      if (everywhere) this.#io.stderr.write(`unpark: ${text}\n`);
      return;
    }
    this.#io.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, this.#io.columns - 1))}`);
    this.#shown = true;
  }
}
