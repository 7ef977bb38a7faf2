import { EPOCH } from "../../control/virtual-time.js";
import { PERMISSION } from "../../model/run/trace.js";
import { FileSystem, type FileSystemState } from "../files/file-system.js";
import type { Mount } from "../files/host-folders.js";
import type { TimeSource } from "../wasi/time-calls.js";
import { guestImports, type GuestCalls } from "./guest-imports.js";
import { GuestLink } from "./guest-link.js";
import { GuestMemory } from "./guest-memory.js";
import type { GuestObjects } from "./guest-objects.js";
import { GuestOutput } from "./guest-output.js";
import { ModuleInstance, type InstanceSnapshot } from "./instance-snapshot.js";
import { PASSING, PASSING_END } from "./guest-protocol.js";
import { optimize } from "./optimized-later.js";
import { JumpLimit, type JumpOptions } from "./jumps.js";

/** The world that a Go module sees. */
export interface WorldOptions {
  /** os.Args, the program's own name first. */
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  readonly stdin?: Uint8Array;
  /** All uses of memory outside the standard library are reported (watched-memory.ts). Slow. Default false. */
  readonly watched?: boolean;
  /** After so many runs' beginnings, or other returns to a saved world, stores are noted (dirty-pages.ts). Default: notedAfter of its size. */
  readonly notedAfter?: number;
}

/**
 * To rewrite a module's stores costs what copying back its memory some hundred times does (bench/host.ts): a program that is run less
 * often is better off without. In a larger module more is rewritten, and compiled again by V8, and less is gained, for its runs are longer: with
 * net/http (17 MB) 5 s of exploring gave half of the schedules when it was done after 200.
 */
export const notedAfter = (bytes: number): number => Math.max(LEAST, Math.round(LEAST * (bytes / SMALL) ** 3));
const LEAST = 200;
/** A module that was put back so often will be again: what it executes is worth optimizing. */
const OFTEN = 2_000;
/**
 * Where a return to a saved world is followed by more pauses than this, what follows costs far more than the return, and noting makes that slower: three HTTP
 * requests take as long with it as without, and V8 compiles for two seconds again (bench/http.txt). Such runs are noted so many times later.
 */
const SHORT = 32;
const LATER = 8;
/** Bytes of a program, or of a test binary, without net/http. */
const SMALL = 6 << 20;

/** What the module's calls reach outside of its world. */
type WorldCalls = Omit<GuestCalls, "args" | "environment" | "isWatched" | "memory" | "files" | "time" | "begin" | "moreJumps" | "randomState"> & {
  /** Control begins. Answers as `GuestCalls.begin`. */
  begin(): number;
};

export interface SavedWorld {
  readonly instance: InstanceSnapshot;
  readonly files: FileSystemState;
}

/** A Go module with its memory, files, clock and output: it can be resumed, copied and put back. */
export class GuestWorld {
  readonly output = new GuestOutput();
  readonly files: FileSystem;
  readonly #memory = new GuestMemory();
  /** The clock before control begins. */
  readonly #time: TimeSource = { mono: 1e9 };
  #instance: ModuleInstance;
  readonly #notedAfter: number;
  readonly #notedModule: () => WebAssembly.Module | undefined;
  #restores = 0;
  #pauses = 0;
  /** For the module that notes. */
  #isAsked = false;
  readonly #jumps = new JumpLimit();
  #link: GuestLink | undefined;

  /** `notedModule`: the same one with its stores noted (dirty-pages.ts), where that can be had; asked for when it pays. */
  constructor(module: WebAssembly.Module, notedModule: () => WebAssembly.Module | undefined, options: WorldOptions, calls: WorldCalls) {
    const { args, environment, mounts, cwd, stdin = new Uint8Array() } = options;
    this.files = new FileSystem(
      {
        mounts,
        cwd,
        stdin,
        output: (stream, bytes) => this.output.write(stream, bytes, calls.run()?.mainReturned !== true),
        refused: () => calls.run()?.hooks.onStub(PERMISSION),
        now: () => EPOCH + BigInt(Math.round(calls.run()?.clock ?? this.#time.mono)),
      },
      this.#memory,
    );
    const imports = guestImports(module, {
      ...calls,
      args,
      environment,
      isWatched: options.watched === true,
      memory: this.#memory,
      files: this.files,
      time: this.#time,
      begin: (box) => {
        this.#link = new GuestLink(this.#memory, box);
        return calls.begin();
      },
      moreJumps: () => {
        const jumps = this.#jumps.more();
        if (jumps !== undefined) this.#instance.refuel(jumps);
      },
      randomState: () => {
        const asking = calls.run()?.asking();
        return asking && this.#link ? asking.address + this.#link.layout.gSeed : undefined;
      },
    });
    this.#instance = new ModuleInstance(module, imports, this.#memory);
    this.#notedModule = notedModule;
    this.#notedAfter = options.notedAfter ?? LEAST;
  }

  /** From the beginning to where control begins. Throws what ends the guest before that. */
  boot(): void {
    this.#instance.boot();
  }

  /** On from a pause to the next. Throws what ends the guest before that (GuestStopped, GuestExit, a trap). */
  resume(limit: JumpOptions): void {
    this.#pauses++;
    this.#instance.resume(this.#jumps.begin(limit));
    this.#jumps.end();
  }

  /** `often`: it is to be put back many times. */
  save(often = false): SavedWorld {
    const { layout } = this.link;
    return { instance: this.#instance.save(layout.mutable, this.link.break(), often), files: this.files.save() };
  }

  restore(saved: SavedWorld): void {
    const used = this.link.break();
    this.#restores++;
    if (!this.#isAsked && this.#pays) this.#note(used);
    this.#instance.restore(saved.instance, used);
    this.files.restore(saved.files);
  }

  /** Does it pay to note stores? */
  get #pays(): boolean {
    return this.#restores >= this.#notedAfter * (this.#pauses > SHORT * this.#restores ? LATER : 1);
  }

  /** Copies of before cost more to put back than those of now. */
  get isNoted(): boolean {
    return this.#instance.isNoted;
  }

  #note(used: number): void {
    this.#isAsked = true;
    if (this.#restores >= OFTEN) optimize("soon");
    const module = this.#notedModule();
    if (module !== undefined) this.#instance = this.#instance.noting(module, used);
    optimize("later");
  }

  /** Another program's runs begin: the guest asks about each caller again. */
  asksAgain(): void {
    this.#memory.all().fill(0, PASSING, PASSING_END);
  }

  /** Defined once control has begun. */
  get link(): GuestLink {
    return this.#link!;
  }

  /** Address of unparkBox; 0 before control begins. */
  get box(): number {
    return this.#link?.box ?? 0;
  }

  get objects(): GuestObjects {
    return this.link.objects;
  }

  /** Nanoseconds on the guest's clock when control begins. */
  get began(): number {
    return this.#time.mono;
  }

  currentG(): number {
    return this.#instance.currentG();
  }

  /** Entry addresses of the functions that were running when the guest was stopped, innermost first. */
  running(error: Error): readonly number[] {
    return this.#instance.running(error);
  }
}
