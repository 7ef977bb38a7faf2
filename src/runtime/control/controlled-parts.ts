import { moveTo } from "../../control/goroutine.js";
import { RunScope } from "../../control/scope.js";
import type { Choice } from "../../model/run/choice.js";
import { nanos, type GoroutineName, type Nanos } from "../../model/ids.js";
import { VARIABLES_OBJECT, type Access } from "../../model/run/operation.js";
import type { Pending } from "../../model/run/program.js";
import { FatalError, Panic, RuntimeError } from "../api/panic.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { overtakenAnswer } from "./foreign-await.js";
import type { GoroutineTable } from "./goroutine-table.js";
import { OutsideAnswers } from "./outside-answers.js";
import { RunControl, type RunObserver } from "./run-control.js";
import type { RunPlan } from "./run-plan.js";
import { RunTermination, failureText } from "./run-termination.js";
import { RuntimeTraceRecorder } from "./runtime-trace-recorder.js";
import { RuntimeView } from "./runtime-pending.js";

const VARIABLES: Access = { object: VARIABLES_OBJECT, op: "rmw" };

/** What a run consists of while it lasts, and what its program's doings make of that. */
export class ControlledParts implements RunObserver {
  readonly plan: RunPlan;
  readonly control: RunControl;
  readonly goroutines: GoroutineTable;
  readonly recorder: RuntimeTraceRecorder | undefined;
  readonly scope = new RunScope();
  readonly ending = new RunTermination();
  readonly answers: OutsideAnswers;
  /** What was taken, so that the run can be done again with stacks. */
  readonly taken: Choice[] = [];
  /** R4. The clock moved while the platform worked on what the run had asked for: in production that may have come first. */
  #overtook = false;
  readonly #view: RuntimeView;
  #pending: readonly Pending[] | undefined;

  constructor(plan: RunPlan) {
    this.plan = plan;
    this.recorder = plan.traced ? new RuntimeTraceRecorder() : undefined;
    this.control = new RunControl(plan, this);
    this.goroutines = this.control.goroutines;
    this.answers = new OutsideAnswers(plan, this.control);
    this.#view = new RuntimeView(this.control.clock, plan.horizon);
  }

  // ---- the run between two steps

  get steps(): number {
    return this.taken.length;
  }

  now(): Nanos {
    return nanos(BigInt(Math.round(this.control.clock.now())));
  }

  pending(): readonly Pending[] {
    return (this.#pending ??= this.#pendingNow());
  }

  #pendingNow(): readonly Pending[] {
    const pending = this.#view.pending(this.goroutines.members);
    if (!this.plan.sharedVariables) return pending;
    return pending.map((one) => ({ ...one, accesses: [...one.accesses, VARIABLES] }));
  }

  /** What `pending` gave holds no more. */
  forgetPending(): void {
    this.#pending = undefined;
  }

  blocked(): ReadonlySet<GoroutineName> {
    return this.goroutines.blocked(this.pending());
  }

  /** There are goroutines, and none can go on; nor has anything ended the run. */
  isStill(): boolean {
    if (this.ending.outcome !== undefined || this.goroutines.members.length === 0) return false;
    return !this.pending().some(({ alternatives }) => alternatives.length > 0);
  }

  clockMoves(): void {
    if (this.goroutines.members.some(({ idle }) => idle) && this.answers.began()) this.#overtook = true;
  }

  stepOver(): void {
    const { footprint, executor } = this.control;
    executor.stepped(footprint);
    if (this.plan.sharedVariables && footprint.moved.length > 0) footprint.touch(VARIABLES);
    this.recorder?.after(this.now());
    this.scope.afterStep(() => this.goroutines.members);
  }

  // ---- what the program does (RunObserver)

  started(member: ControlledGoroutine): void {
    this.recorder?.started(member);
  }

  raised(member: ControlledGoroutine, error: unknown): void {
    this.ending.raised(member, error, this.plan.captures);
  }

  get halted(): boolean {
    return this.ending.over;
  }

  unawaited(member: ControlledGoroutine): void {
    this.recorder?.beside(member);
  }

  refused(member: ControlledGoroutine, error: Error, at: Error | undefined): void {
    this.ending.refused(member, error, at, this.plan.captures);
  }

  ended(member: ControlledGoroutine, value?: unknown): void {
    member.handle?.ended({ value });
    this.#over(member);
  }

  #over(member: ControlledGoroutine): void {
    member.bodyOver = true;
    if (member === this.goroutines.main) this.control.handOver(member);
    if (member.phase === "running") this.#leaves(member);
  }

  idles(member: ControlledGoroutine): void {
    if (member.bodyOver) this.#leaves(member);
  }

  get awaitsOutside(): boolean {
    return this.answers.began() || this.control.clock.next() === undefined;
  }

  #leaves(member: ControlledGoroutine): void {
    moveTo(member, "ended");
    member.releaseReferences();
    this.control.footprint.moves(member.name);
    this.recorder?.ended(member);
    this.goroutines.remove(member);
    if (member === this.goroutines.main) this.scope.end({ kind: this.plan.scope, code: this.ending.failed ? 1 : 0 }, this.now());
  }

  threw(member: ControlledGoroutine, error: unknown): void {
    if (this.#overtook) return this.ending.unsupported(overtakenAnswer(member, error));
    if (!(error instanceof FatalError) && member.handle?.ended({ error }) === true) return this.#over(member);
    if (member === this.goroutines.main && this.plan.scope === "test" && !(error instanceof Panic || error instanceof RuntimeError)) {
      // A test's own assertion: the test is over, what it started lives on.
      this.ending.failed = true;
      this.plan.onFailure?.(error);
      this.plan.sandbox.print("stderr", () => failureText(error));
      return this.ended(member);
    }
    this.ending.dies(member, error, this.plan.captures);
  }
}
