import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { isQuiet } from "../../control/pending.js";
import { actorsOf, type Choice } from "../../model/run/choice.js";
import type { VariableRace } from "../../control/race-detector.js";
import type { Fault } from "../../model/run/fault.js";
import type { GoroutineName, Nanos } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Checkpoint, Footprint, GoesOn, Pending, Run, RunOptions } from "../../model/run/program.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Trace } from "../../model/run/trace.js";
import type { GuestGoroutine } from "../guest/guest-goroutine.js";
import type { ModuleHost } from "../guest/module-host.js";
import { GuestHooks } from "./guest-hooks.js";
import { RunLimits } from "./limits/run-limits.js";
import { RunParts } from "./run-parts.js";
import { restoreRun, saveRun, type RunState } from "./run-state.js";
import { EndOfRun } from "./snapshot/end-of-run.js";
import { GoStep } from "./step/go-step.js";
import { StepsAhead } from "./step/steps-ahead.js";
import { UnaskedPasses } from "./step/unasked-passes.js";

/**
 * One execution of a controlled Go world, as the explorer sees it: where each goroutine is stopped, and how a choice ends.
 *
 * H1. Between steps no goroutine is runnable, and none of the scope waits in a runtime queue for something that a `meet`
 *     could bring: one that enters a queue in a step is met in the same step.
 * H2. All that decides (readiness, time, names) is read from the guest's memory or follows from the choices.
 */
export class GoRun implements Run {
  readonly hooks: GuestHooks;
  readonly #guest: ModuleHost<GoRun>;
  readonly #arrival: boolean;
  readonly #parts: RunParts;
  readonly #step: GoStep;
  readonly #limits: RunLimits;
  readonly #ahead: StepsAhead;
  #outcome: Outcome | undefined;
  #end: EndOfRun | undefined;

  constructor(guest: ModuleHost<GoRun>, began: number, { trace = false, arrival = false, unaskedAfter }: Pick<RunOptions, "trace" | "arrival" | "unaskedAfter"> = {}) {
    this.#guest = guest;
    this.#arrival = arrival;
    this.#parts = new RunParts(guest, began, trace);
    this.#limits = new RunLimits(this.#parts);
    const unasked = new UnaskedPasses(this.#parts, this.#limits, unaskedAfter);
    this.#ahead = new StepsAhead(this.#parts, this.#limits, unasked);
    this.hooks = new GuestHooks(this.#parts, this.#ahead, unasked);
    this.#step = new GoStep(this.#parts, this.hooks, this.#ahead);
  }

  // ---- the seam

  pending(): readonly Pending[] {
    return this.#parts.pending();
  }

  able(): readonly Pending[] {
    return this.#parts.able();
  }

  takeChanged(): readonly Pending[] | undefined {
    return this.#parts.takeChanged();
  }

  parked(): readonly string[] {
    return this.#parts.parked().map(({ name, op, object, cond }) => `${name} behind ${op} ${object} ${cond}`);
  }

  take(choice: Choice, goesOn?: GoesOn): void {
    refuseAfterEnd(choice, this.#outcome, this.#limits.steps);
    const chosen = alternativeFor(choice, () => this.pending(), this.#limits.steps, this.#parts.toldTo(actorsOf(choice)[0]));
    this.#limits.stepBegins();
    const ended = this.#step.take(chosen, this.#arrival && chosen.kind === "clock" && isQuiet(this.pending()), goesOn);
    this.#ahead.stepOver();
    if (ended !== undefined) this.#parts.points.noticed(this.#parts.asking());
    this.#outcome = ended ?? this.#limits.reached();
  }

  wentWrong(): readonly Fault[] {
    return this.#parts.wentWrong;
  }

  skippedTime(): boolean {
    return this.#parts.clock.skipped;
  }

  get overtaken(): number {
    return this.#parts.clock.overtaken;
  }

  afterFailure(): readonly GoroutineName[] | undefined {
    const { scope, goroutines } = this.#parts;
    return scope.hasFailed ? goroutines.all.flatMap((one) => (this.isAfterFailure(one) ? [one.name] : [])) : undefined;
  }

  /** It came to where it stands after the test had failed, or who would have ended it was ended by that. */
  isAfterFailure({ afterFailure, name }: GuestGoroutine): boolean {
    return afterFailure || this.#parts.scope.isLeftBehind(name);
  }

  last(): Footprint {
    return this.#parts.footprint;
  }

  /** Data races so far, by site (guest/watched-memory.ts); none where the module is not watched. */
  get races(): readonly VariableRace<number>[] {
    return this.#parts.races?.races ?? [];
  }

  outcome(): Outcome | undefined {
    if (this.#outcome) return this.#outcome;
    const { scope, goroutines } = this.#parts;
    if (this.#parts.isAble) return undefined;
    if (this.#parts.clockEntry !== undefined) return (this.#outcome = this.#limits.atLimit("time"));
    return (this.#outcome = scope.atRest(goroutines.all, () => this.#parts.blocked()));
  }

  goroutines(): Snapshot {
    this.outcome();
    return this.#guest.collect(this);
  }

  trace(): Trace | undefined {
    const { recorder, goroutines } = this.#parts;
    recorder?.leaves(goroutines.all.filter(({ called }) => called.length > 0));
    return recorder && this.#guest.traced(recorder);
  }

  fork(): Checkpoint {
    return this.#guest.fork(this);
  }

  now(): Nanos {
    return this.#parts.now();
  }

  // ---- its beginning, and its copies

  save(): RunState {
    if (this.#guest.box !== 0 && this.#limits.steps > 0) this.pending(); // T3
    return saveRun(this.#parts, this.#limits);
  }

  restore(state: RunState): void {
    restoreRun(this.#parts, this.#limits, state);
    this.#outcome = undefined;
  }

  /** The first step, which nothing chooses: from the start-up snapshot to where every goroutine is stopped. */
  begin(): void {
    const { main } = this.#parts.goroutines;
    if (main) this.#parts.letGo([main.address]);
    this.#outcome = this.#step.goOn();
    if (this.#outcome !== undefined) this.#parts.points.noticed(this.#parts.asking());
    this.#parts.points.stepOver();
    this.#limits.begin();
  }

  // ---- what its module asks

  /** For the collection; few runs of an exploration come to one. */
  get end(): EndOfRun {
    return (this.#end ??= new EndOfRun(this.#parts));
  }

  /** Its test is over, and time has passed since. */
  get isAfterTest(): boolean {
    const { scope } = this.#parts;
    return scope.over?.kind === "test" && scope.watched(this.now()) > 0;
  }

  /** Its test is over, and has failed. */
  get hasFailed(): boolean {
    const { over } = this.#parts.scope;
    return over?.kind === "test" && over.code !== 0;
  }

  get scopeOver(): boolean {
    return this.#parts.scope.over !== undefined;
  }

  /** The process would be gone by now: what its goroutines still do is looked at only to find leaks. */
  get mainReturned(): boolean {
    return this.#parts.scope.over?.kind === "main";
  }

  /** Nanoseconds on the guest's clock. */
  get clock(): number {
    return this.#parts.clock.base;
  }

  goroutineAt(address: number): GuestGoroutine | undefined {
    return this.#parts.goroutines.at(address);
  }

  /**
   * In the middle of a step: could another goroutine go on, one that has just been started too, or a timer fire? It does not matter to one
   * that has had no operation since it was started: that is seldom a wait for plain memory, and mostly a loop without an end (row 32).
   */
  get othersCanGoOn(): boolean {
    const { guest: { objects }, goroutines } = this.#parts;
    objects.refresh();
    const asking = this.asking();
    if (asking?.op === "start") return false;
    const isBeginning = goroutines.all.some((one) => one !== asking && one.phase === "running" && one.op === "start");
    return isBeginning || this.#parts.isTimeAwaited || this.#parts.scan().some(({ goroutine, alternatives }) => alternatives.length > 0 && goroutine !== asking?.name);
  }

  asking(): GuestGoroutine | undefined {
    return this.#parts.asking();
  }

  readClock(): number {
    return this.#parts.readClock();
  }

  /** `pending`, by looking at all goroutines: for tests of the table. */
  scan(): readonly Pending[] {
    return this.#parts.scan();
  }
}
