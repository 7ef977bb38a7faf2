import { framesOf } from "../observe/stack-trace.js";
import type { AwaitWatch } from "./await-watch.js";
import type { ControlledGoroutine } from "./controlled-goroutine.js";
import { foreignAwait, outsideAnswer, type OutsideRequest } from "./foreign-await.js";
import { OutsideWork } from "./outside-work.js";
import type { RunControl } from "./run-control.js";
import type { RunPlan } from "./run-plan.js";
import { ThreadJobs } from "./thread-jobs.js";
import { untoldJob } from "./untold-jobs.js";

/**
 * What a run asked for outside of it, and what may still be answered, from the three sources that there are: what the platform lists (OutsideWork), what
 * its hooks tell of (ThreadJobs), and what neither does (untoldJob).
 */
export class OutsideAnswers {
  readonly #control: RunControl;
  readonly #asksThreads: { yes: boolean };
  readonly #work = new OutsideWork();
  readonly #threads: ThreadJobs | undefined;

  constructor({ traced, asksThreads, proving, watch }: RunPlan, control: RunControl) {
    this.#control = control;
    this.#asksThreads = asksThreads;
    // A run with a trace asks, for without one nothing is reported; others do once such a run has shown that there is something to ask for.
    this.#threads = (traced || asksThreads.yes) && proving === undefined && watch === undefined ? new ThreadJobs() : undefined;
  }

  begin(): void {
    this.#threads?.begin();
  }

  /** What the platform's threads do is asked for no more, and no longer held. */
  end(): void {
    this.#threads?.end();
  }

  /** The platform lists something that was not there when the run began. */
  began(): boolean {
    return this.#work.began();
  }

  /** Something may still come that would let a goroutine go on. */
  mayCome(): boolean {
    return this.began() || untoldJob(this.#control) !== undefined;
  }

  /** Of what this run asked the platform for, an answer is still to come. */
  isAsked(): boolean {
    return this.#work.isAsked() || untoldJob(this.#control) !== undefined || this.#threads?.unanswered() !== undefined;
  }

  /** After a step: has the run asked a thread of the platform for something? Runs after it look, too. */
  noteThreads(): void {
    if (this.#threads !== undefined) this.#asksThreads.yes ||= this.#threads.hasAsked;
  }

  /** What a thread of the platform works on, where hooks tell. */
  ofThreads(): OutsideRequest | undefined {
    return this.#threads?.unanswered();
  }

  /** The sentence for a run that may still be answered: what for, and where that is awaited. `watch`: has seen the run's awaits. */
  explained(members: readonly ControlledGoroutine[], watch: AwaitWatch | undefined): string {
    const idle = members.find((member) => member.idle);
    const stopped = members.flatMap(({ stoppedAt }) => framesOf(stoppedAt).slice(0, 1));
    if (idle !== undefined) return foreignAwait(idle, watch?.place(stopped));
    return outsideAnswer(members[0]!, watch?.outside() ?? { what: untoldJob(this.#control) ?? "something", at: undefined });
  }
}
