import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { systemWall, type Wall } from "../../base/wall.js";
import { formatSchedule } from "../../model/schedule.js";
import { DEFAULT_STEPS, type Exploration, type Found, type Progress } from "../explorer.js";
import { DEFAULT_CLOCK, type ClockPolicy } from "../gate.js";
import { DEFAULT_SAVING } from "../reduction/saved-states.js";
import { SharedNode } from "./shared-node.js";
import type { FromWorker, Job, Setup, ToWorker, WireTally } from "./wire.js";
import { isBefore } from "./worker.js";

export interface ParallelOptions {
  /** URL of a module that exports `createProgram(description)`, and `judge(end)` if anything is to be found. */
  readonly module: string;
  /** Plain data for `createProgram`. */
  readonly description: unknown;
  /** Default: as many as there are processors. */
  readonly workers?: number;
  readonly clock?: ClockPolicy;
  readonly steps?: number;
  /** Real milliseconds. Default 10,000. */
  readonly budget?: number;
  readonly schedules?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
  readonly wall?: Wall;
}

/**
 * Every schedule that differs, by several workers: each explores a part of the tree and gives away the alternatives
 * nearest to the root when somebody has nothing to do.
 *
 * W1. What is found (keys) and how many schedules differ are the same for any number of workers, if it completes: each
 *     trace is explored exactly once (shared-node.ts, C1). How many redundant runs there are on the way is not.
 * W2. It is complete when no job waits and every worker is idle: messages of one worker arrive in order, so what it
 *     demanded was heard before it said that it was done.
 */
export function exploreInParallel(options: ParallelOptions): Promise<Exploration<unknown>> {
  return new Coordinator(options).explore();
}

interface Member {
  readonly worker: Worker;
  busy: boolean;
  asked: boolean;
}

class Coordinator {
  readonly #options: ParallelOptions;
  readonly #wall: Wall;
  readonly #start: number;
  readonly #members: Member[] = [];
  readonly #queue: Job[] = [{ path: [], sleep: [] }];
  readonly #shared = new Map<string, SharedNode>();
  readonly #found = new Map<string, Found<unknown> & { seen: number }>();
  #total = { runs: 0, distinct: 0, redundant: 0, cut: 0, depth: 0 };
  readonly #bounds = new Set<string>();
  #diverged: string | undefined;
  #stoppedBy: string | undefined;
  #turn = 0;
  #finish: (error?: Error) => void = () => undefined;

  constructor(options: ParallelOptions) {
    this.#options = options;
    this.#wall = options.wall ?? systemWall;
    this.#start = this.#wall.now();
  }

  async explore(): Promise<Exploration<unknown>> {
    const { module, description, clock = DEFAULT_CLOCK, steps = DEFAULT_STEPS, signal } = this.#options;
    const setup: Setup = { module, description, clock, steps, saving: DEFAULT_SAVING };
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error ? reject(error) : resolve());
    });
    const abort = (): void => this.#stop("interrupted");
    signal?.addEventListener("abort", abort);
    for (let n = this.#options.workers ?? availableParallelism(); n > 0; n--) this.#hire(setup);
    // The one timer of the explorer: a worker that runs a long program must not keep the others from being stopped.
    const timer = setInterval(() => this.#look(), 100);
    try {
      if (signal?.aborted === true) abort();
      await finished;
      return this.#result(steps);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener("abort", abort);
      await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
    }
  }

  #hire(setup: Setup): void {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
    const member: Member = { worker, busy: true, asked: false };
    this.#members.push(member);
    worker.on("message", (message: FromWorker) => this.#hear(member, message));
    worker.on("error", (error) => this.#finish(error));
  }

  #hear(member: Member, message: FromWorker): void {
    switch (message.kind) {
      case "failed":
        return this.#finish(new Error(`a worker could not load the program: ${message.error}`));
      case "split":
        member.asked = false;
        for (const node of message.nodes) this.#shared.set(formatSchedule(node.path), new SharedNode(node));
        for (const node of message.nodes) this.#giveOut(this.#shared.get(formatSchedule(node.path))!);
        break;
      case "demand": {
        const node = this.#shared.get(formatSchedule(message.path));
        if (!node) return this.#finish(new Error(`unpark: a worker asked for a node that was not handed over: ${formatSchedule(message.path)}; this is a bug in unpark`));
        node.demand(message.candidates, message.initials);
        this.#giveOut(node);
        break;
      }
      case "told":
        this.#add(message.tally);
        break;
      case "done":
        this.#add(message.tally);
        member.busy = member.asked = false;
        break;
      case "ready":
        member.busy = false;
        break;
    }
    this.#assign();
  }

  #giveOut(node: SharedNode): void {
    this.#queue.push(...node.jobs());
  }

  #assign(): void {
    this.#checkLimits();
    if (this.#stoppedBy === undefined) {
      for (const member of this.#members) {
        if (member.busy) continue;
        const job = this.#queue.pop();
        if (!job) break;
        member.busy = true;
        this.#send(member, { kind: "job", job });
      }
    }
    const idle = this.#members.some((member) => !member.busy);
    const busy = this.#members.filter((member) => member.busy);
    if (busy.length === 0) return this.#finish();
    if (!idle || this.#queue.length > 0 || this.#stoppedBy !== undefined) return;
    const next = busy[this.#turn++ % busy.length]!;
    if (next.asked) return;
    next.asked = true;
    this.#send(next, { kind: "split" });
  }

  #send({ worker }: Member, message: ToWorker): void {
    worker.postMessage(message);
  }

  #checkLimits(): void {
    if (this.#total.runs >= (this.#options.schedules ?? Infinity)) this.#stop("schedules: raise --schedules");
    else if (this.#wall.now() - this.#start >= (this.#options.budget ?? 10_000)) this.#stop("time: raise --budget");
  }

  #stop(why: string): void {
    if (this.#stoppedBy !== undefined) return;
    this.#stoppedBy = why;
    for (const member of this.#members) this.#send(member, { kind: "stop" });
    // A worker in the middle of a very long run is not waited for.
    void this.#wall.turn().then(() => { if (this.#members.every((member) => !member.busy)) this.#finish(); });
  }

  #look(): void {
    const milliseconds = Math.round(this.#wall.now() - this.#start);
    const { runs, depth } = this.#total;
    const rate = Math.round((runs * 1000) / Math.max(milliseconds, 1));
    this.#options.progress?.({ schedules: runs, rate, depth, found: this.#found.size, milliseconds, search: "reduced" });
    const late = this.#stoppedBy !== undefined && milliseconds > (this.#options.budget ?? 10_000) + GRACE;
    if (late) this.#finish();
    else this.#assign();
  }

  #add(tally: WireTally): void {
    const total = this.#total;
    this.#total = {
      runs: total.runs + tally.runs,
      distinct: total.distinct + tally.distinct,
      redundant: total.redundant + tally.redundant,
      cut: total.cut + tally.cut,
      depth: Math.max(total.depth, tally.depth),
    };
    this.#diverged ??= tally.diverged;
    for (const bound of tally.bounds) this.#bounds.add(bound);
    const milliseconds = this.#wall.now() - this.#start;
    for (const { key, value, schedule, seen } of tally.found) {
      const known = this.#found.get(key);
      if (!known) this.#found.set(key, { key, value, schedule, seen, run: total.runs + 1, milliseconds, search: "reduced" });
      else this.#found.set(key, { ...known, seen: known.seen + seen, schedule: isBefore(schedule, known.schedule) ? schedule : known.schedule });
    }
  }

  #result(steps: number): Exploration<unknown> {
    const { runs, distinct, redundant, cut, depth } = this.#total;
    const complete = this.#stoppedBy === undefined && cut === 0 && this.#diverged === undefined;
    const why = this.#diverged ?? this.#stoppedBy ?? `${cut} runs of more than ${steps} steps: raise --steps`;
    const milliseconds = Math.round(this.#wall.now() - this.#start);
    return {
      coverage: { schedules: distinct, complete, bounds: [...this.#bounds].sort(), ...(complete ? {} : { stoppedBy: why }), depth, milliseconds },
      found: [...this.#found.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
      runs,
      redundant,
      cut,
    };
  }
}

/** Milliseconds that workers get to end their current run once time is up. */
const GRACE = 500;
