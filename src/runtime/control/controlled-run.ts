import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { StepFootprint } from "../../control/footprint.js";
import type { Choice } from "../../model/run/choice.js";
import type { Nanos } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import type { Footprint, Pending, Run } from "../../model/run/program.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Trace } from "../../model/run/trace.js";
import { enterControl } from "../core/current-runtime.js";
import { actorsIn } from "./choice-executor.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { ControlledParts } from "./controlled-parts.js";
import { endSnapshot, provedEndSnapshot } from "./end-snapshot.js";
import { withAwaits } from "./proved-awaits.js";
import { RunConclusion } from "./run-conclusion.js";
import type { RunPlan } from "./run-plan.js";
import { RunRepetition, type RepeatableRun, type Stepping } from "./run-repetition.js";
import { StuckAwaits } from "./stuck-awaits.js";

/**
 * One execution under control (P1–P4 of `model/run/program.ts`; R1 and R2 in run-queue.ts), as the explorer sees it:
 * R3. A goroutine may idle: wait for a plain promise, which a timer's callback, or code that runs beside it, may settle.
 *     Once no goroutine can go on and one idles, or what it began outside (a file, a socket) may still answer, nothing is
 *     concluded: the run is `unsupported`, and the line is named.
 * R4. `enter` is called around every step, so that code outside of it is not taken for the program's.
 *
 * The program's side of it is RunControl; what the program does to the run, ControlledParts; who is there, GoroutineTable; who
 * goes on, RunQueue; a choice done, ChoiceExecutor; whether it is over, RunConclusion; R3, StuckAwaits.
 */
export class ControlledRun implements Run, RepeatableRun {
  readonly parts: ControlledParts;
  readonly #conclusion: RunConclusion;
  readonly #stepping: Stepping;
  /** Made when they are asked for: most runs are done once, and end by themselves. */
  #repeats: RunRepetition<ControlledRun> | undefined;
  #awaits: StuckAwaits | undefined;
  /** It did not come to an end of its step in time, and was ended. */
  #expired: ControlledGoroutine | undefined;

  constructor(plan: RunPlan, stepping: Stepping = { now: false }) {
    this.parts = new ControlledParts(plan);
    this.#stepping = stepping;
    this.#conclusion = new RunConclusion(this.parts);
  }

  get #repetition(): RunRepetition<ControlledRun> {
    return (this.#repeats ??= new RunRepetition(this.parts, (again, its) => new ControlledRun(again, its)));
  }

  get #stuck(): StuckAwaits {
    return (this.#awaits ??= new StuckAwaits(this.parts, this.#repetition, this.#stepping));
  }

  // ---- the explorer's side (Run)

  /** No choice is made: main goes on to its first operation. */
  begin(): Promise<void> {
    const { goroutines: { main }, recorder, control, answers } = this.parts;
    this.parts.plan.rejections.begin();
    recorder?.started(main);
    control.queue.enqueue(main);
    control.footprint.moves(main.name);
    answers.begin();
    return this.#step();
  }

  pending(): readonly Pending[] {
    return this.parts.pending();
  }

  take(choice: Choice): Promise<void> {
    const { steps, plan: { sandbox: { turns } } } = this.parts;
    return (steps & 255) === 255 && turns.isDue ? turns.turn().then(() => this.#take(choice)) : this.#take(choice);
  }

  #take(choice: Choice): Promise<void> {
    const { parts } = this;
    const { control, goroutines, steps } = parts;
    refuseAfterEnd(choice, this.#conclusion.known, steps);
    const pending = parts.pending();
    alternativeFor(choice, () => pending, steps);
    parts.taken.push(choice);
    const foot = (control.footprint = new StepFootprint());
    if (choice.kind === "clock") parts.clockMoves();
    const before = enterControl(control);
    const actors = actorsIn(choice, goroutines);
    control.spinning.step(choice, actors, actors[0]?.stop!.op, actors[0]?.stop!.accesses[0]?.object);
    this.#conclusion.stepBegins(choice, actors, pending);
    parts.recorder?.step(choice, actors);
    if (!this.#loses(choice, actors[0])) control.executor.perform(choice, actors, pending, foot);
    enterControl(before);
    parts.forgetPending();
    return this.#step();
  }

  /** In production the event loop turns before this step: a rejection that nobody has handled by then ends the process. */
  #loses(choice: Choice, actor: ControlledGoroutine | undefined): boolean {
    if (choice.kind !== "clock" && actor?.stop?.op !== "answer") return false;
    const { ending, goroutines, plan } = this.parts;
    const lost = plan.rejections.take();
    if (lost !== undefined) ending.dies(goroutines.main, lost.reason, plan.captures);
    return lost !== undefined;
  }

  last(): Footprint {
    return this.parts.control.footprint;
  }

  outcome(): Outcome | undefined {
    return this.#conclusion.outcome();
  }

  goroutines(): Snapshot | Promise<Snapshot> {
    const { plan, goroutines: { members } } = this.parts;
    const proof = this.#awaits?.proof;
    if (proof !== undefined) return withAwaits(endSnapshot(this.parts, this.outcome()), proof);
    if (members.length === 0) return plan.traced ? this.#leftAwaits() : endSnapshot(this.parts, this.outcome());
    return plan.captures ? provedEndSnapshot(this.parts, this.outcome()) : this.#repetition.again().then((run) => provedEndSnapshot(run.parts, run.outcome()));
  }

  /** Ordinary awaits are before no operation. */
  parked(): readonly string[] {
    return (this.#awaits?.proof?.awaits ?? []).map(({ stack }) => `await ${stack[0]?.file}:${stack[0]?.line}`).sort();
  }

  trace(): Trace | undefined {
    return this.parts.recorder?.trace();
  }

  now(): Nanos {
    return this.parts.now();
  }

  // ---- inside

  /** No goroutine is left; but ordinary code that some began may still wait. */
  #leftAwaits(): Snapshot | Promise<Snapshot> {
    const snapshot = endSnapshot(this.parts, this.outcome());
    const { kind } = this.outcome() ?? { kind: "goes on" };
    if (kind !== "quiescent" || this.parts.plan.prover === undefined) return snapshot;
    return this.#stuck.prove().then((proof) => (proof === undefined ? snapshot : withAwaits(snapshot, proof)));
  }

  #step(): Promise<void> {
    const { control, scope, plan: { sandbox } } = this.parts;
    const before = enterControl(control);
    const leave = sandbox.enter(control, () => scope.over?.kind === "main");
    return new Promise<void>((resolve) => {
      const over = (): void => {
        leave();
        enterControl(before);
        this.#stepOver(resolve);
      };
      sandbox.turns.onExpired = () => this.#expires();
      this.#stepping.now = true;
      control.queue.begin(() => this.#queueOver(over));
    });
  }

  /** The goroutine that runs did not come to an end of its step in time. */
  #expires(): () => void {
    const { control: { queue }, goroutines, plan: { sandbox } } = this.parts;
    this.#expired = queue.running ?? goroutines.main;
    sandbox.microtasks.reset();
    queue.halt();
    return () => queue.abandon();
  }

  /** No goroutine runs and none is queued: what has to be found out before the step is over? */
  #queueOver(over: () => void): void {
    const { parts } = this;
    parts.plan.sandbox.turns.onExpired = undefined;
    if (this.#expired !== undefined) return void this.#repetition.ranAway(this.#expired).then(over, over);
    this.#stepping.now = false;
    parts.answers.noteThreads();
    if (parts.isStill()) return this.#stands(over);
    if (!parts.ending.needsPlace) return over();
    void this.#repetition.findPlace().then(over, over);
  }

  /** R3: no goroutine can go on. */
  #stands(over: () => void): void {
    if (this.#stuck.threadsWork() || !this.#stuck.isOpen()) return over();
    this.parts.answers.end();
    void this.#stuck.judge().then(over, over);
  }

  #stepOver(resolve: () => void): void {
    const { answers, plan } = this.parts;
    this.parts.stepOver();
    this.#conclusion.stepOver();
    if (this.outcome()?.kind === "quiescent" && plan.proving === undefined) plan.rejections.tell();
    if (this.outcome() === undefined || plan.proving !== undefined) return resolve();
    const resolves = (): void => {
      answers.end();
      resolve();
    };
    if (!answers.isAsked()) return resolves();
    void plan.lateAnswers.come(() => answers.isAsked()).then(resolves);
  }
}
