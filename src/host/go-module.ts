import type { DataRace } from "../model/finding/data-race.js";
import type { Outcome } from "../model/run/outcome.js";
import type { Checkpoint, Program, Run, RunOptions } from "../model/run/program.js";
import type { Snapshot } from "../model/goroutine/snapshot.js";
import type { Trace } from "../model/run/trace.js";
import { CurrentProgram, type StartedProgram } from "./current-program.js";
import { FirstStep, type SavedRun, type StepKey } from "./first-step.js";
import type { ReadInputs } from "./files/read-inputs.js";
import { sourceOf, sourcesIn } from "../model/source/moved.js";
import type { GoProgramOptions } from "./go-program-options.js";
import { bootFailure, guestEnd } from "./guest-end.js";
import { GuestReports } from "./guest-reports.js";
import type { ProgramPart } from "./guest/guest-imports.js";
import type { GuestObjects } from "./guest/guest-objects.js";
import { BOX } from "./guest/guest-protocol.js";
import { GuestWorld, notedAfter } from "./guest/guest-world.js";
import type { ModuleHost, RunBounds } from "./guest/module-host.js";
import { IgnoredByProgram, type Steps } from "./ignored/ignored-by-program.js";
import type { IgnoredOperations } from "./ignored/ignored-operations.js";
import { keyOf } from "./program-id.js";
import { RunCopies } from "./run-copies.js";
import { GoRun } from "./run/go-run.js";
import type { GoTraceRecorder } from "./run/go-trace-recorder.js";
import { finalSnapshot } from "./run/snapshot/final-snapshot.js";
import { TestNames } from "./test-names.js";

/** Of larger worlds no first step is kept, for it is a copy of all. */
const LARGEST_FIRST_STEP = 32 * 1024 * 1024;

/** A booted module: the main program, or each of its tests, as a `Program`. */
export class GoModule implements ModuleHost<GoRun> {
  readonly #options: GoProgramOptions;
  readonly #world: GuestWorld;
  readonly #ignored: IgnoredByProgram;
  readonly #reports: GuestReports;
  readonly #firstStep = new FirstStep();
  readonly #names = new TestNames();
  readonly #runs: RunCopies;
  readonly #current: CurrentProgram;
  #calibrating = false;

  /** `noted`: the module with its stores noted (guest/dirty-pages.ts). */
  constructor(options: GoProgramOptions, module: WebAssembly.Module, noted: () => WebAssembly.Module | undefined) {
    this.#options = options;
    this.#ignored = new IgnoredByProgram(options.everything);
    this.#runs = new RunCopies(() => this.#world, (began, asked) => new GoRun(this, began, asked));
    this.#current = new CurrentProgram(options, this.#ignored, () => this.#runs.run?.othersCanGoOn === true);
    this.#reports = new GuestReports({ fuel: options.fuel, sourceOf: (file) => sourceOf(options.moved ?? [], file), world: () => this.#world, fresh: () => this.#runs.begin(), resume: (most) => this.resume(most, true) });
    this.#world = new GuestWorld(module, noted, { notedAfter: notedAfter(options.wasm.length), ...options }, {
      callers: this.#ignored.callers,
      collector: this.#reports.collector,
      run: () => this.#runs.run,
      begin: () => {
        this.#runs.controls();
        return options.args.some((arg) => arg.startsWith("-test.")) ? 0 : 1;
      },
      collectorStarted: (g) => this.#reports.startedBy(g),
      test: (name) => this.#names.found(name),
      selected: () => this.#current.started.test,
      part: () => this.#names.ownPart(this.#current.started.test, this.#current.started.part),
      subtest: (name) => this.#names.reached(this.#current.started.test, name),
    });
  }

  // ---- its programs

  get tests(): readonly string[] {
    return this.#names.tests;
  }

  /** What its programs have seen of the real files. */
  get inputs(): ReadInputs {
    return this.#world.files.inputs;
  }

  /** Program of the main package, or of the i-th test: all of it, or one part. `steps`: a schedule is one of programs with the same steps alone. */
  program(test = -1, part: ProgramPart = "whole", steps: Steps = "noticed"): Program {
    const top = test < 0 ? this.#options.name : this.tests[test]!;
    const name = typeof part === "object" && "subtest" in part ? part.subtest : top;
    const key = keyOf({ test, part, steps });
    return {
      name,
      start: (options?: RunOptions): Run => this.#start({ test, part, steps, key, options: options ?? {} }),
      limits: () => this.#ignored.limits(key),
      isRefuted: () => this.#ignored.isRefuted(key),
    };
  }

  /** The subtests of the program itself that its last run has come to, by their full names. */
  get subtests(): readonly string[] {
    return [...this.#names.subtests];
  }

  /** The data races of the last run, each pair of functions once. */
  races(): readonly DataRace[] {
    return this.#reports.races(this.#runs.run?.races ?? []);
  }

  /** To where control begins. Undefined: it did. */
  boot(): string | undefined {
    const { name } = this.#options;
    const { output } = this.#world;
    try {
      this.#world.boot();
    } catch (error) {
      return bootFailure(error, name, output.stderr);
    }
    if (this.#runs.run === undefined) return `${name} ended before control began: ${output.stderr.trim()}`;
    this.#runs.keepRoot();
    return undefined;
  }

  #start(started: StartedProgram): Run {
    const { overtime } = started.options;
    this.#calibrating = true;
    this.#ignored.calibrate(started.key, started.steps, () => this.#begun({ ...started, options: overtime === undefined ? {} : { overtime } }));
    this.#calibrating = false;
    return this.#begun(started);
  }

  #begun(started: StartedProgram): GoRun {
    const { options } = started;
    this.#is(started);
    this.#world.output.begin(options.output);
    const key = this.#calibrating || options.trace || this.isWatched ? undefined : this.#firstStepOf(started);
    const known = key === undefined ? undefined : this.#firstStep.of(key);
    this.#names.begin(known?.subtests);
    if (known !== undefined) return this.#runs.begin(options, known.saved);
    const run = this.#runs.begin(options);
    if (options.trace) this.objects.setWord(this.box + BOX.trace, options.values === true ? 2 : 1);
    if (this.bounds.faults > 0) this.objects.setWord(this.box + BOX.faults, 1);
    if (this.isWatched) this.objects.setWord(this.box + BOX.watched, 1);
    run.begin();
    if (key !== undefined) this.#firstStep.done(key, this.#names.subtests, () => this.#savedFirstStep(run));
    return run;
  }

  /** Of the calibrating runs none is kept: what is ignored changes between them. */
  #firstStepOf({ key }: StartedProgram): StepKey {
    return { program: key, began: this.inputs.programs, isNoted: this.#world.isNoted };
  }

  #savedFirstStep(run: GoRun): SavedRun | undefined {
    const isGood = this.#world.output.isSilent && run.outcome() === undefined && this.#world.link.break() <= LARGEST_FIRST_STEP;
    return isGood ? this.#runs.save(run, true) : undefined;
  }

  #is(started: StartedProgram): void {
    if (started.key !== this.#current.started.key) this.#world.asksAgain();
    this.#current.is(started);
  }

  // ---- what a run needs (ModuleHost)

  get objects(): GuestObjects {
    return this.#world.objects;
  }
  get box(): number {
    return this.#world.box;
  }
  get gCase(): number {
    return this.#world.link.layout.gCase;
  }
  get gSeed(): number {
    return this.#world.link.layout.gSeed;
  }
  get bounds(): RunBounds {
    return this.#current.bounds;
  }
  get ignored(): IgnoredOperations {
    return this.#current.ignored;
  }
  get isWatched(): boolean {
    return this.#options.watched === true;
  }

  currentG(): number {
    return this.#world.currentG();
  }

  /** `collecting`: what the collector does is followed to its end. */
  resume(most = this.#options.fuel, collecting = false): Outcome | undefined {
    try {
      this.#world.resume(this.#current.jumps(most, collecting, this.#calibrating));
      return undefined;
    } catch (error) {
      return guestEnd(error, { run: this.#runs.run, stderr: () => sourcesIn(this.#options.moved ?? [], this.#world.output.stderr), stack: (stopped) => this.#reports.stack(this.#world.running(stopped)) });
    }
  }

  fork(run: GoRun): Checkpoint {
    const { started } = this.#current;
    return this.#runs.fork(run, () => this.#is(started));
  }

  collect(run: GoRun): Snapshot {
    let saved: SavedRun | undefined;
    const { name, goVersion } = this.#options;
    return finalSnapshot(run, {
      name,
      goVersion,
      collect: (what) => {
        saved ??= this.#runs.save(run);
        return this.#reports.goroutines(run, what);
      },
      proves: () => this.#reports.proves,
      again: () => {
        this.#runs.put(saved!, run);
        this.#world.output.mute();
      },
    });
  }

  traced(recorder: GoTraceRecorder): Trace {
    return this.#reports.trace(recorder);
  }
}
