import type { Result } from "../base/result.js";
import { err, ok } from "../base/result.js";
import { goroutineName } from "../model/ids.js";
import type { DataRace } from "../model/data-race.js";
import { at, UNKNOWN_FRAME } from "../model/blame.js";
import type { Outcome } from "../model/outcome.js";
import type { Checkpoint, Program, Run, RunOptions } from "../model/program.js";
import type { Snapshot } from "../model/snapshot.js";
import type { Frame } from "../model/stack.js";
import type { Trace } from "../model/trace.js";
import { LeakCollector, type CollectedWorld } from "./guest/leak-collector.js";
import { crashOutcome } from "./guest/crash.js";
import type { ReadInputs } from "./files/read-inputs.js";
import { GoRun } from "./run/go-run.js";
import type { ModuleHost } from "./guest/module-host.js";
import type { RunState } from "./run/run-state.js";
import { DEFAULT_STEPS } from "../model/limits.js";
import { GuestExit, type ProgramPart } from "./guest/guest-imports.js";
import { BOX } from "./guest/guest-protocol.js";
import type { GuestObjects } from "./guest/guest-objects.js";
import { instrument } from "./guest/instrument.js";
import { optimizeLater } from "./guest/optimized-later.js";
import { isOutsideStandard, siteFrom } from "./guest/watched-memory.js";
import { IgnoredByProgram, type Steps } from "./ignored/ignored-by-program.js";
import type { IgnoredOperations } from "./ignored/ignored-operations.js";
import { COLLECT, finalSnapshot } from "./run/snapshot/final-snapshot.js";
import { GuestStopped } from "./guest/jumps.js";
import { entryOf, WASM_PAGE } from "./guest/instance-snapshot.js";
import { GuestWorld, notedAfter, type SavedWorld, type WorldOptions } from "./guest/guest-world.js";
import { FrameTable } from "./frame-table.js";
import { AFTER_TEST, ENDLESS, FRUITLESS } from "./run/limits/empty-receives.js";
import { userFrames, type GoTraceRecorder } from "./run/go-trace-recorder.js";

/** A Go program or test binary, built with the control hooks. */
export interface GoProgramOptions extends WorldOptions {
  readonly name: string;
  /** The module's bytes. */
  readonly wasm: Uint8Array;
  /** Nanoseconds of virtual time after which the clock no longer moves. */
  readonly horizon?: number;
  /** So many things may go wrong in one run (model/fault.ts). Default 0. */
  readonly faults?: number;
  /** A run's longest length in steps, where `RunOptions.steps` does not say. */
  readonly maxSteps?: number;
  /** How many jumps a goroutine may make between two visible operations. */
  readonly fuel?: number;
  /** Mebibytes that the guest's memory may grow to. */
  readonly memoryLimit?: number;
  readonly goVersion?: string;
  /** Inner locks and atomics of the standard library are choices, too (ignored-operations.ts): to see what that changes. Default false. */
  readonly everything?: boolean;
}

/**
 * The horizon: 100 days. Virtual time costs nothing, rounds and steps do (control/livelock.ts); but the host counts nanoseconds
 * in doubles, exact up to 2^53 (control/virtual-time.ts). A timer beyond it (math.MaxInt64: never) is not waited for.
 */
const DEFAULTS = { horizon: 100 * 86_400e9, maxSteps: DEFAULT_STEPS, memoryLimit: 512 };

/** Jumps for a collection and the finalizers after it: who loops there is not waited for. */
const FINALIZERS = 200_000_000;

interface Started {
  readonly test: number;
  readonly part: ProgramPart;
  readonly steps: Steps;
  readonly options: RunOptions;
}

interface Saved {
  readonly world: SavedWorld;
  readonly run: RunState;
}

/**
 * The world after a program's first step, which nothing chooses (package testing sets a test up in it): later runs begin there.
 * None where the step wrote something or ended the run, nor of runs that are traced or watched, whose records no copy holds.
 */
interface Beginning {
  /** The same program, with the same operations ignored, and the module as it is. */
  readonly key: string;
  /** Undefined: the program was run once. */
  readonly saved: Saved | undefined;
  readonly subtests: ReadonlySet<string>;
}

/** Of larger worlds no beginning is kept, for it is a copy of all. */
const LARGEST_BEGINNING = 32 * 1024 * 1024;

/** A part of a test has first runs of its own (ignored/ignored-by-program.ts). */
const keyOf = ({ test, part, steps }: Omit<Started, "options">): string => `${test} ${steps} ${JSON.stringify(part)}`;

/** A closure that the compiler wrote for `go f(x)` has a name that says nothing; f may stand inside of it. */
const racingFunction = (frame: Frame): string => {
  const starter = /^(.*)\.gowrap\d+$/.exec(frame.function)?.[1];
  return starter === undefined ? frame.function : `the goroutine that ${starter} starts at ${at(frame)}`;
};

function withNames(part: ProgramPart, change: (name: string) => string): ProgramPart {
  if (part === "whole") return part;
  if ("subtest" in part) return { subtest: change(part.subtest) };
  return { list: part.list === undefined ? undefined : change(part.list) };
}

/**
 * Loads a module and brings it to where control begins: before main.main, or before the tests of a package. From there
 * every run starts, by a copy of the world. A start that fails (init panics, os.Exit in TestMain) is an error in words.
 */
export function loadGo(options: GoProgramOptions): Result<GoModule, string> {
  optimizeLater();
  const maxPages = ((options.memoryLimit ?? DEFAULTS.memoryLimit) * 1024 * 1024) / WASM_PAGE;
  const bytes = instrument(options.wasm, maxPages, options.watched ? { kind: "accesses", of: isOutsideStandard } : { kind: "none" });
  if (!bytes.ok) return bytes;
  const noted = (): WebAssembly.Module | undefined => {
    const rewritten = options.watched ? undefined : instrument(options.wasm, maxPages, { kind: "pages" });
    return rewritten?.ok ? new WebAssembly.Module(rewritten.value) : undefined;
  };
  const module = new GoModule(options, new WebAssembly.Module(bytes.value), noted);
  const failure = module.boot();
  module.inputs.keepStart();
  return failure === undefined ? ok(module) : err(failure);
}

/** A booted module: the main program, or each of its tests, as a `Program`. */
export class GoModule implements ModuleHost<GoRun> {
  readonly #options: GoProgramOptions;
  readonly #world: GuestWorld;
  readonly #ignored: IgnoredByProgram;
  readonly #frames = new FrameTable((addresses) => this.#linesOf(addresses));
  readonly #collector = new LeakCollector();
  readonly #tests: string[] = [];
  /** Address of our own goroutine, which collects. */
  #collectorG = 0;
  #root: Saved | undefined;
  #beginning: Beginning | undefined;
  #run: GoRun | undefined;
  /** Which program the run is one of, and what was asked of it. */
  #started: Started = { test: -1, part: "whole", steps: "noticed", options: {} };
  /** What is ignored in it: asked at each operation. */
  #ignoredNow: IgnoredOperations | undefined;
  /** The subtests that the run has come to, by their full names. */
  #subtests = new Set<string>();
  #calibrating = false;

  /** `noted`: the module with its stores noted (guest/dirty-pages.ts). */
  constructor(options: GoProgramOptions, module: WebAssembly.Module, noted: () => WebAssembly.Module | undefined) {
    this.#options = options;
    this.#ignored = new IgnoredByProgram(options.everything);
    this.#world = new GuestWorld(module, noted, { notedAfter: notedAfter(options.wasm.length), ...options }, {
      callers: this.#ignored.callers,
      collector: this.#collector,
      run: () => this.#run,
      begin: () => {
        this.#run = new GoRun(this, this.#world.began);
        return options.args.some((arg) => arg.startsWith("-test.")) ? 0 : 1;
      },
      collectorStarted: (g) => (this.#collectorG = g),
      test: (name) => this.#tests.push(name),
      selected: () => this.#started.test,
      part: () => withNames(this.#started.part, (name) => name.slice(this.#qualifier.length)),
      subtest: (name) => this.#subtests.add(this.#qualifier + name),
    });
  }

  // ---- its programs

  /** The tests, fuzz targets, examples and benchmarks that -test.run and -test.bench let through, in order; empty for a main program. */
  get tests(): readonly string[] {
    return this.#tests;
  }

  /** What its programs have seen of the real files. */
  get inputs(): ReadInputs {
    return this.#world.files.inputs;
  }

  /** Program of the main package, or of the i-th test: all of it, or one part. `steps`: a schedule is one of programs with the same steps alone. */
  program(test = -1, part: ProgramPart = "whole", steps: Steps = "noticed"): Program {
    const top = test < 0 ? this.#options.name : this.#tests[test]!;
    const name = typeof part === "object" && "subtest" in part ? part.subtest : top;
    const key = keyOf({ test, part, steps });
    return {
      name,
      start: (options?: RunOptions): Run => this.#start({ test, part, steps, options: options ?? {} }),
      limits: () => this.#ignored.limits(key),
      isRefuted: () => this.#ignored.isRefuted(key),
    };
  }

  /** What stands before a test's own name where the name alone would not tell it from another (go/testing/unpark.go): `p_test.` */
  get #qualifier(): string {
    return /^[^./]+_test\./.exec(this.#tests[this.#started.test] ?? "")?.[0] ?? "";
  }

  /** The subtests of the program itself that its last run has come to, by their full names. */
  get subtests(): readonly string[] {
    return [...this.#subtests];
  }

  /** The data races of the last run, each pair of functions once. */
  races(): readonly DataRace[] {
    const found = this.#run?.races ?? [];
    const entry = (site: number): number => entryOf(siteFrom(site).number);
    this.#frames.learn(found.flatMap(({ write, other }) => [entry(write), entry(other)]));
    const name = (site: number): string => racingFunction(this.#frames.at(entry(site)).at(-1) ?? UNKNOWN_FRAME);
    return [...new Map(found.map(({ write, other }) => [`${write >>> 1} ${other >>> 1}`, { write: name(write), other: name(other) }])).values()];
  }

  boot(): string | undefined {
    try {
      this.#world.boot();
    } catch (error) {
      return this.#bootFailure(error);
    }
    if (this.#run === undefined) return `${this.#options.name} ended before control began: ${this.#world.output.stderr.trim()}`;
    this.#root = this.#save(this.#run);
    return undefined;
  }

  #bootFailure(error: unknown): string {
    if (error instanceof GuestExit) {
      const said = this.#world.output.stderr.trim().split("\n").slice(0, 12).join("\n");
      return `${this.#options.name} exits with code ${error.code} before it can be controlled${said ? `:\n${said}` : ""}`;
    }
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return `${this.#options.name} dies while it starts: ${error.message}`;
    throw error;
  }

  #start(started: Started): Run {
    const { overtime } = started.options;
    this.#calibrating = true;
    this.#ignored.calibrate(keyOf(started), started.steps, () => this.#begun({ ...started, options: overtime === undefined ? {} : { overtime } }));
    this.#calibrating = false;
    return this.#begun(started);
  }

  #begun(started: Started): GoRun {
    const { options } = started;
    this.#is(started);
    this.#world.output.begin(options.output);
    const key = this.#calibrating || options.trace || this.isWatched ? undefined : this.#beginningOf(started);
    const known = this.#beginning;
    if (key !== undefined && known?.key === key && known.saved !== undefined) {
      this.#subtests = new Set(known.subtests);
      return this.#from(known.saved, options);
    }
    this.#subtests = new Set();
    const run = this.#from(this.#root!, options);
    if (options.trace) this.objects.setWord(this.box + BOX.trace, options.values === true ? 2 : 1);
    if (this.faults > 0) this.objects.setWord(this.box + BOX.faults, 1);
    if (this.isWatched) this.objects.setWord(this.box + BOX.watched, 1);
    run.begin();
    if (key !== undefined) this.#keepBeginning(key, run);
    return run;
  }

  /** Of the calibrating runs none is kept: what is ignored changes between them. */
  #beginningOf(started: Started): string {
    return `${keyOf(started)} ${this.inputs.programs} ${this.#world.isNoted}`;
  }

  /** When the program is run for the second time: many are run once. */
  #keepBeginning(key: string, run: GoRun): void {
    const isSecond = this.#beginning?.key === key;
    const isGood = isSecond && this.#world.output.isSilent && run.outcome() === undefined && this.#world.link.break() <= LARGEST_BEGINNING;
    this.#beginning = { key, saved: isGood ? { world: this.#world.save(true), run: run.save() } : undefined, subtests: new Set(this.#subtests) };
  }

  #is(started: Started): void {
    this.#started = started;
    this.#ignoredNow = undefined;
  }

  #from(saved: Saved, options?: RunOptions): GoRun {
    const run = new GoRun(this, this.#root!.run.clock.base, options);
    this.#put(saved, run);
    return run;
  }

  #save(run: GoRun): Saved {
    return { world: this.#world.save(), run: run.save() };
  }

  #put(saved: Saved, run: GoRun): void {
    this.#world.restore(saved.world);
    run.restore(saved.run);
    this.#run = run;
    this.objects.refresh();
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
  get horizon(): number {
    return this.#options.horizon ?? DEFAULTS.horizon;
  }
  get faults(): number {
    return this.#options.faults ?? 0;
  }
  get ignored(): IgnoredOperations {
    return (this.#ignoredNow ??= this.#ignored.of(keyOf(this.#started)));
  }
  get isWatched(): boolean {
    return this.#options.watched === true;
  }
  get maxRounds(): number | undefined {
    return this.#started.options.rounds;
  }
  get maxEmpty(): number {
    return ENDLESS[this.#isFollowedFurther ? "natural" : "explored"];
  }
  get maxFruitless(): number {
    return FRUITLESS[this.#isFollowedFurther ? "natural" : "explored"];
  }
  get maxAfterTest(): number {
    return this.#started.options.natural === true ? AFTER_TEST : Infinity;
  }
  get #isFollowedFurther(): boolean {
    return (this.#started.options.steps ?? 0) > DEFAULTS.maxSteps;
  }
  get maxSteps(): number {
    return this.#started.options.steps ?? this.#options.maxSteps ?? DEFAULTS.maxSteps;
  }

  currentG(): number {
    return this.#world.currentG();
  }

  /** `collecting`: what the collector does is followed to its end. */
  resume(most = this.#options.fuel, collecting = false): Outcome | undefined {
    const { natural = false, preempts = !natural, overtime } = collecting ? {} : this.#started.options;
    const others = preempts && !collecting && !this.#calibrating ? (): boolean => this.#run?.othersCanGoOn === true : undefined;
    try {
      this.#world.resume({ most, calibrating: this.#calibrating, natural, overtime, others });
      return undefined;
    } catch (error) {
      return this.#endOf(error);
    }
  }

  /** The outcome of what kept the guest from coming back. Throws what is a fault of the host. */
  #endOf(error: unknown): Outcome {
    if (error instanceof GuestStopped && this.#run?.hasFailed === true) return { kind: "failed", cutShort: 0 };
    if (error instanceof GuestStopped && error.why === "time") return { kind: "horizon", scopeOver: this.#run?.scopeOver ?? false, cutShort: 0, limit: "budget" };
    if (error instanceof GuestStopped) return this.#ranAway(error);
    if (error instanceof GuestExit) return this.#crashed(crashOutcome(error.code, this.#world.output.stderr, this.#run?.asking()?.name));
    if (error instanceof RangeError) return { kind: "unsupported", what: `the host's stack overflowed: ${error.message}` };
    if (error instanceof WebAssembly.RuntimeError) return { kind: "unsupported", what: `the module trapped: ${error.message}` };
    throw error;
  }

  /** What goes wrong once time has passed since a test's end: natively its process may have ended by then, and the test has passed or failed. */
  #crashed(outcome: Outcome): Outcome {
    if (this.#run?.isAfterTest !== true || (outcome.kind !== "panic" && outcome.kind !== "exit")) return outcome;
    return this.#run.hasFailed ? { kind: "failed", cutShort: 0 } : { ...outcome, late: true };
  }

  /** The looping goroutine by name, and where it loops, where nobody else can go on who might end that; its line is that of the function, for it stands at no call. */
  #ranAway(error: GuestStopped): Outcome {
    const goroutine = this.#run?.asking();
    const scopeOver = this.#run?.scopeOver ?? false;
    if (error.why === "others" || this.#run?.othersCanGoOn === true) return { kind: "computes", goroutine: goroutine?.name ?? goroutineName("1"), scopeOver };
    const stack = this.#frames.stack(this.#world.running(error));
    return { kind: "runaway", goroutine: goroutine?.name ?? goroutineName("1"), stack: userFrames(stack), scopeOver };
  }

  fork(run: GoRun): Checkpoint {
    const saved = this.#save(run);
    const { stderr } = this.#world.output;
    const started = this.#started;
    return {
      bytes: saved.world.instance.memory.bytes.length,
      restore: () => {
        this.#put(saved, run);
        this.#world.output.restore(stderr);
        this.#is(started);
        return run;
      },
      release: () => undefined,
    };
  }

  collect(run: GoRun): Snapshot {
    let saved: Saved | undefined;
    const { name, goVersion } = this.#options;
    return finalSnapshot(run, {
      name,
      goVersion,
      collect: (what) => {
        saved ??= this.#save(run);
        return this.#collect(run, [], what);
      },
      proves: () => this.objects.word(this.box + BOX.leakGC) !== 0, // the collector's answer
      again: () => {
        this.#put(saved!, run);
        this.#world.output.mute();
      },
    });
  }

  traced(recorder: GoTraceRecorder): Trace {
    this.#frames.learn([...recorder.addresses()]);
    return recorder.read((pc) => this.#frames.at(pc));
  }

  /** Asked of the start-up world, in which nothing has happened. */
  #linesOf(addresses: readonly number[]): CollectedWorld["frames"] {
    return this.#collect(this.#from(this.#root!), addresses, "lines").frames;
  }

  /** Unpark's own goroutine reports all goroutines and source lines; the world is of no use afterwards. */
  #collect(run: GoRun, addresses: readonly number[], what: keyof typeof COLLECT): CollectedWorld & { readonly failed: boolean } {
    this.#collector.begin(addresses);
    if (what === "lines") run.only(this.#collectorG);
    else run.settle(this.#collectorG, what === "finalizers");
    this.objects.setWord(this.box + BOX.hooks, 0);
    this.objects.setWord(this.box + BOX.leakGC, COLLECT[what]);
    const failed = this.resume(what === "finalizers" ? Math.min(FINALIZERS, this.#options.fuel ?? FINALIZERS) : undefined, true) !== undefined;
    return { ...this.#collector.end(), failed };
  }
}
