import type { SavedWorld } from "./guest/guest-world.js";
import type { RunState } from "./run/run-state.js";

/** A run that can be put back, with its world. */
export interface SavedRun {
  readonly world: SavedWorld;
  readonly run: RunState;
}

/** The same program, with the same operations ignored, and the module as it is. */
export interface StepKey {
  readonly program: string;
  /** How many programs had begun. */
  readonly began: number;
  readonly isNoted: boolean;
}

interface KeptStep {
  readonly key: StepKey;
  /** Undefined: the program was run once. */
  readonly saved: SavedRun | undefined;
  /** The subtests that the first step has come to. */
  readonly subtests: ReadonlySet<string>;
}

/**
 * The world after a program's first step, which nothing chooses (package testing sets a test up in it): later runs begin there.
 * None where the step wrote something or ended the run, nor of runs that are traced or watched, whose records no copy holds.
 */
export class FirstStep {
  #kept: KeptStep | undefined;

  of(key: StepKey): { readonly saved: SavedRun; readonly subtests: ReadonlySet<string> } | undefined {
    const { saved, subtests } = this.#kept !== undefined && isSame(this.#kept.key, key) ? this.#kept : {};
    return saved && { saved, subtests: subtests! };
  }

  /** A first step was done. It is kept when the program is run for the second time: many are run once. `save` gives undefined where none is to be kept. */
  done(key: StepKey, subtests: ReadonlySet<string>, save: () => SavedRun | undefined): void {
    const isSecond = this.#kept !== undefined && isSame(this.#kept.key, key);
    this.#kept = { key, saved: isSecond ? save() : undefined, subtests: new Set(subtests) };
  }
}

const isSame = (a: StepKey, b: StepKey): boolean => a.program === b.program && a.began === b.began && a.isNoted === b.isNoted;
