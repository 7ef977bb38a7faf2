import { alternativeFor, refuseAfterEnd } from "../../control/divergence.js";
import { moveTo } from "../../control/goroutine.js";
import { RunScope } from "../../control/scope.js";
import { StepFootprint } from "../../control/footprint.js";
import type { Choice } from "../../model/choice.js";
import { nanos, type Nanos } from "../../model/ids.js";
import { VARIABLES_OBJECT, type Access } from "../../model/operation.js";
import { DEFAULT_STEPS } from "../../model/limits.js";
import type { Outcome } from "../../model/outcome.js";
import type { Footprint, Pending, Run } from "../../model/program.js";
import type { Snapshot } from "../../model/snapshot.js";
import type { Trace } from "../../model/trace.js";
import { FatalError, Panic, RuntimeError } from "../api/panic.js";
import { framesOf } from "../observe/stack-trace.js";
import { enterControl, secondCopy } from "../core/current-runtime.js";
import type { ProvedAwaits } from "./await-prover.js";
import { AwaitWatch } from "./await-watch.js";
import type { GoroutineTable } from "./goroutine-table.js";
import { RunLength } from "./run-length.js";
import { RunTermination, failureText } from "./run-termination.js";
import type { RunQueue } from "./run-queue.js";
import { foreignAwait, outsideAnswer, overtakenAnswer } from "./foreign-await.js";
import { OutsideWork } from "./outside-work.js";
import type { BlockedReferences } from "./reachability.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { RuntimeView } from "./runtime-pending.js";
import { actorsIn } from "./choice-executor.js";
import { provedAwaits, watchWeakRefs, withAwaits } from "./proved-awaits.js";
import { provedSnapshot } from "./proved-snapshot.js";
import { ThreadJobs } from "./thread-jobs.js";
import { untoldJob } from "./untold-jobs.js";
import { RunControl, type RunObserver } from "./run-control.js";
import type { RunPlan } from "./run-plan.js";
import { controlledSnapshot } from "./controlled-snapshot.js";
import { RuntimeTraceRecorder } from "./runtime-trace-recorder.js";

const VARIABLES: Access = { object: VARIABLES_OBJECT, op: "rmw" };

/**
 * One execution under control (P1–P4 of `model/program.ts`; R1 and R2 in run-queue.ts), as the explorer sees it:
 * R3. A goroutine may idle: wait for a plain promise, which a timer's callback, or code that runs beside it, may settle.
 *     Once no goroutine can go on and one idles, or what it began outside (a file, a socket) may still answer, nothing is
 *     concluded: the run is `unsupported`, and the line is named.
 * R4. `enter` is called around every step, so that code outside of it is not taken for the program's.
 *
 * The program's side of it is RunControl; who is there, GoroutineTable; who goes on, RunQueue; a choice done, ChoiceExecutor.
 */
export class ControlledRun implements Run, RunObserver {
  readonly #plan: RunPlan;
  readonly #control: RunControl;
  readonly #goroutines: GoroutineTable;
  readonly #queue: RunQueue;
  readonly #view: RuntimeView;
  readonly #scope = new RunScope();
  readonly #length: RunLength;
  readonly #ending = new RunTermination();
  readonly #outside = new OutsideWork();
  readonly #threads: ThreadJobs | undefined;
  readonly #recorder: RuntimeTraceRecorder | undefined;
  /** What was taken, so that the run can be done again with stacks. */
  readonly #taken: Choice[] = [];
  #pending: readonly Pending[] | undefined;
  #outcome: Outcome | undefined;
  /** R4. The clock moved while the platform worked on what the run had asked for: in production that may have come first. */
  #overtook = false;
  /** No goroutine can go on, and one that idles never can, either. */
  #hang: ProvedAwaits | undefined;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#recorder = plan.traced ? new RuntimeTraceRecorder() : undefined;
    // A run with a trace asks, for without one nothing is reported; others do once such a run has shown that there is something to ask for.
    this.#threads = (plan.traced || plan.asksThreads.yes) && plan.proving === undefined && plan.watch === undefined ? new ThreadJobs() : undefined;
    const control = (this.#control = new RunControl(plan, this));
    this.#goroutines = control.goroutines;
    this.#queue = control.queue;
    this.#length = new RunLength(this.#scope, control.spinning);
    this.#view = new RuntimeView(control.clock, plan.horizon);
  }

  // ---- the explorer's side (Run)

  /** No choice is made: main goes on to its first operation. */
  begin(): Promise<void> {
    const { main } = this.#goroutines;
    this.#recorder?.started(main);
    this.#queue.enqueue(main);
    this.#control.footprint.moves(main.name);
    this.#threads?.begin();
    return this.#step();
  }

  pending(): readonly Pending[] {
    return (this.#pending ??= this.#pendingNow());
  }

  take(choice: Choice): Promise<void> {
    return (this.#steps & 255) === 255 && this.#plan.sandbox.turns.isDue ? this.#plan.sandbox.turns.turn().then(() => this.#take(choice)) : this.#take(choice);
  }

  #take(choice: Choice): Promise<void> {
    refuseAfterEnd(choice, this.#outcome ?? this.#ending.outcome, this.#steps);
    const pending = this.pending();
    alternativeFor(choice, pending, this.#steps);
    this.#taken.push(choice);
    const foot = (this.#control.footprint = new StepFootprint());
    if (choice.kind === "clock" && this.#goroutines.members.some(({ idle }) => idle) && this.#outside.began()) this.#overtook = true;
    const before = enterControl(this.#control);
    const actors = actorsIn(choice, this.#goroutines);
    this.#control.spinning.step(choice, actors, actors[0]?.stop!.op, actors[0]?.stop!.accesses[0]?.object);
    this.#length.begins(choice, actors, pending);
    this.#recorder?.step(choice, actors);
    this.#control.executor.perform(choice, actors, pending, foot);
    enterControl(before);
    this.#pending = undefined;
    return this.#step();
  }

  #pendingNow(): readonly Pending[] {
    const pending = this.#view.pending(this.#goroutines.members);
    if (!this.#plan.sharedVariables) return pending;
    return pending.map((one) => ({ ...one, accesses: [...one.accesses, VARIABLES] }));
  }

  last(): Footprint {
    return this.#control.footprint;
  }

  outcome(): Outcome | undefined {
    return (this.#outcome ??= this.#ending.outcome ?? this.#atRest());
  }

  goroutines(): Snapshot | Promise<Snapshot> {
    if (this.#hang !== undefined) return withAwaits(this.#snapshot(), this.#hang);
    if (this.#goroutines.members.length === 0) return this.#plan.traced ? this.#leftAwaits() : this.#snapshot();
    return this.#plan.captures ? this.#proved() : this.#again().then((run) => run.#proved());
  }

  /** Ordinary awaits are before no operation. */
  parked(): readonly string[] {
    return (this.#hang?.awaits ?? []).map(({ stack }) => `await ${stack[0]?.file}:${stack[0]?.line}`).sort();
  }

  trace(): Trace | undefined {
    return this.#recorder?.trace();
  }

  now(): Nanos {
    return nanos(BigInt(Math.round(this.#control.clock.now())));
  }

  // ---- what the program does (RunObserver)

  started(member: ControlledGoroutine): void {
    this.#recorder?.started(member);
  }

  raised(member: ControlledGoroutine, error: unknown): void {
    this.#ending.raised(member, error, this.#plan.captures);
  }

  get halted(): boolean {
    return this.#ending.over;
  }

  unawaited(member: ControlledGoroutine): void {
    this.#recorder?.beside(member);
  }

  refused(member: ControlledGoroutine, error: Error, at: Error | undefined): void {
    this.#ending.refused(member, error, at, this.#plan.captures);
  }

  ended(member: ControlledGoroutine, value?: unknown): void {
    member.handle?.ended({ value });
    this.#over(member);
  }

  #over(member: ControlledGoroutine): void {
    member.bodyOver = true;
    if (member === this.#goroutines.main) this.#control.handOver(member);
    if (member.phase === "running") this.#leaves(member);
  }

  idles(member: ControlledGoroutine): void {
    if (member.bodyOver) this.#leaves(member);
  }

  get awaitsOutside(): boolean {
    return this.#outside.began() || this.#control.clock.next() === undefined;
  }

  #leaves(member: ControlledGoroutine): void {
    moveTo(member, "ended");
    member.releaseReferences();
    this.#control.footprint.moves(member.name);
    this.#recorder?.ended(member);
    this.#goroutines.remove(member);
    if (member === this.#goroutines.main) this.#scope.end({ kind: this.#plan.scope, code: this.#ending.failed ? 1 : 0 }, this.now());
  }

  threw(member: ControlledGoroutine, error: unknown): void {
    if (this.#overtook) return this.#ending.unsupported(overtakenAnswer(member, error));
    if (!(error instanceof FatalError) && member.handle?.ended({ error }) === true) return this.#over(member);
    if (member === this.#goroutines.main && this.#plan.scope === "test" && !(error instanceof Panic || error instanceof RuntimeError)) {
      // A test's own assertion: the test is over, what it started lives on.
      this.#ending.failed = true;
      this.#plan.onFailure?.(error);
      this.#plan.sandbox.print("stderr", () => failureText(error));
      return this.ended(member);
    }
    this.#ending.dies(member, error, this.#plan.captures);
  }

  // ---- inside

  get #steps(): number {
    return this.#taken.length;
  }

  /** The same run with stacks (P1). */
  async #again(more: Partial<RunPlan> = {}, stepping = { now: false }): Promise<ControlledRun> {
    const run = new ControlledRun({ ...this.#plan, sandbox: this.#plan.sandbox.silent(), traced: false, captures: true, ...more });
    run.#stepping = stepping;
    await run.begin();
    for (const choice of this.#taken) await run.take(choice);
    return run;
  }

  /** R3: no goroutine can go on, but something outside the run may let one. */
  #isOpen(): boolean {
    return this.#isStill() && (this.#goroutines.members.some(({ idle }) => idle) || this.#mayBeAnswered());
  }

  #mayBeAnswered(): boolean {
    return this.#outside.began() || untoldJob(this.#control) !== undefined;
  }

  #isStill(): boolean {
    if (this.#ending.outcome !== undefined || this.#goroutines.members.length === 0) return false;
    return !this.pending().some(({ alternatives }) => alternatives.length > 0);
  }

  /** R3: a thread of the platform works for the run. */
  #threadsWork(): boolean {
    this.#plan.asksThreads.yes ||= this.#threads?.hasAsked === true;
    const request = this.#threads !== undefined && this.#isStill() ? this.#threads.unanswered() : undefined;
    if (request !== undefined) this.#ending.unsupported(outsideAnswer(this.#goroutines.members[0]!, request));
    return request !== undefined;
  }

  /**
   * R3. Ordinary code, and nothing outside is at work for it: can who idles never go on? The run is done again for the
   * collector, and thrown away. Undefined: that is not proved.
   */
  async #hangs(): Promise<ProvedAwaits | undefined> {
    const { prover, proving, watch } = this.#plan;
    if (prover === undefined || proving !== undefined || watch !== undefined || this.#mayBeAnswered()) return undefined;
    const isOn = (): boolean => this.#stepping.now;
    const recording = prover(isOn);
    if (recording === undefined) return undefined;
    const weak = watchWeakRefs(isOn);
    try {
      const again = await this.#again({ proving: recording }, this.#stepping);
      if (again.#mayBeAnswered()) return undefined;
      return await provedAwaits(recording, again.#goroutines.members, () => again.#letGo(), this.#plan.sandbox.turns, weak);
    } finally {
      recording.stop();
      weak.stop();
    }
  }

  /** No goroutine is left; but ordinary code that some began may still wait. */
  #leftAwaits(): Snapshot | Promise<Snapshot> {
    const snapshot = this.#snapshot();
    const { kind } = this.outcome() ?? { kind: "goes on" };
    if (kind !== "quiescent" || this.#plan.prover === undefined) return snapshot;
    return this.#hangs().then((proof) => (proof === undefined ? snapshot : withAwaits(snapshot, proof)));
  }

  /** Is a step of this run, or of the one that proves it, going on? What is between steps is not the program's. */
  #stepping = { now: false };

  #letGo(): readonly BlockedReferences[] {
    const blocked = this.#goroutines.members.filter(({ stop }) => stop !== undefined).map((member) => member.releaseBlocked());
    // An error whose stack was read no longer holds the functions that it was made in.
    for (const { createdAt, creator } of [...this.#goroutines.members, this.#queue.current]) [createdAt, creator?.createdAt].forEach(framesOf);
    for (const member of this.#goroutines.members) member.releaseReferences();
    return blocked;
  }

  /** R3. The run is done again with stacks and with an eye on every await, to say which one it is. */
  async #openAt(): Promise<string> {
    if (this.#plan.watch !== undefined) return this.#explains(this.#plan.watch);
    const watch = new AwaitWatch();
    try {
      const outcome = (await this.#again({ watch })).outcome();
      return outcome?.kind === "unsupported" ? outcome.what : this.#explains(undefined);
    } catch {
      return this.#explains(undefined);
    } finally {
      watch.stop();
    }
  }

  /** R3 */
  async #judgeOpen(): Promise<void> {
    if (this.#plan.proving !== undefined) return;
    const proof = await this.#hangs();
    if (proof !== undefined && [...proof.stuck.values()].every((stuck) => stuck)) this.#hang = proof;
    else this.#ending.unsupported([await this.#openAt(), secondCopy()].filter((words) => words !== undefined).join("; "));
  }

  /** The goroutine that runs did not come to an end of its step in time, and was ended. */
  #expired(): () => void {
    this.#expiredOf = this.#queue.running ?? this.#goroutines.main;
    this.#plan.sandbox.microtasks.reset();
    this.#queue.halt();
    return () => this.#queue.abandon();
  }
  #expiredOf: ControlledGoroutine | undefined;

  /** Where it goes round: the run is done again, with an eye on every await. A loop without one has the place before it. */
  async #runaway(member: ControlledGoroutine): Promise<void> {
    const { watch, sandbox } = this.#plan;
    const scopeOver = this.#scope.over !== undefined;
    if (watch !== undefined) return this.#ending.runaway(member, watch.latest() ?? framesOf(member.stoppedAt ?? member.createdAt), scopeOver, sandbox.turns.limit);
    const again = new AwaitWatch();
    try {
      const outcome = (await this.#again({ watch: again })).outcome();
      this.#ending.runaway(member, outcome?.kind === "runaway" ? outcome.stack : [], scopeOver, sandbox.turns.limit);
    } finally {
      again.stop();
    }
  }

  #explains(watch: AwaitWatch | undefined): string {
    const idle = this.#goroutines.members.find((member) => member.idle);
    const stopped = this.#goroutines.members.flatMap(({ stoppedAt }) => framesOf(stoppedAt).slice(0, 1));
    if (idle !== undefined) return foreignAwait(idle, watch?.place(stopped));
    return outsideAnswer(this.#goroutines.members[0]!, watch?.outside() ?? { what: untoldJob(this.#control) ?? "something", at: undefined });
  }

  #step(): Promise<void> {
    const before = enterControl(this.#control);
    const leave = this.#plan.sandbox.enter(this.#control, () => this.#scope.over?.kind === "main");
    return new Promise<void>((resolve) => {
      const over = (): void => {
        leave();
        enterControl(before);
        this.#control.executor.stepped(this.#control.footprint);
        if (this.#plan.sharedVariables && this.#control.footprint.moved.length > 0) this.#control.footprint.touch(VARIABLES);
        this.#recorder?.after(this.now());
        this.#scope.afterStep(() => this.#goroutines.members);
        if (this.#ending.outcome === undefined) this.#outcome = this.#tooLong();
        if (this.outcome() === undefined || this.#plan.proving !== undefined) return resolve();
        if (!this.#isAsked()) return this.#resolves(resolve);
        void this.#plan.lateAnswers.come(() => this.#isAsked()).then(() => this.#resolves(resolve));
      };
      this.#plan.sandbox.turns.onExpired = () => this.#expired();
      this.#stepping.now = true;
      this.#queue.begin(() => {
        this.#plan.sandbox.turns.onExpired = undefined;
        if (this.#expiredOf !== undefined) return void this.#runaway(this.#expiredOf).then(over, over);
        this.#stepping.now = false;
        if (this.#threadsWork()) return over();
        if (!this.#isOpen()) return this.#rested(over);
        this.#threads?.end();
        void this.#judgeOpen().then(over, over);
      });
    });
  }

  /** Of what this run asked the platform for, is an answer still to come? */
  #isAsked(): boolean {
    return this.#outside.isAsked() || untoldJob(this.#control) !== undefined || this.#threads?.unanswered() !== undefined;
  }

  #resolves(resolve: () => void): void {
    this.#threads?.end();
    resolve();
  }

  #rested(over: () => void): void {
    if (!this.#ending.needsPlace) return over();
    void this.#again()
      .then((run) => (this.#ending.outcome = run.outcome() ?? this.#ending.outcome))
      .then(over, over);
  }

  #tooLong(): Outcome | undefined {
    const last = this.#taken.at(-1);
    const reached = last && this.#length.over(last, this.#goroutines.members, this.#control.clock.now());
    if (reached?.kind === "endless") return this.#scope.endless(reached.goroutine);
    if (reached?.kind === "rounds") return this.#limit("time");
    return this.#isLongEnough() ? this.#limit("steps") : undefined;
  }

  /** A run that only spins becomes no other by being longer, whatever the limit is. */
  #isLongEnough(): boolean {
    if (this.#steps >= this.#plan.maxSteps) return true;
    if (this.#steps === 0 || this.#steps % DEFAULT_STEPS !== 0) return false;
    const able = this.pending().filter(({ alternatives }) => alternatives.length > 0);
    return able.length > 0 && able.every(({ yielding }) => yielding === true);
  }

  #atRest(): Outcome | undefined {
    const pending = this.pending();
    if (pending.some((one) => one.alternatives.length > 0)) return undefined;
    if (pending.at(-1)?.op === "clock") return this.#limit("time");
    return this.#scope.atRest(this.#goroutines.members, () => this.#goroutines.blocked(pending));
  }

  #limit(limit: "time" | "steps"): Outcome {
    return this.#scope.atLimit(limit, this.#goroutines.members, () => this.#goroutines.blocked(this.pending()), this.now());
  }

  #snapshot(): Snapshot {
    // Where main itself is blocked, nothing of the program can run any more; what holds the rest does not matter.
    const outcome = this.outcome();
    const closed = outcome?.kind === "deadlock";
    const snapshot = controlledSnapshot(this.#plan.name, this.#goroutines.members, this.#goroutines.blocked(this.pending()), closed);
    if (outcome?.kind !== "runaway" || outcome.stack.length === 0) return snapshot;
    return { ...snapshot, goroutines: snapshot.goroutines.map((one) => (one.name === outcome.goroutine ? { ...one, stack: outcome.stack } : one)) };
  }

  /** Who can still be woken, now that the run came to rest or was cut off, only the collector knows. Ends the run. */
  #proved(): Snapshot | Promise<Snapshot> {
    const snapshot = this.#snapshot();
    const { kind } = this.outcome() ?? { kind: "goes on" };
    if (kind !== "horizon" && kind !== "quiescent" && kind !== "failed") return snapshot;
    const blocked = this.#goroutines.blocked(this.pending());
    return provedSnapshot(snapshot, () => [...blocked].map((name) => [name, this.#goroutines.named(name).releaseBlocked()]), this.#plan.sandbox.turns);
  }
}
