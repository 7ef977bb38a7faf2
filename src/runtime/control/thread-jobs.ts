import { framesOf } from "../observe/stack-trace.js";
import { builtin } from "./await-watch.js";
import type { OutsideRequest } from "./foreign-await.js";

interface AsyncHooks {
  createHook(hooks: { init(id: number, type: string, trigger: number, resource: object): void; before(id: number): void }): { enable(): void; disable(): void };
}

/**
 * Work of the platform's threads. A job (node:crypto's, and since Node 26 reading a file) has an `ondone` where it is not done at once;
 * a handle of node:zlib has a `buffer` while it writes.
 */
interface ThreadJob {
  readonly ondone?: unknown;
  readonly buffer?: unknown;
}

const DEEP = 40;

/** What Node makes in JavaScript, some of it in each step of a run: none is a thread's, and a run of many steps has very many (Node v20, lib/internal). */
const IN_JAVASCRIPT: ReadonlySet<string> = new Set(["PROMISE", "TickObject", "Microtask", "Immediate", "Timeout"]);

/**
 * What a run asked the platform's threads for, and is not answered: no list of what keeps the process alive has it, so it is noted as it is begun, by
 * async_hooks. Those slow promises down, and are on until the run is over. Where there are none, nothing is known.
 */
export class ThreadJobs {
  readonly #jobs = new Map<number, { readonly job: ThreadJob; readonly at: Error; readonly what: string }>();
  readonly #hook = builtin<AsyncHooks>("node:async_hooks")?.createHook({
    init: (id, what, _trigger, job) => {
      if (IN_JAVASCRIPT.has(what)) return;
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = DEEP; // the platform's own frames come first
      this.#jobs.set(id, { job, at: new Error(what), what });
      Error.stackTraceLimit = stackTraceLimit;
    },
    before: (id) => {
      if (typeof this.#jobs.get(id)?.job.ondone !== "function") return;
      this.#jobs.delete(id);
      this.#answered = true;
    },
  });
  #answered = false;

  begin(): void {
    this.#hook?.enable();
  }

  /** What it noted is held no longer: the collector is asked then. */
  end(): void {
    this.#hook?.disable();
    this.#jobs.clear();
  }

  get hasAsked(): boolean {
    return this.#answered || this.unanswered() !== undefined;
  }

  unanswered(): OutsideRequest | undefined {
    for (const { job, what, at } of this.#jobs.values()) {
      const works = typeof job.ondone === "function" || (typeof job.buffer === "object" && job.buffer !== null);
      if (works) return { what, at: framesOf(at).find(({ file }) => !file.includes("/node_modules/")) };
    }
    return undefined;
  }
}
