import { isMainThread, parentPort, receiveMessageOnPort, workerData, type MessagePort } from "node:worker_threads";
import { actorsOf } from "../../model/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Program } from "../../model/program.js";
import { formatSchedule, type Schedule } from "../../model/schedule.js";
import { driveRun } from "../engine.js";
import type { Judge } from "../explorer.js";
import type { Names } from "../reduction/names.js";
import { Reduced, type Territory } from "../reduction/reduced.js";
import type { Sleeper } from "../reduction/sleep.js";
import { touchesOf } from "../reduction/touch.js";
import type { RunEnd } from "../search.js";
import { wasCut } from "../search.js";
import { fromWire, nodeToWire, type FromWorker, type Job, type Setup, type ToWorker, type WireSleeper, type WireTally } from "./wire.js";

/** What a worker loads: the program, and what is made of each run. */
export interface WorkerModule {
  createProgram(description: unknown): Program | Promise<Program>;
  judge?: Judge<unknown>;
}

/** Runs between two tallies. */
const TELL_EVERY = 64;

/** One worker: explores parts of the tree, one after the other, and gives away what it can spare when it is asked. */
class Worker {
  readonly #port: MessagePort;
  readonly #setup: Setup;
  readonly #program: Program;
  readonly #judge: Judge<unknown>;
  readonly #demanded = new Set<string>();
  #tally = new Map<string, WireTally["found"][number]>();
  #counts = { runs: 0, distinct: 0, redundant: 0, cut: 0, depth: 0 };
  #diverged: string | undefined;
  readonly #bounds = new Set<string>();
  #splitAsked = false;
  #stopped = false;

  constructor(port: MessagePort, setup: Setup, program: Program, judge: Judge<unknown>) {
    this.#port = port;
    this.#setup = setup;
    this.#program = program;
    this.#judge = judge;
  }

  receive(message: ToWorker): void {
    if (message.kind === "split") this.#splitAsked = true;
    else if (message.kind === "stop") this.#stopped = true;
    else void this.#explore(message.job);
  }

  async #explore(job: Job): Promise<void> {
    this.#demanded.clear();
    const { clock, steps, saving } = this.#setup;
    const sleep = await this.#known(job);
    const search: Reduced = new Reduced(clock, saving, this.#territory(job.path, sleep, () => search));
    while (!this.#stopped) {
      this.#listen();
      if (this.#splitAsked) this.#split(search);
      const beginning = search.begin();
      if (!beginning) break;
      const driven = driveRun(this.#program, search, beginning, { clock, steps, run: { arrival: clock.kind === "lazy" } });
      const end = driven instanceof Promise ? await driven : driven;
      await this.#count(end);
      search.ended(end);
      if (this.#counts.runs >= TELL_EVERY) this.#send({ kind: "told", tally: this.#takeTally() });
    }
    this.#splitAsked = false;
    this.#send({ kind: "done", tally: this.#takeTally() });
  }

  /** The event loop does not turn while synchronous programs run: messages are looked for between two runs. */
  #listen(): void {
    for (let m = receiveMessageOnPort(this.#port); m; m = receiveMessageOnPort(this.#port)) this.receive(m.message as ToWorker);
  }

  #split(search: Reduced): void {
    this.#splitAsked = false;
    const nodes = search.split() ?? [];
    this.#send({ kind: "split", nodes: nodes.map((given) => nodeToWire(given, search.pathTo(given.depth))) });
  }

  #territory(path: Schedule, sleep: readonly WireSleeper[], search: () => Reduced): Territory {
    return {
      path,
      sleep: (names: Names): readonly Sleeper[] => sleep.map((s) => fromWire(s, names)),
      demand: (depth, candidates, initials) => {
        const once = `${depth} ${candidates.join(" ")}`;
        if (this.#demanded.has(once)) return;
        this.#demanded.add(once);
        this.#send({ kind: "demand", path: search().pathTo(depth), candidates, initials });
      },
    };
  }

  /** Finds out what the steps of sleepers do that were given to somebody else a moment ago. */
  async #known({ path, sleep }: Job): Promise<readonly WireSleeper[]> {
    const known: WireSleeper[] = [];
    for (const sleeper of sleep) known.push(sleeper.footprint ? sleeper : await this.#probe(path.slice(0, -1), sleeper));
    return known;
  }

  async #probe(path: Schedule, { choice }: WireSleeper): Promise<WireSleeper> {
    const run = await this.#program.start({ steps: this.#setup.steps, arrival: this.#setup.clock.kind === "lazy" });
    for (const step of [...path, choice]) await run.take(step);
    const { accesses, moved } = run.last();
    const actors: (GoroutineName | undefined)[] = choice.kind === "clock" ? [undefined] : [...actorsOf(choice)];
    return { choice, footprint: { procs: [...new Set([...actors, ...moved])], touches: touchesOf(choice, accesses) } };
  }

  async #count(end: RunEnd): Promise<void> {
    const counts = this.#counts;
    counts.runs++;
    counts.depth = Math.max(counts.depth, end.schedule.length);
    for (const bound of end.bounds) this.#bounds.add(bound);
    if (end.stopped === "strategy") counts.redundant++;
    else if (wasCut(end)) counts.cut++;
    else if (typeof end.stopped === "object") this.#diverged ??= end.stopped.diverged.message;
    if (end.outcome === undefined && end.stopped !== "steps") return;
    counts.distinct++;
    for (const { key, value } of await this.#judge(end)) {
      const known = this.#tally.get(key);
      const schedule = known && !isBefore(end.schedule, known.schedule) ? known.schedule : end.schedule.slice();
      this.#tally.set(key, { key, value: known?.value ?? value, schedule, seen: (known?.seen ?? 0) + 1 });
    }
  }

  #takeTally(): WireTally {
    const tally = { ...this.#counts, diverged: this.#diverged, bounds: [...this.#bounds], found: [...this.#tally.values()] };
    this.#counts = { runs: 0, distinct: 0, redundant: 0, cut: 0, depth: 0 };
    this.#tally = new Map();
    return tally;
  }

  #send(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

/** Shorter first, then by the printed form: which of several schedules is kept does not depend on who was first. */
export function isBefore(a: Schedule, b: Schedule): boolean {
  return a.length !== b.length ? a.length < b.length : formatSchedule(a) < formatSchedule(b);
}

async function main(port: MessagePort): Promise<void> {
  const setup = workerData as Setup;
  const module = (await import(setup.module)) as WorkerModule;
  const program = await module.createProgram(setup.description);
  const worker = new Worker(port, setup, program, module.judge ?? ((): [] => []));
  port.on("message", (message: ToWorker) => worker.receive(message));
  port.postMessage({ kind: "ready" } satisfies FromWorker);
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  main(port).catch((error: unknown) => {
    port.postMessage({ kind: "failed", error: String((error as Error).stack ?? error) } satisfies FromWorker);
  });
}
