import type { Creator, Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { plainReason, stateOfReason } from "../../model/goroutine/wait.js";
import { SIZES, type MemoryBudget } from "../memory.js";
import type { InputOrigin } from "../result.js";

/**
 * What panicparse (github.com/maruel/panicparse) prints: one bucket for goroutines that look alike, with package,
 * place and function of each frame in columns.
 *
 *   `12: chan receive [2~5 minutes] [locked] [Created by load.Run @ load.go:30]`
 *   `    load     load.go:42         (*Pool).work(#1, 0x3)`
 *   `    (...)`
 */
const BUCKET = /^\s{0,3}(\d{1,9}): ([a-zA-Z][\w ().]*?)(?: \[(\d{1,9})(?:~(\d{1,9}))? minutes\])?( \[locked\])?(?: \[Created by (\S.*?) @ (\S+):(\d{1,9})\])?$/;
const FRAME = /^ {3,9}(\S+)\s+(\S+):(\d{1,9})\s+(\S.*)\)$/;
const STATES = /^(?:running|runnable|syscall|select|chan |IO wait|sleep|sem|sync\.|GC |force gc|finalizer|idle|wait|debug|timer|trace|coroutine|cleanup|preempted|copystack|synctest|dead)/;

export function beginsPanicparse(line: string): boolean {
  const match = line.length < 1000 ? BUCKET.exec(line) : null;
  return match !== null && STATES.test(match[2]!);
}

export class PanicparseReader {
  readonly #origin: InputOrigin;
  readonly #budget: MemoryBudget;
  readonly #goroutines: Goroutine[] = [];
  #open: { goroutine: Goroutine; stack: Frame[] } | undefined;

  constructor(origin: InputOrigin, budget: MemoryBudget) {
    this.#origin = origin;
    this.#budget = budget;
  }

  line(line: string): boolean {
    const bucket = beginsPanicparse(line) ? BUCKET.exec(line) : null;
    if (bucket) {
      this.#close();
      this.#budget.take(SIZES.goroutine);
      const [, count, words, min, max, locked, creator, file, at] = bucket;
      const state = stateOfReason(plainReason(words!));
      const createdBy: { createdBy?: Creator } = creator === undefined ? {} : { createdBy: { function: creator, file: file!, line: Number(at) } };
      const waits = max ?? min;
      const stack: Frame[] = [];
      this.#open = {
        stack,
        goroutine: {
          count: Number(count), state, waitReason: state === "running" || state === "runnable" ? "" : words!, stack,
          ...(waits === undefined ? {} : { waitMinutes: Number(waits) }), ...(locked ? { lockedToThread: true } : {}), ...createdBy,
        },
      };
      return true;
    }
    if (!this.#open) return false;
    if (/^\s+\(\.\.\.\)$/.test(line)) return true;
    const frame = line.length < 2000 ? FRAME.exec(line) : null;
    if (!frame) return false;
    const [, pkg, file, at, call] = frame;
    const name = call!.slice(0, Math.max(call!.lastIndexOf("("), 0));
    this.#budget.take(SIZES.frame);
    this.#open.stack.push({ function: `${pkg!}.${name}`, file: file!, line: Number(at) });
    return true;
  }

  blank(): void {
    // It may stand anywhere.
  }

  end(): Snapshot {
    this.#close();
    const losses = ["this is what panicparse prints: it has no numbers of goroutines, and of paths and packages only the last part"];
    return { provenance: { how: "panicparse's output", ...this.#origin }, goroutines: this.#goroutines, losses };
  }

  #close(): void {
    if (this.#open) this.#goroutines.push(this.#open.goroutine);
    this.#open = undefined;
  }
}
