import type { MessagePort } from "node:worker_threads";
import { optional } from "../../base/optional.js";
import { systemWallClock } from "../../base/wall-clock.js";
import type { Program } from "../../model/run/program.js";
import { ChoicePairs, type PairDelta } from "../choice-pairs.js";
import { driveRun } from "../engine.js";
import type { RunJudge } from "../exploration.js";
import { FindingAccumulator, type StatsDelta } from "../finding-accumulator.js";
import { judgeable, type Strategy } from "../strategy.js";
import { DrawLimit } from "../strategies/draws.js";
import { RoundRobin, SYSTEMATIC } from "../strategies/portfolio.js";
import { walks } from "../strategies/walks.js";
import { EVENT_LOOP_INTERVAL } from "../exploration-limits.js";
import { SharedCounters } from "./shared-counters.js";
import { SubtreeSearch } from "./subtree-search.js";
import type { FromHelper, SubtreeJob, WorkerConfig, ToHelper } from "./worker-messages.js";

/** What a helper explores, and what it makes of each run. */
export interface Work {
  readonly program: Program;
  readonly judge: RunJudge<unknown>;
}

/**
 * Helps another thread to explore a program: takes parts of its schedule tree over `port`, one after the other, until
 * that one has enough of it or is gone, or `recalled` says that there is something better to do: then it gives back what
 * is left. Never throws: what goes wrong is reported to the lead.
 */
export async function help(port: MessagePort, load: (orders: WorkerConfig) => Work | Promise<Work>, recalled?: AbortSignal): Promise<void> {
  const inbox = new Inbox(port, recalled);
  let helper: Helper | undefined;
  try {
    const first = await inbox.next();
    if (first?.kind !== "orders") return;
    helper = new Helper(port, inbox, first.orders);
    const work = await load(first.orders);
    helper.say({ kind: "ready" });
    for (let message = await inbox.next(); message?.kind === "job"; message = await inbox.next()) await helper.explore(message.job, work);
    helper.say({ kind: "left" });
  } catch (error) {
    helper?.say({ kind: "failed", error: error instanceof Error ? error.message : String(error) });
  } finally {
    inbox.close();
  }
}

/** What the lead says. */
class Inbox {
  readonly #port: MessagePort;
  readonly #recalled: AbortSignal | undefined;
  #wake: () => void = () => undefined;
  #closed = false;
  #message: ToHelper | undefined;

  constructor(port: MessagePort, recalled: AbortSignal | undefined) {
    this.#port = port;
    this.#recalled = recalled;
    port.on("message", (message: ToHelper) => {
      this.#message = message;
      this.#wake();
    });
    port.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
    recalled?.addEventListener("abort", () => this.#wake());
  }

  /** What is being done is no longer waited for. */
  get closed(): boolean {
    return this.#closed;
  }

  get recalled(): boolean {
    return this.#recalled?.aborted === true;
  }

  /** The next message; undefined: there will be none that counts. One comes only after the last was answered. */
  async next(): Promise<ToHelper | undefined> {
    while (!this.#message && !this.#closed && !this.recalled) await new Promise<void>((resolve) => (this.#wake = resolve));
    const message = this.recalled ? undefined : this.#message;
    this.#message = undefined;
    return message;
  }

  close(): void {
    this.#port.close();
  }
}

/** Runs between two accounts of what was found again; what is new is reported at once. */
const TELL_EVERY = 1024;

class Helper {
  readonly #port: MessagePort;
  readonly #inbox: Inbox;
  readonly #config: WorkerConfig;
  readonly #counters: SharedCounters;
  readonly #findings = new FindingAccumulator<unknown>();
  /** They go on from job to job. */
  readonly #walks: readonly Strategy[];
  readonly #pairs: ChoicePairs | undefined;
  #turnedAt = systemWallClock.now();

  constructor(port: MessagePort, inbox: Inbox, orders: WorkerConfig) {
    this.#port = port;
    this.#inbox = inbox;
    this.#config = orders;
    this.#counters = new SharedCounters(orders.counters);
    this.#walks = walks(orders);
    this.#pairs = orders.pairs ? new ChoicePairs() : undefined;
  }

  say(message: FromHelper): void {
    this.#port.postMessage(message);
    this.#counters.post();
  }

  async explore(job: SubtreeJob, work: Work): Promise<void> {
    const part = new SubtreeSearch(job, this.#config, new DrawLimit(job.round), (demand) => this.say({ kind: "demand", demand }));
    const search = new RoundRobin([...Array.from({ length: SYSTEMATIC }, () => part), ...this.#walks]);
    let begun = false;
    while (!this.#inbox.closed && (await this.#run(search, work))) {
      if (begun && (this.#endsJob || this.#counters.idle > 0)) this.#share(part);
      begun = true;
      await this.#yieldToEventLoop();
    }
    this.say({ kind: "done", ...this.#account(), part: { ...part.result, limits: work.program.limits?.() ?? [], isRefuted: work.program.isRefuted?.() === true } });
  }

  /** One run; false: there is none to be done. */
  async #run(search: Strategy, { program, judge }: Work): Promise<boolean> {
    const { steps, clock, schedules } = this.#config;
    const beginning = search.begin();
    if (!beginning || !this.#counters.begin(schedules)) return false;
    const overtime = (): boolean => this.#counters.over;
    const driven = driveRun(program, search, beginning, { clock, steps, overtime, pairs: this.#pairs, run: { arrival: clock.kind === "lazy" } });
    const end = driven instanceof Promise ? await driven : driven;
    const judged = judgeable(end) ? judge(end) : [];
    const fresh = this.#findings.count(end, judged instanceof Promise ? await judged : judged, search, 0, 0);
    search.ended?.(end);
    this.#counters.reached(end.schedule.length);
    if (fresh || this.#findings.counts.runs >= TELL_EVERY) this.say({ kind: "found", ...this.#account() });
    return true;
  }

  #account = (): { readonly account: StatsDelta<unknown>; readonly pairs?: readonly PairDelta[] } => ({ account: this.#findings.take(), ...optional({ pairs: this.#pairs?.take() }) });

  get #endsJob(): boolean {
    return this.#inbox.recalled || this.#counters.endsJobs;
  }

  #share(part: SubtreeSearch): void {
    const nodes = part.split(this.#endsJob);
    if (!nodes) return;
    this.#counters.giveWork();
    this.say({ kind: "split", nodes });
  }

  /** Lets the event loop turn now and then: only then it is noticed that the lead is gone, or wants us back. */
  async #yieldToEventLoop(): Promise<void> {
    const now = systemWallClock.now();
    if (now - this.#turnedAt < EVENT_LOOP_INTERVAL) return;
    await systemWallClock.turn();
    this.#turnedAt = systemWallClock.now();
  }
}
