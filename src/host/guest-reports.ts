import { at, UNKNOWN_FRAME } from "../model/source/blame.js";
import type { DataRace } from "../model/finding/data-race.js";
import type { Outcome } from "../model/run/outcome.js";
import type { VariableRace } from "../control/race-detector.js";
import type { Frame, Stack } from "../model/goroutine/stack.js";
import type { Trace } from "../model/run/trace.js";
import { FrameTable } from "./frame-table.js";
import { BOX } from "./guest/guest-protocol.js";
import type { GuestWorld } from "./guest/guest-world.js";
import { entryOf } from "./guest/instance-snapshot.js";
import { LeakCollector, type CollectedWorld } from "./guest/leak-collector.js";
import { siteFrom } from "./guest/watched-memory.js";
import type { GoRun } from "./run/go-run.js";
import type { GoTraceRecorder } from "./run/go-trace-recorder.js";
import { COLLECT } from "./run/snapshot/final-snapshot.js";

/** Jumps for a collection and the finalizers after it: who loops there is not waited for. */
const FINALIZERS = 200_000_000;

/** What the reports need of their module. */
interface ReportingModule {
  readonly fuel: number | undefined;
  sourceOf(this: void, file: string): string;
  /** Once it is made. */
  world(): GuestWorld;
  /** A run of the start-up world, in which nothing has happened. */
  fresh(): GoRun;
  /** Follows what the collector does to its end, for so many jumps at most. */
  resume(most: number | undefined): Outcome | undefined;
}

/** What Unpark's own goroutine in the module reports: all goroutines when a run is over, and the source lines behind addresses. */
export class GuestReports {
  readonly collector: LeakCollector;
  readonly #module: ReportingModule;
  readonly #frames = new FrameTable((addresses) => this.#linesOf(addresses));
  /** Its address. */
  #goroutine = 0;

  constructor(module: ReportingModule) {
    this.#module = module;
    this.collector = new LeakCollector(module.sourceOf);
  }

  startedBy(goroutine: number): void {
    this.#goroutine = goroutine;
  }

  /** All goroutines, after what `what` says. The run's world is of no use afterwards. */
  goroutines(run: GoRun, what: keyof typeof COLLECT): CollectedWorld & { readonly failed: boolean } {
    return this.#collect(run, [], what);
  }

  /** Has this Go version a leak collection, by the collector's answer? */
  get proves(): boolean {
    const { objects, box } = this.#module.world();
    return objects.word(box + BOX.leakGC) !== 0;
  }

  stack(addresses: readonly number[]): Stack {
    return this.#frames.stack(addresses);
  }

  trace(recorder: GoTraceRecorder): Trace {
    this.#frames.learn([...recorder.addresses()]);
    return recorder.read((pc) => this.#frames.at(pc));
  }

  /** Data races by the functions that race, each pair once. */
  races(found: readonly VariableRace<number>[]): readonly DataRace[] {
    const entry = (site: number): number => entryOf(siteFrom(site).number);
    this.#frames.learn(found.flatMap(({ write, other }) => [entry(write), entry(other)]));
    const name = (site: number): string => racingFunction(this.#frames.at(entry(site)).at(-1) ?? UNKNOWN_FRAME);
    return [...new Map(found.map(({ write, other }) => [`${write >>> 1} ${other >>> 1}`, { write: name(write), other: name(other) }])).values()];
  }

  #linesOf(addresses: readonly number[]): CollectedWorld["frames"] {
    return this.#collect(this.#module.fresh(), addresses, "lines").frames;
  }

  #collect(run: GoRun, addresses: readonly number[], what: keyof typeof COLLECT): CollectedWorld & { readonly failed: boolean } {
    const { fuel } = this.#module;
    const { objects, box } = this.#module.world();
    this.collector.begin(addresses);
    if (what === "lines") run.end.only(this.#goroutine);
    else run.end.settle(this.#goroutine, what === "finalizers");
    objects.setWord(box + BOX.hooks, 0);
    objects.setWord(box + BOX.leakGC, COLLECT[what]);
    const failed = this.#module.resume(what === "finalizers" ? Math.min(FINALIZERS, fuel ?? FINALIZERS) : undefined) !== undefined;
    return { ...this.collector.end(), failed };
  }
}

/** A closure that the compiler wrote for `go f(x)` has a name that says nothing; f may stand inside of it. */
const racingFunction = (frame: Frame): string => {
  const starter = /^(.*)\.gowrap\d+$/.exec(frame.function)?.[1];
  return starter === undefined ? frame.function : `the goroutine that ${starter} starts at ${at(frame)}`;
};
