import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Result } from "../../base/result.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { Examination, Failure } from "../../model/results/examination.js";
import type { ModuleSpec, ProgramRef } from "../go/module-spec.js";
import type { Listening } from "../pool/pool-worker.js";
import type { OutsideHelp, Pool } from "../pool/pool.js";
import { withKept } from "../results/result-cache.js";
import type { AnswerBody, ProgramAddress, TaskBody } from "./messages.js";
import { RemoteHelper } from "./remote-helper.js";

/** What it needs of a session. */
interface SharingSession {
  readonly threads: number;
  onThreads: () => void;
  program(): string;
  ask(program: string, body: TaskBody): Promise<AnswerBody | undefined>;
  end(program: string, patience: number): Promise<void>;
}

interface SharedPoolOptions {
  /** Threads of this machine. */
  readonly size: number;
  readonly signal?: AbortSignal;
  /** Puts a module into the queue. */
  readonly send: (spec: ModuleSpec) => Promise<Result<string, string>>;
  /** What people should know, a sentence. */
  readonly say: (words: string) => void;
}

/** Milliseconds that a worker has for a whole program; and for the end of what is under way when a program's time is over. */
const WHOLE_MS = 5_000;
const PATIENCE_MS = 700;

/**
 * The threads of this machine and all workers of a queue, as one pool.
 *
 * G1. A program is explored here where a thread is free. Else it goes to a worker, whole, for five seconds at the most.
 * G2. What a worker tells of a whole program holds where it found nothing, and tried everything or had all of the budget. Else the program
 *     is explored here, with everybody's help: findings are explained where the sources are. Nothing that the worker found is lost.
 * G3. A program that is explored here is shared: as many parts of its tree of schedules are in the queue as there are threads of
 *     workers, and one more. Not where a number of schedules was asked for: only threads can count together.
 */
export class SharedPool implements OutsideHelp {
  readonly #session: SharingSession;
  readonly #options: SharedPoolOptions;
  readonly #waiting: { readonly isOnlyHere: boolean; readonly go: (where: "here" | "there") => void }[] = [];
  readonly #programs = new Set<SharedProgram>();
  #pool: Pick<Pool, "examine"> | undefined;
  #here = 0;
  #there = 0;

  constructor(session: SharingSession, options: SharedPoolOptions) {
    this.#session = session;
    this.#options = options;
    session.onThreads = () => this.#changed();
  }

  /** The threads of this machine, which ask this one for help from outside. */
  use(pool: Pick<Pool, "examine">): void {
    this.#pool = pool;
  }

  async examine(spec: ModuleSpec, which: ProgramRef, settings: ExploreSettings | (() => ExploreSettings), listening: Listening): Promise<Result<Examination, Failure> | undefined> {
    const where = await this.#place(listening.output !== undefined);
    if (where === "here") return this.#examineHere(spec, which, settings, listening);
    const asked = typeof settings === "function" ? settings() : settings;
    const told = await this.#examineThere(spec, which, asked);
    if (told !== undefined && isSettled(told, asked)) return told;
    await this.#place(true);
    const here = await this.#examineHere(spec, which, asked, listening);
    if (told?.ok !== true || here?.ok !== true || here.value.coverage.complete || told.value.findings.length === 0) return here;
    return { ok: true, value: withKept({ examination: told.value, budget: WHOLE_MS, rounds: 1 }, here.value, asked.budget).examination };
  }

  call({ spec, which, settings }: { readonly spec: ModuleSpec; readonly which: ProgramRef; readonly settings: ExploreSettings }, join: (port: MessagePort) => void): () => void {
    if (settings.schedules !== undefined) return () => undefined; // G3
    const program = new SharedProgram(this.#session, join, this.#options.say);
    this.#programs.add(program);
    void this.#options.send(spec).then((sent) => {
      if (sent.ok) program.begin({ spec: sent.value, which }, this.#session.threads);
      else this.#options.say(`${spec.package} is explored on this machine alone: ${sent.error}`);
    });
    return () => {
      this.#programs.delete(program);
      void program.end();
    };
  }

  async #examineHere(...asked: Parameters<SharedPool["examine"]>): ReturnType<SharedPool["examine"]> {
    try {
      return await this.#pool!.examine(...asked);
    } finally {
      this.#here--;
      this.#next();
    }
  }

  /** Undefined: nobody did. */
  async #examineThere(spec: ModuleSpec, which: ProgramRef, settings: ExploreSettings): Promise<Result<Examination, Failure> | undefined> {
    try {
      const sent = await this.#options.send(spec);
      if (!sent.ok) return undefined;
      const { pictures: _, ...rest } = settings;
      const name = this.#session.program();
      const end = (): void => void this.#session.end(name, PATIENCE_MS);
      this.#options.signal?.addEventListener("abort", end);
      const answer = await this.#session.ask(name, { kind: "program", program: { spec: sent.value, which }, settings: { ...rest, workers: 1, budget: Math.min(settings.budget, WHOLE_MS) } });
      this.#options.signal?.removeEventListener("abort", end);
      return answer?.kind === "program" ? answer.result : undefined;
    } finally {
      this.#there--;
      this.#next();
    }
  }

  /** G1 */
  #place(isOnlyHere: boolean): Promise<"here" | "there"> {
    return new Promise((go) => {
      if (isOnlyHere) this.#waiting.unshift({ isOnlyHere, go });
      else this.#waiting.push({ isOnlyHere, go });
      this.#next();
    });
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const isHereFree = this.#here < this.#options.size;
      const at = this.#waiting.findIndex(({ isOnlyHere }) => isHereFree || (!isOnlyHere && this.#there < this.#session.threads));
      if (at < 0) return;
      if (isHereFree) this.#here++;
      else this.#there++;
      this.#waiting.splice(at, 1)[0]!.go(isHereFree ? "here" : "there");
    }
  }

  #changed(): void {
    this.#next();
    for (const program of this.#programs) program.has(this.#session.threads);
  }
}

/** A program that is explored here and shared: its helpers on the queue. */
export class SharedProgram {
  readonly #session: SharingSession;
  readonly #join: (port: MessagePort) => void;
  readonly #say: (words: string) => void;
  readonly #name: string;
  #helpers: RemoteHelper[] = [];
  #address: ProgramAddress | undefined;
  #isOver = false;

  constructor(session: SharingSession, join: (port: MessagePort) => void, say: (words: string) => void) {
    this.#session = session;
    this.#join = join;
    this.#say = say;
    this.#name = session.program();
  }

  begin(address: ProgramAddress, threads: number): void {
    this.#address = address;
    this.has(threads);
  }

  /** There are so many threads that may help. */
  has(threads: number): void {
    if (this.#address === undefined || this.#isOver || threads === 0) return;
    this.#helpers = this.#helpers.filter((helper) => !helper.isClosed);
    while (this.#helpers.length < threads + 1) {
      const { port1, port2 } = new MessageChannel();
      this.#helpers.push(new RemoteHelper(port2, this.#session, this.#name, this.#address, (why) => this.#failed(why)));
      this.#join(port1);
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#session.end(this.#name, PATIENCE_MS);
  }

  /** What five workers could not do is done here, and no more is asked of them for this program. */
  #failed(why: string): void {
    if (!this.#isOver) this.#say(`workers could not help with a part of a program, which is explored on this machine alone: ${why}`);
    this.#isOver = true;
  }
}

/** G2 */
function isSettled(told: Result<Examination, Failure>, { budget }: ExploreSettings): boolean {
  if (!told.ok) return false;
  const { findings, outcome, coverage } = told.value;
  return findings.length === 0 && (outcome === "passed" || outcome === "skipped") && (coverage.complete || budget <= WHOLE_MS);
}
