import type { Checkpoint, Run } from "../../model/run/program.js";

export interface Saving {
  /** A state is saved where backtracking would otherwise do more than twice so many steps again; 0: never. */
  readonly every: number;
  /** Bytes that all saved states together may hold. */
  readonly bytes: number;
}

export const DEFAULT_SAVING: Saving = { every: 32, bytes: 256 * 1024 * 1024 };
/** Of each thread that helps: there may be as many as cores. */
export const HELPERS_SAVING: Saving = { every: 32, bytes: 64 * 1024 * 1024 };

/**
 * Saved states along the current run, for hosts that can copy the world: backtracking goes on from the deepest one above
 * the choice instead of running again from the start.
 *
 * V1. Depths grow along the list, and every state belongs to a prefix of the current stack.
 * V2. Where memory is short the shallowest goes: depth-first search backtracks to the deep ones far more often.
 */
export class SavedStates {
  readonly #saving: Saving;
  #states: { readonly depth: number; readonly checkpoint: Checkpoint }[] = [];
  #bytes = 0;

  constructor(saving: Saving) {
    this.#saving = saving;
  }

  /**
   * At which depth to save on the way to a choice at `depth`: somewhat above it, for the choices after this one are
   * likely to be above it, too. Only on a way that is gone again: most runs go to places that are not returned to.
   */
  wish(depth: number): number | undefined {
    const { every } = this.#saving;
    if (every === 0) return undefined;
    const at = depth - every;
    return at - (this.deepest()?.depth ?? 0) >= every ? at : undefined;
  }

  /** The run stands before step `depth`. */
  save(run: Run, depth: number): void {
    if (!run.fork) return;
    const checkpoint = run.fork();
    this.#states.push({ depth, checkpoint });
    this.#bytes += checkpoint.bytes;
    while (this.#bytes > this.#saving.bytes && this.#states.length > 0) this.#release(this.#states.shift()!);
  }

  /** States at this depth and below are no longer on the way. */
  forget(depth: number): void {
    while (this.#states.length > 0 && this.#states.at(-1)!.depth >= depth) this.#release(this.#states.pop()!);
  }

  deepest(): { readonly depth: number; readonly checkpoint: Checkpoint } | undefined {
    return this.#states.at(-1);
  }

  #release({ checkpoint }: { readonly checkpoint: Checkpoint }): void {
    this.#bytes -= checkpoint.bytes;
    checkpoint.release();
  }
}
