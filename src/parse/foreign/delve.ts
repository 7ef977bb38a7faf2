import type { Creator, Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { plainReason, stateOfReason } from "../../model/goroutine/wait.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import { reasonOfStack } from "../reason.js";
import type { InputOrigin } from "../result.js";

/**
 * What delve prints for `goroutines`, and with `-t` below each its stack (pkg/terminal/command.go and
 * service/api/prettyprint.go of github.com/go-delve/delve):
 *
 *   `* Goroutine 1 - User: ./main.go:20 main.main (0x4a1234) (thread 123) [chan receive 12345]`
 *   `	0  0x000000000043a8f6 in runtime.gopark`
 *   `	    at /usr/local/go/src/runtime/proc.go:398`
 *   `[12 goroutines]`
 */
const GOROUTINE = /^\s{0,9}(?:\* )?Goroutine (\d{1,15}) - (User|Runtime|Go|Start): (\S.*?):(\d{1,9}) (\S.*?) \((0x[0-9a-f]+)\)(?: \(thread \d+\))?(?: \[([^\]]*?)(?: \d+)?\])?$/;
const FRAME = /^\s{0,9}\d{1,6}\s+0x[0-9a-f]+ in (\S.*)$/;
const PLACE = /^\s+at (\S.*):(\d{1,9})$/;

export const beginsDelve = (line: string): boolean => line.includes("Goroutine ") && line.length < 5000 && GOROUTINE.test(line);

export class DelveReader {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #goroutines: Goroutine[] = [];
  #open: { id: number; what: string; place: Frame; reason: string; stack: Frame[] } | undefined;
  #function: string | undefined;
  #announced: number | undefined;

  constructor(origin: InputOrigin, budget: MemoryBudget) {
    this.#origin = origin;
    this.#budget = budget;
  }

  line(line: string): boolean {
    const header = line.length < 5000 ? GOROUTINE.exec(line) : null;
    if (header) {
      this.#close();
      this.#budget.take(SIZES.goroutine + SIZES.frame);
      const [, id, what, file, at, name, , reason] = header;
      this.#open = { id: Number(id), what: what!, place: { function: name!, file: file!, line: Number(at) }, reason: reason ?? "", stack: [] };
      return true;
    }
    const total = /^\[(\d{1,15}) goroutines\]$/.exec(line);
    if (total) {
      this.#announced = Number(total[1]);
      return true;
    }
    const frame = FRAME.exec(line.slice(0, 2000));
    if (frame && this.#open) {
      this.#function = frame[1];
      return true;
    }
    const place = PLACE.exec(line.slice(0, 5000));
    if (place && this.#open && this.#function !== undefined) {
      this.#budget.take(SIZES.frame);
      this.#open.stack.push({ function: this.#function, file: place[1]!, line: Number(place[2]) });
      this.#function = undefined;
      return true;
    }
    return false;
  }

  blank(): void {
    // It may stand anywhere.
  }

  end(): Snapshot {
    this.#close();
    const losses = ["this is what delve's 'goroutines' prints: it has no waiting times and no addresses of locks"];
    const bare = this.#goroutines.filter(({ stack }) => stack.length <= 1).length;
    if (bare * 2 > this.#goroutines.length) losses.push("each goroutine is shown with one place only: 'goroutines -t' prints the stacks");
    if (this.#announced !== undefined && this.#announced !== this.#goroutines.length) {
      losses.push(`delve announces ${this.#announced} goroutines, but ${this.#goroutines.length} are here`);
    }
    return { provenance: { how: "delve's goroutines", ...this.#origin }, goroutines: this.#goroutines, losses };
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const stack = open.stack.length > 0 || open.what === "Go" || open.what === "Start" ? open.stack : [open.place];
    const said = open.reason === "" ? reasonOfStack(stack) : { state: stateOfReason(plainReason(open.reason)), waitReason: open.reason };
    const createdBy: { createdBy?: Creator } = open.what === "Go" ? { createdBy: open.place } : {};
    this.#goroutines.push({ id: open.id, count: 1, ...said, stack, ...createdBy });
  }
}
