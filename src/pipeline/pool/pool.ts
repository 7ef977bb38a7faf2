import { MessageChannel, type MessagePort } from "node:worker_threads";
import { err, type Result } from "../../base/result.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import type { ModuleSpec, ProgramRef } from "../go/module-spec.js";
import type { ExamineJob } from "./examine-worker.js";
import type { KeptThreads } from "./kept-threads.js";
import { PoolWorker, type Listening } from "./pool-worker.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";

/**
 * Programs examined in worker threads, at most `size` at a time. Idle workers are used again; `close` ends them. A
 * program that makes its worker die (memory) costs that worker and is a failure in words; the others go on.
 *
 * U1. No more than `size` workers are at work.
 * U2. A worker that would have nothing to do helps a program that has called for help: the one with the fewest helpers.
 *     When another program is to be examined, a helper is called back for it.
 * U3. A program is not helped again after a helper of its own accord left it.
 */
export interface PoolOptions {
  readonly size: number;
  readonly signal?: AbortSignal;
  /** Where idle workers come from and go to, in a process that has more pools than one after the other. */
  readonly threads?: KeptThreads;
  /** Others that may help, beside the workers. */
  readonly outside?: OutsideHelp;
}

/** Helpers on other machines (pipeline/queue/shared-pool.ts). */
export interface OutsideHelp {
  /** A program has more to explore than one can do, until the function that comes back is called. `join` takes a port for each helper. */
  call(program: Pick<ExamineJob, "spec" | "which" | "settings">, join: (port: MessagePort) => void): () => void;
}

/** Where programs are examined. */
export type ExaminingPool = Pick<Pool, "programs" | "examine" | "close">;

/** A program that is being examined, and who helps. */
interface Lead {
  readonly spec: ModuleSpec;
  readonly which: ProgramRef;
  readonly worker: PoolWorker;
  readonly helpers: Set<PoolWorker>;
  calls: boolean;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<PoolWorker>();
  readonly #idle: PoolWorker[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #leads = new Set<Lead>();
  #busy = 0;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** The programs of a module, by a thread that has nothing to do: it has then loaded the module for its first one. */
  async programs(spec: ModuleSpec): Promise<Result<readonly string[], string>> {
    if (this.#busy >= this.#options.size) {
      const { programsOf } = await import("../go/load-module.js"); // not needed, and not loaded, for one package
      return programsOf(spec);
    }
    this.#busy++;
    const worker = this.#worker();
    try {
      return await worker.programs({ kind: "list", spec });
    } finally {
      this.#leave(worker);
    }
  }

  /** `settings` may be asked for when there is a place for it. Undefined: it was not begun, or in the middle of one long run, when the signal said to end. */
  async examine(spec: ModuleSpec, which: ProgramRef, settings: ExploreSettings | (() => ExploreSettings), listening: Listening): Promise<Result<Examination, Failure> | undefined> {
    await this.#place();
    if (this.#options.signal?.aborted) {
      this.#free();
      return undefined;
    }
    const worker = this.#worker();
    const lead: Lead = { spec, which, worker, helpers: new Set(), calls: false };
    this.#leads.add(lead);
    const asked = typeof settings === "function" ? settings() : settings;
    let dismissed = (): void => undefined;
    try {
      const result = await worker.examine({ kind: "examine", spec, which, settings: asked, output: listening.output !== undefined }, {
        ...listening,
        calls: (calls) => {
          lead.calls = calls;
          dismissed();
          dismissed = (calls && this.#options.outside?.call({ spec, which, settings: asked }, (port) => worker.send({ kind: "helper", port }, [port]))) || (() => undefined);
          this.#next();
        },
        ...(this.#options.signal ? { signal: this.#options.signal } : {}),
      });
      if (!result.ok && this.#options.signal?.aborted) return undefined; // ended in the middle: as if it had not begun
      return result.ok ? result.value : err({ package: spec.package, message: result.error });
    } finally {
      dismissed();
      this.#leads.delete(lead);
      this.#leave(worker);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const { threads } = this.#options;
    if (threads !== undefined) for (const worker of this.#idle) {
      this.#workers.delete(worker);
      threads.keep(worker);
    }
    await Promise.all([...this.#workers].map((worker) => worker.end())); // helpers may be in the middle of a long run
  }

  /** One of the places at work, as soon as there is one (U1). */
  async #place(): Promise<void> {
    if (this.#busy < this.#options.size) {
      this.#busy++;
      return;
    }
    this.#callBack();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #free(): void {
    this.#busy--;
    this.#next();
  }

  #worker(): PoolWorker {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const worker = this.#options.threads?.take() ?? new PoolWorker();
    this.#workers.add(worker);
    return worker;
  }

  #leave(worker: PoolWorker): void {
    if (worker.reusable) this.#idle.push(worker);
    else {
      this.#workers.delete(worker);
      void worker.end();
    }
    this.#free();
  }

  /** There is a place, or help is called for: programs come first. */
  #next(): void {
    while (!this.#closed && this.#busy < this.#options.size) {
      const waiting = this.#waiting.shift();
      const calling = [...this.#leads].filter(({ calls }) => calls).sort((a, b) => a.helpers.size - b.helpers.size)[0];
      if (!waiting && !calling) return;
      this.#busy++;
      if (waiting) waiting();
      else void this.#lend(calling!);
    }
  }

  async #lend(lead: Lead): Promise<void> {
    const worker = this.#worker();
    lead.helpers.add(worker);
    const { port1, port2 } = new MessageChannel();
    lead.worker.send({ kind: "helper", port: port1 }, [port1]);
    await worker.help({ kind: "help", spec: lead.spec, which: lead.which, port: port2 });
    // U3. Nobody called it back: all is explored, or it has failed, as the next one would.
    if (lead.helpers.delete(worker)) lead.calls = false;
    this.#leave(worker);
  }

  /** A program waits, and nobody is free: one who only helps is to come, of those whose program has the most helpers. */
  #callBack(): void {
    const lead = [...this.#leads].sort((a, b) => b.helpers.size - a.helpers.size)[0];
    const [helper] = lead?.helpers ?? [];
    if (!lead || !helper) return;
    lead.helpers.delete(helper);
    helper.send({ kind: "end" });
  }
}
