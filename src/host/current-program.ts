import type { RunOptions } from "../model/run/program.js";
import { boundsOf, type GoProgramOptions } from "./go-program-options.js";
import type { JumpOptions } from "./guest/jumps.js";
import type { RunBounds } from "./guest/module-host.js";
import type { IgnoredByProgram } from "./ignored/ignored-by-program.js";
import type { IgnoredOperations } from "./ignored/ignored-operations.js";
import type { ProgramId } from "./program-id.js";

export interface StartedProgram extends ProgramId {
  /** keyOf */
  readonly key: string;
  readonly options: RunOptions;
}

/** Which of a module's programs the run is one of, and what follows from what was asked of it: each made once, for they are asked for at each operation and step. */
export class CurrentProgram {
  readonly #options: GoProgramOptions;
  readonly #ignoredBy: IgnoredByProgram;
  readonly #othersCanGoOn: () => boolean;
  #started: StartedProgram = { test: -1, part: "whole", steps: "noticed", key: "", options: {} };
  #bounds: RunBounds;
  #ignored: IgnoredOperations | undefined;
  #jumps: JumpOptions | undefined;

  constructor(options: GoProgramOptions, ignoredBy: IgnoredByProgram, othersCanGoOn: () => boolean) {
    this.#options = options;
    this.#ignoredBy = ignoredBy;
    this.#othersCanGoOn = othersCanGoOn;
    this.#bounds = boundsOf(options, this.#started.options);
  }

  is(started: StartedProgram): void {
    this.#started = started;
    this.#bounds = boundsOf(this.#options, started.options);
    this.#ignored = undefined;
    this.#jumps = undefined;
  }

  get started(): StartedProgram {
    return this.#started;
  }

  get bounds(): RunBounds {
    return this.#bounds;
  }

  get ignored(): IgnoredOperations {
    return (this.#ignored ??= this.#ignoredBy.of(this.#started.key));
  }

  /** How far a step may compute. `collecting`, `calibrating`: it is no step of the program's own run. */
  jumps(most: number | undefined, collecting: boolean, calibrating: boolean): JumpOptions {
    const isOwn = !collecting && !calibrating;
    if (isOwn && this.#jumps !== undefined && this.#jumps.most === most) return this.#jumps;
    const { natural = false, preempts = !natural, overtime } = collecting ? {} : this.#started.options;
    const others = preempts && isOwn ? this.#othersCanGoOn : undefined;
    const options: JumpOptions = { most, calibrating, natural, overtime, others };
    if (isOwn) this.#jumps = options;
    return options;
  }
}
