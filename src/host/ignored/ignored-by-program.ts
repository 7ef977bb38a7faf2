import { calibrate } from "./calibration-run.js";
import { Callers, IgnoredOperations } from "./ignored-operations.js";

/**
 * Which operations of the standard library are choices: those that others may notice, by what a program's first runs show
 * (local-sites.ts); or every one that is none by the table (ignored-operations.ts).
 */
export type Steps = "noticed" | "every";

type Calibrated = Parameters<typeof calibrate>[0];

/** Which operations of the standard library are no choice, for each program of a module: its first runs show it. */
export class IgnoredByProgram {
  readonly callers = new Callers();
  readonly #everything: boolean | undefined;
  readonly #known = new Map<string, IgnoredOperations>();

  constructor(everything: boolean | undefined) {
    this.#everything = everything;
  }

  of(program: string): IgnoredOperations {
    return this.#known.get(program) ?? new IgnoredOperations(this.callers);
  }

  /** Before a program's first run: which rows of the table are none for it. */
  calibrate(program: string, steps: Steps, begin: () => Calibrated): void {
    if (this.#known.has(program)) return;
    const ignored = new IgnoredOperations(this.callers, this.#everything);
    this.#known.set(program, ignored);
    do {
      calibrate(begin(), "first");
    } while (ignored.takeOut());
    calibrate(begin(), "last");
    ignored.takeOut();
    if (steps === "every") ignored.sites.none();
    else ignored.sites.learned();
  }

  /** A run has shown that steps were left out that others notice (local-sites.ts), or that ran unseen. */
  isRefuted(program: string): boolean {
    const ignored = this.#known.get(program);
    return ignored !== undefined && (ignored.hasCollected || ignored.sites.late.size > 0);
  }

  /** What that bounds, in whole sentences. */
  limits(program: string): readonly string[] {
    const ignored = this.#known.get(program);
    const held = (ignored?.suspects ?? []).map(
      (prefix) => `a lock of the standard library's (${prefix}) was held while its goroutine waited, in some schedule only: who takes it first was not tried both ways`,
    );
    const shared = [...new Set([...(ignored?.sites.late ?? [])].map((pc) => this.callers.at(pc)?.name ?? "the standard library"))].map(
      (name) => `what ${name} locks or reads was used by one goroutine alone in the first runs, and by another as well in some schedule: who comes first was not tried both ways`,
    );
    return [...held, ...shared, ...(ignored?.hasCollected === true ? [COLLECTED] : [])];
  }
}

const COLLECTED = "the runtime collected in some of its runs (runtime.GC, or 256 MiB of heap): finalizers and cleanups ran within that step, and what they do was not tried in other orders";
