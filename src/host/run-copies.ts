import type { Checkpoint, RunOptions } from "../model/run/program.js";
import type { SavedRun } from "./first-step.js";
import type { GuestWorld } from "./guest/guest-world.js";
import type { GoRun } from "./run/go-run.js";

/** The run that is going on in a module's world, and copies of it that can be put back. */
export class RunCopies {
  readonly #world: () => GuestWorld;
  readonly #make: (began: number, options?: RunOptions) => GoRun;
  #run: GoRun | undefined;
  #root: SavedRun | undefined;

  constructor(world: () => GuestWorld, make: (began: number, options?: RunOptions) => GoRun) {
    this.#world = world;
    this.#make = make;
  }

  get run(): GoRun | undefined {
    return this.#run;
  }

  /** Control begins. */
  controls(): void {
    this.#run = this.#make(this.#world().began);
  }

  /** From the run as it is now all others begin. */
  keepRoot(): void {
    this.#root = this.save(this.#run!);
  }

  /** A new run, from the root unless `saved` is given. */
  begin(options?: RunOptions, saved = this.#root!): GoRun {
    const run = this.#make(this.#root!.run.clock.base, options);
    this.put(saved, run);
    return run;
  }

  /** `often`: it is to be put back many times. */
  save(run: GoRun, often = false): SavedRun {
    return { world: this.#world().save(often), run: run.save() };
  }

  put(saved: SavedRun, run: GoRun): void {
    this.#world().restore(saved.world);
    run.restore(saved.run);
    this.#run = run;
    this.#world().objects.refresh();
  }

  /** `restored`: the run is put back. */
  fork(run: GoRun, restored: () => void): Checkpoint {
    const saved = this.save(run);
    const { output } = this.#world();
    const { stderr } = output;
    return {
      bytes: saved.world.instance.memory.bytes.length,
      restore: () => {
        this.put(saved, run);
        output.restore(stderr);
        restored();
        return run;
      },
      release: () => undefined,
    };
  }
}
