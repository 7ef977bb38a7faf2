import type { Result } from "../base/result.js";
import { err, ok } from "../base/result.js";
import { goroutineName } from "../model/ids.js";
import type { Outcome } from "../model/outcome.js";
import type { Checkpoint, Program, Run, RunOptions } from "../model/program.js";
import type { Goroutine, Snapshot } from "../model/snapshot.js";
import type { Frame, Stack } from "../model/stack.js";
import type { Trace } from "../model/trace.js";
import { LeakCollector, type CollectedGoroutine, type CollectedWorld } from "./guest/leak-collector.js";
import { crashOutcome } from "./guest/crash.js";
import { processCalls } from "./wasi/environment.js";
import { FileSystem, type FileSystemState } from "./files/file-system.js";
import type { ReadInputs } from "./files/read-inputs.js";
import { GoRun } from "./run/go-run.js";
import type { ModuleHost, RunState } from "./guest/module-host.js";
import { GuestMemory } from "./guest/guest-memory.js";
import { GuestObjects } from "./guest/guest-objects.js";
import { WALL_EPOCH } from "./run/causal-clock.js";
import { BOX, EVENT, LAYOUT_FIELDS, STATE, type Layout } from "./guest/guest-protocol.js";
import { instrument } from "./guest/instrument.js";
import { Callers, IgnoredOperations } from "./ignored/ignored-operations.js";
import { ENDLESS, FRUITLESS } from "./run/empty-receives.js";
import { calibrate } from "./ignored/calibration-run.js";
import { runSnapshot } from "./run/run-snapshot.js";
import { timeCalls, type TimeSource } from "./wasi/time-calls.js";
import { userFrames, type GoTraceRecorder } from "./run/go-trace-recorder.js";
import { ModuleInstance, type InstanceSnapshot } from "./guest/instance-snapshot.js";

/** A Go program or test binary, built with the control hooks. */
export interface GoProgramOptions {
  readonly name: string;
  /** The module's bytes. */
  readonly wasm: Uint8Array;
  /** What it sees as os.Args, the program's own name first. */
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly mounts: readonly { readonly at: string; readonly from: string }[];
  readonly cwd: string;
  readonly stdin?: Uint8Array;
  /** Nanoseconds of virtual time after which the clock no longer moves. */
  readonly horizon?: number;
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
 * The fuel is jumps within one step: a goroutine that makes so many (a few seconds) without synchronising is a runaway;
 * more where the program has computed for longer and come to an end, and in the natural run as many as there is time for.
 * The horizon: 100 days. Virtual time costs nothing, rounds and steps do (run/livelock.ts); but the host counts nanoseconds
 * in doubles, exact up to 2^53 (causal-clock.ts). A timer beyond it (math.MaxInt64: never) is waited for by nobody.
 */
const DEFAULTS = { horizon: 100 * 86_400e9, maxSteps: 20_000, memoryLimit: 512, fuel: 1_000_000_000 };

/** What the collector of go/runtime/unpark.go does before it tells all goroutines: unparkBox.leakGC. */
const COLLECT = { lines: 0, leaks: 1, finalizers: 2 } as const;

/** Jumps for a collection and the finalizers after it: who loops there is not waited for. */
const FINALIZERS = 200_000_000;

/** Ends the guest from inside an import: it never returns. */
class GuestExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Ends the guest from inside the host's answer to a loop that asks whether it may go on. `late`: there is no more time. */
class GuestStopped extends Error {
  readonly late: boolean;
  constructor(late: boolean) {
    super(late ? "no more time" : "it does not come to an end");
    this.late = late;
  }
}

/** Jumps between two questions: some tens of milliseconds. */
const SLICE = 20_000_000;

/** What a run that may compute as long as there is time must have done without synchronising to be called endless. */
const ENDLESS_JUMPS = 2_000_000_000;

/** Jumps that a step of the run before the first one may make: which locks it holds then is known by that time. */
const SCOUTING = 100_000_000;

/** A step of a schedule that is explored may be so many times heavier than the heaviest that has come to its end. */
const HEAVIER = 4;

interface Saved {
  readonly world: InstanceSnapshot;
  readonly files: FileSystemState;
  readonly run: RunState;
}

/**
 * Loads a module and brings it to where control begins: before main.main, or before the tests of a package. From there
 * every run starts, by a copy of the world. A start that fails (init panics, os.Exit in TestMain) is an error in words.
 */
export function loadGo(options: GoProgramOptions): Result<GoModule, string> {
  const bytes = instrument(options.wasm, ((options.memoryLimit ?? DEFAULTS.memoryLimit) * 1024 * 1024) / 65536);
  if (!bytes.ok) return bytes;
  const module = new GoModule(options, new WebAssembly.Module(bytes.value));
  const failure = module.boot();
  module.inputs.keepStart();
  return failure === undefined ? ok(module) : err(failure);
}

/** It did not move while finalizers ran, and the collection after them found it unreachable. */
function waitsAsBefore(before: Goroutine, after: CollectedGoroutine | undefined): boolean {
  const place = (stack: Stack): string => userFrames(stack).map(({ file, line }) => `${file}:${line}`).join(" ");
  return after?.leaked === true && after.reason === before.waitReason && place(after.stack) === place(before.stack);
}

const optionalOvertime = (overtime: RunOptions["overtime"]): RunOptions => (overtime === undefined ? {} : { overtime });

/** A booted module: the main program, or each of its tests, as a `Program`. */
export class GoModule implements ModuleHost {
  readonly #options: GoProgramOptions;
  readonly #memory = new GuestMemory();
  readonly #world: ModuleInstance;
  readonly #files: FileSystem;
  readonly #time: TimeSource = { mono: 1e9 };
  readonly #callers = new Callers();
  readonly #noises = new Map<number, IgnoredOperations>();
  readonly #frames = new Map<number, readonly Frame[]>();
  readonly #collector = new LeakCollector();
  readonly #decoder = new TextDecoder();
  #objects: GuestObjects | undefined;
  #layout: Layout | undefined;
  #box = 0;
  #collectorG = 0;
  #root: Saved | undefined;
  #run: GoRun | undefined;
  #tests: string[] = [];
  #selected = -1;
  #maxSteps: number | undefined;
  #maxRounds: number | undefined;
  #output: RunOptions["output"];
  #booted = false;
  #natural = false;
  #scouting = false;
  #overtime: RunOptions["overtime"];
  /** Jumps that the present step may make, and has made (whole slices). */
  #fuel = Infinity;
  #burnt = 0;
  /** The most that a step has made that came to its end. */
  #heaviest = 0;
  #stderr = "";

  constructor(options: GoProgramOptions, module: WebAssembly.Module) {
    this.#options = options;
    this.#files = new FileSystem(
      {
        mounts: options.mounts,
        cwd: options.cwd,
        stdin: options.stdin ?? new Uint8Array(),
        output: (stream, bytes) => this.#write(stream, bytes),
        now: () => WALL_EPOCH + BigInt(Math.round(this.#run?.clock.base ?? this.#time.mono)),
      },
      this.#memory,
    );
    this.#world = new ModuleInstance(module, this.#imports(module), this.#memory);
  }

  /** The tests that -test.run lets through, in order; empty for a main program. */
  get tests(): readonly string[] {
    return this.#tests;
  }

  /** What its programs have seen of the real files. */
  get inputs(): ReadInputs {
    return this.#files.inputs;
  }

  /** Program of the main package, or of the i-th test. */
  program(test = -1): Program {
    const name = test < 0 ? this.#options.name : this.#tests[test]!;
    return { name, start: (options?: RunOptions): Run => this.#start(test, options ?? {}), limits: () => this.#limits(test) };
  }

  boot(): string | undefined {
    try {
      this.#world.boot();
    } catch (error) {
      return this.#bootFailure(error);
    }
    if (this.#box === 0 || this.#run === undefined) return `${this.#options.name} ended before control began: ${this.#stderr.trim()}`;
    this.#root = this.#save(this.#run);
    this.#booted = true;
    return undefined;
  }

  #bootFailure(error: unknown): string {
    if (error instanceof GuestExit) {
      const said = this.#stderr.trim().split("\n").slice(0, 12).join("\n");
      return `${this.#options.name} exits with code ${error.code} before it can be controlled${said ? `:\n${said}` : ""}`;
    }
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return `${this.#options.name} dies while it starts: ${error.message}`;
    throw error;
  }

  #start(test: number, options: RunOptions): Run {
    if (!this.#noises.has(test)) this.#scout(test, options.overtime);
    return this.#begun(test, options);
  }

  /** Before a program's first run: which rows of the noise table are none for it. */
  #scout(test: number, overtime: RunOptions["overtime"]): void {
    this.#noises.set(test, new IgnoredOperations(this.#callers, this.#options.everything));
    this.#scouting = true;
    do {
      calibrate(this.#begun(test, optionalOvertime(overtime)));
    } while (this.noises.takeOut());
    this.#scouting = false;
  }

  #limits(test: number): readonly string[] {
    return (this.#noises.get(test)?.suspects ?? []).map(
      (prefix) => `a lock of the standard library's (${prefix}) was held while its goroutine waited, in some schedule only: who takes it first was not tried both ways`,
    );
  }

  #begun(test: number, options: RunOptions): GoRun {
    this.#selected = test;
    this.#output = options.output;
    this.#maxSteps = options.steps;
    this.#maxRounds = options.rounds;
    this.#natural = options.natural ?? false;
    this.#overtime = options.overtime;
    this.#stderr = "";
    const run = new GoRun(this, this.#root!.run.clock.base, options);
    this.#put(this.#root!, run);
    if (options.trace) this.objects.setWord(this.#box + BOX.trace, 1);
    run.begin();
    return run;
  }

  #save(run: GoRun): Saved {
    return { world: this.#world.save(this.#layout!.mutable, this.#break()), files: this.#files.save(), run: run.save() };
  }

  #put(saved: Saved, run: GoRun): void {
    this.#world.restore(saved.world, this.#break());
    this.#files.restore(saved.files);
    run.restore(saved.run);
    this.#run = run;
    this.objects.refresh();
  }

  #break(): number {
    this.objects.refresh();
    return this.objects.word(this.#layout!.bloc) >>> 0;
  }

  // ---- Guest: what a run needs

  get objects(): GuestObjects {
    return this.#objects!;
  }
  get box(): number {
    return this.#box;
  }
  get horizon(): number {
    return this.#options.horizon ?? DEFAULTS.horizon;
  }
  get noises(): IgnoredOperations {
    return this.#noises.get(this.#selected) ?? new IgnoredOperations(this.#callers);
  }
  get maxRounds(): number | undefined {
    return this.#maxRounds;
  }
  get maxEmpty(): number {
    return ENDLESS[this.#isFollowedFurther ? "natural" : "explored"];
  }
  get maxFruitless(): number {
    return FRUITLESS[this.#isFollowedFurther ? "natural" : "explored"];
  }
  get #isFollowedFurther(): boolean {
    return (this.#maxSteps ?? 0) > DEFAULTS.maxSteps;
  }
  get maxSteps(): number {
    return this.#maxSteps ?? this.#options.maxSteps ?? DEFAULTS.maxSteps;
  }
  get gCase(): number {
    return this.#layout!.gCase;
  }
  get gSeed(): number {
    return this.#layout!.gSeed;
  }

  currentG(): number {
    return this.#world.currentG();
  }

  resume(fuel?: number): Outcome | undefined {
    this.#burnt = 0;
    this.#fuel = fuel ?? this.#options.fuel ?? (this.#scouting ? SCOUTING : this.#natural ? Infinity : Math.max(DEFAULTS.fuel, HEAVIER * this.#heaviest));
    try {
      this.#world.resume(Math.min(SLICE, this.#fuel));
      this.#heaviest = Math.max(this.#heaviest, this.#burnt);
      return undefined;
    } catch (error) {
      if (error instanceof GuestStopped) return this.#stopped(error);
      if (error instanceof GuestExit) return crashOutcome(error.code, this.#stderr, this.#run?.asking()?.name);
      if (error instanceof RangeError) return { kind: "unsupported", what: `the host's stack overflowed: ${error.message}` };
      if (error instanceof WebAssembly.RuntimeError) return { kind: "unsupported", what: `the module trapped: ${error.message}` };
      throw error;
    }
  }

  /** A slice of jumps is spent, in the middle of a step. */
  #askedForFuel(): void {
    this.#burnt += SLICE;
    if (this.#burnt >= this.#fuel) throw new GuestStopped(false);
    if (this.#overtime?.() === true) throw new GuestStopped(true);
    this.#world.refuel(Math.min(SLICE, this.#fuel - this.#burnt));
  }

  #stopped(error: GuestStopped): Outcome {
    if (!error.late || (this.#natural && this.#burnt >= ENDLESS_JUMPS)) return this.#ranAway(error);
    return { kind: "horizon", scopeOver: this.#run?.scopeOver ?? false, cutShort: 0, limit: "budget" };
  }

  /** The looping goroutine by name, and where it loops; its line is that of the function, for it stands at no call. */
  #ranAway(error: Error): Outcome {
    const goroutine = this.#run?.asking();
    const scopeOver = this.#run?.scopeOver ?? false;
    const stack = this.#symbolize(this.#world.running(error));
    return { kind: "runaway", goroutine: goroutine?.name ?? goroutineName("1"), stack: userFrames(stack), scopeOver };
  }

  #symbolize(addresses: readonly number[]): Stack {
    const unknown = addresses.filter((pc) => !this.#frames.has(pc));
    if (unknown.length > 0) {
      const run = new GoRun(this, this.#root!.run.clock.base);
      this.#put(this.#root!, run);
      const { frames } = this.#collect(run, unknown, "lines");
      unknown.forEach((pc, index) => this.#frames.set(pc, frames[index] ?? []));
    }
    return addresses.flatMap((pc) => this.#frames.get(pc) ?? []);
  }

  fork(run: GoRun): Checkpoint {
    const saved = this.#save(run);
    const state = { stderr: this.#stderr, selected: this.#selected };
    return {
      bytes: saved.world.memory.length,
      restore: () => {
        this.#put(saved, run);
        this.#stderr = state.stderr;
        this.#selected = state.selected;
        return run;
      },
      release: () => undefined,
    };
  }

  collect(run: GoRun): Snapshot {
    const outcome = run.outcome();
    const ended = outcome?.kind === "panic" || (outcome?.kind === "runaway" && outcome.stack.length > 0) || outcome?.kind === "exit" || outcome?.kind === "unsupported";
    if (ended) return runSnapshot(run, [], false, this.#options.name, this.#options.goVersion);
    const saved = this.#save(run);
    const collected = this.#collect(run, [], "leaks").goroutines;
    const proves = this.objects.word(this.#box + BOX.leakGC) !== 0; // the collector's answer: this Go version has one
    const snapshot = runSnapshot(run, collected, proves, this.#options.name, this.#options.goVersion);
    return snapshot.goroutines.every(({ unreachable }) => unreachable === true) ? snapshot : this.#withoutFinalized(snapshot, saved, run);
  }

  /**
   * Without those that end once what nobody refers to any more has been finalized: collection is off during a run, so
   * a worker that its owner's finalizer stops (go-cache's janitor) would look as if it never ended. Who waits where it
   * waited, and is unreachable now that no finalizer can come any more, is proved after all.
   */
  #withoutFinalized(snapshot: Snapshot, saved: Saved, run: GoRun): Snapshot {
    this.#put(saved, run);
    this.#output = undefined;
    const { goroutines, failed } = this.#collect(run, [], "finalizers");
    if (failed) return snapshot;
    const after = new Map(goroutines.map((one) => [one.id, one]));
    const kept = snapshot.goroutines.filter(({ id }) => id === undefined || after.has(id));
    return { ...snapshot, goroutines: kept.map((one) => (one.unreachable === false && waitsAsBefore(one, after.get(one.id!)) ? { ...one, unreachable: true } : one)) };
  }

  traced(recorder: GoTraceRecorder): Trace {
    this.#symbolize([...recorder.addresses()]);
    return recorder.trace((pc) => this.#frames.get(pc) ?? []);
  }

  /** Lets our own goroutine tell all goroutines and source lines; the world is of no use afterwards. */
  #collect(run: GoRun, addresses: readonly number[], what: keyof typeof COLLECT): CollectedWorld & { readonly failed: boolean } {
    this.#collector.begin(addresses);
    if (what === "lines") run.only(this.#collectorG);
    else run.settle(this.#collectorG, what === "finalizers");
    this.objects.setWord(this.#box + BOX.hooks, 0);
    this.objects.setWord(this.#box + BOX.leakGC, COLLECT[what]);
    const failed = this.resume(what === "finalizers" ? Math.min(FINALIZERS, this.#options.fuel ?? FINALIZERS) : undefined) !== undefined;
    return { ...this.#collector.end(), failed };
  }

  // ---- imports

  #write(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (stream === "stderr" && this.#stderr.length < 65536) this.#stderr += this.#decoder.decode(bytes);
    if (this.#run?.mainReturned !== true) this.#output?.(stream, bytes);
  }

  #text(address: number, length: number): string {
    return length === 0 ? "" : this.#decoder.decode(this.#memory.bytes(address, length));
  }

  #imports(module: WebAssembly.Module): Record<string, Record<string, (...args: never[]) => unknown>> {
    const wasi: Record<string, (...args: never[]) => unknown> = {
      ...this.#files.table,
      ...processCalls(this.#options.args, this.#options.environment, this.#memory),
      ...timeCalls(this.#memory, this.#time, () => this.#run, () => this.#randomState()),
      proc_exit: (code: number): never => {
        throw new GuestExit(code);
      },
      sched_yield: () => 0,
      proc_raise: () => 52,
    };
    const missing = WebAssembly.Module.imports(module).filter((one) => one.module === "wasi_snapshot_preview1" && !(one.name in wasi));
    for (const { name } of missing) wasi[name] = () => 52; // ENOSYS
    return { wasi_snapshot_preview1: wasi, unpark: this.#hooks() };
  }

  /** Address of the asking goroutine's random state; undefined before control begins. */
  #randomState(): number | undefined {
    const asking = this.#run?.asking();
    return asking && this.#layout ? asking.address + this.#layout.gSeed : undefined;
  }

  #hooks(): Record<string, (...args: never[]) => unknown> {
    return {
      begin: (box: number) => this.#begin(box >>> 0),
      point: (op: number, g: number, object: number, aux: number, pc: number) =>
        this.#run!.onPoint(op, g >>> 0, object >>> 0, aux, pc >>> 0),
      name: (pc: number, text: number, length: number) => this.#callers.name(pc >>> 0, this.#text(text, length)),
      started: (parent: number, child: number) => this.#run?.onStarted(parent >>> 0, child >>> 0),
      event: (kind: number, a: number) => {
        if (kind === EVENT.collector) this.#collectorG = a >>> 0;
        else this.#run?.onEvent(kind, a);
      },
      idle: () => this.#run!.onIdle(),
      next: () => this.#run!.onNext(),
      random: () => this.#run!.onRandom(),
      test: (text: number, length: number) => void this.#tests.push(this.#text(text, length)),
      selected: () => this.#selected,
      goroutine: (g: number, id: number, status: number, reason: number, length: number, leaked: number, parent: number) =>
        this.#collector.goroutine(g >>> 0, id, status, this.#text(reason, length), leaked !== 0, parent),
      frame: (fn: number, fnLength: number, file: number, fileLength: number, line: number) =>
        this.#collector.frame(this.#text(fn, fnLength), this.#text(file, fileLength), line),
      fuel: () => {
        if (this.#booted) this.#askedForFuel();
      },
      state: (g: number) => this.#run?.shownState(g >>> 0) ?? STATE.other,
      symbolize: () => this.#collector.nextAddress(),
    };
  }

  /** unparkMain: where the box is; answers whether to take control at once (a main program) or before the tests. */
  #begin(box: number): number {
    this.#box = box;
    const view = new DataView(this.#memory.all().buffer);
    this.#layout = Object.fromEntries(
      LAYOUT_FIELDS.map((field, index) => [field, view.getUint32(box + BOX.layout + 4 * index, true)]),
    ) as Layout;
    this.#objects = new GuestObjects(this.#memory, this.#layout);
    this.#run = new GoRun(this, this.#time.mono);
    return this.#options.args.some((arg) => arg.startsWith("-test.")) ? 0 : 1;
  }
}
