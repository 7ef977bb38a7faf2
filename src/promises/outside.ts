import type { ObjectId } from "../model/ids.js";
import { world } from "../runtime/core/current-runtime.js";
import { ObjectOperation, type OwnedObject } from "../runtime/core/object-operations.js";
import type { DoneInstead, OperationControl } from "../runtime/core/pending-operation.js";

/** How a call of the outside may end, and what its answer touches. */
export interface OutsideOptions {
  /** It may fail, too: a choice of its own. The error, or what makes it; `true`: an Error that says so. Default: it does not. */
  readonly fails?: boolean | Error | (() => unknown) | undefined;
  /** Its answer may never come: a choice of its own, for at most so many of its calls in one run (`true`: one). Default: each comes. */
  readonly never?: boolean | number | undefined;
  /**
   * What it reads or changes: two answers that touch the same depend on each other. It counts only with
   * `{ variables: "private" }`, for else every order is tried.
   */
  readonly touches?: string | object | undefined;
}

/**
 * Makes a function of the outside's (a request, a query, a file) of `answer`: a call is answered when the explorer says so,
 * in any order with all others and with timers; `answer` is called then. What an AbortSignal among the arguments (or as their
 * `signal`) aborts is rejected at once, as fetch does. Outside of `explore` it is `answer` itself.
 *
 * @param name for reports: `pay("7")` is answered.
 * @param answer default: answers with undefined.
 * @param options whether it may fail, or never answer; default: neither.
 * @returns a function with `answer`'s parameters that returns a promise.
 * @throws nothing: what `answer` throws, or rejects with, rejects the promise.
 * @example
 * await explore(async ({ outside }) => {
 *   let stock = 1;
 *   const pay = outside("pay");
 *   const buy = async () => {
 *     if (stock === 0) return;
 *     await pay();
 *     stock--;
 *   };
 *   await Promise.all([buy(), buy()]);
 *   assert.equal(stock, 0); // fails: both have looked before either has paid
 * });
 */
export function outside<A extends readonly unknown[], R>(name: string, answer?: (...args: A) => R, options: OutsideOptions = {}): (...args: A) => Promise<Awaited<R>> {
  const call = answer ?? ((): undefined => undefined);
  const request = outsideRequests(name, options);
  return (...args) => request(args, () => call(...args) as R);
}

/**
 * For each call of one function: `answer` gives what it is answered with, when it is. `given`: it may be answered once that is settled; before, only where
 * no timer of the run's could settle it.
 */
export function outsideRequests(name: string, options: OutsideOptions): <R>(args: readonly unknown[], answer: () => R, given?: Promise<unknown>) => Promise<Awaited<R>> {
  const bound = Number(options.never ?? 0);
  const unanswered = new UnansweredCalls(bound);
  return <R>(args: readonly unknown[], answer: () => R, given?: Promise<unknown>) => {
    const home = world.control;
    if (home === undefined) return Promise.resolve().then(() => answer() as Awaited<R>);
    return new Promise<Awaited<R>>((resolve, rejects) => {
      const reject: (reason: unknown) => void = rejects;
      const signal = signalOf(args);
      if (signal?.aborted === true) return void reject(reasonOf(signal));
      // How many are never answered is one bound: its calls depend on each other.
      const operation = new Answer(objectOf(home, options.touches ?? (bound > 0 ? unanswered : undefined)), options.fails !== undefined && options.fails !== false, unanswered, given);
      const abort = (): void => {
        reject(reasonOf(signal!));
        home.wake(operation);
      };
      signal?.addEventListener("abort", abort, { once: true });
      const settle = (way: number | undefined): void => {
        if (signal?.aborted === true || way === NEVER) return; // an abort may still come
        signal?.removeEventListener("abort", abort);
        if (way === FAILS) reject(failure(name, options.fails));
        else answered(home, () => answer() as Awaited<R>, resolve, reject);
      };
      void home.request(operation, `${name}(${args.map(short).join(", ")})`).then(settle);
    });
  };
}

/** What `answer` gives at once is handed on at once; a promise is waited for, in the same step. */
function answered<R>(home: OperationControl, call: () => R | PromiseLike<R>, resolve: (value: R) => void, reject: (error: unknown) => void): void {
  try {
    const value = call();
    if (isThenable(value)) home.outside(value).then(resolve, reject);
    else resolve(value);
  } catch (error) {
    reject(error);
  }
}

const isThenable = <R>(value: R | PromiseLike<R>): value is PromiseLike<R> => typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** How a call may end; the numbers stand in traces (report/shared/act-words.ts). */
const [ANSWERED, FAILS, NEVER] = [0, 1, 2];

/** Of each run: how many calls are not answered; at most `bound`. */
class UnansweredCalls {
  readonly #bound: number;
  readonly #counts = new WeakMap<OperationControl, number>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  mayBeOneMore(home: OperationControl): boolean {
    return (this.#counts.get(home) ?? 0) < this.#bound;
  }

  oneMore(home: OperationControl): void {
    this.#counts.set(home, (this.#counts.get(home) ?? 0) + 1);
  }
}

class Answer extends ObjectOperation {
  readonly #fails: boolean;
  readonly #unanswered: UnansweredCalls;
  #isGiven = true;

  constructor(on: OwnedObject, fails: boolean, unanswered: UnansweredCalls, given?: Promise<unknown>) {
    super(on, "answer", () => undefined);
    this.#fails = fails;
    this.#unanswered = unanswered;
    if (given !== undefined) this.#waitsFor(given, on);
  }

  #waitsFor(given: Promise<unknown>, { object, owningRun }: OwnedObject): void {
    this.#isGiven = false;
    const settled = (): void => {
      this.#isGiven = true;
      if (world.control === owningRun) owningRun?.touch(object, "answer"); // the step that settles it comes before its answer
    };
    given.then(settled, settled);
  }

  override ready(): boolean {
    return this.#isGiven || this.owningRun!.awaitsOutside;
  }

  get #ways(): readonly number[] {
    const may = this.#unanswered.mayBeOneMore(this.owningRun!);
    return [ANSWERED, ...(this.#fails ? [FAILS] : []), ...(may ? [NEVER] : [])];
  }

  /** Undefined: there is one way only. */
  get values(): number | undefined {
    const { length } = this.#ways;
    return length === 1 ? undefined : length;
  }

  acts(index: number | undefined): DoneInstead {
    return { op: "answer", accesses: this.accesses, detail: this.#ways[index ?? 0]! };
  }

  override perform(index?: number): unknown {
    const way = this.#ways[index ?? 0];
    if (way === NEVER) this.#unanswered.oneMore(this.owningRun!);
    return way;
  }
}

/** Of each run: what its answers touch. */
const touched = new WeakMap<OperationControl, Map<unknown, ObjectId>>();

function objectOf(home: OperationControl, key: unknown): OwnedObject {
  if (key === undefined) return { owningRun: home, object: home.newObject() };
  let objects = touched.get(home);
  if (objects === undefined) touched.set(home, (objects = new Map<unknown, ObjectId>()));
  let object = objects.get(key);
  if (object === undefined) objects.set(key, (object = home.newObject()));
  return { owningRun: home, object };
}

function failure(name: string, fails: OutsideOptions["fails"]): unknown {
  if (typeof fails === "function") return fails();
  return fails instanceof Error ? fails : new Error(`${name} fails: one of its two ways (outside's option fails)`);
}

/** As the platform rejects: with the signal's own reason. */
const reasonOf = (signal: AbortSignal): unknown => signal.reason as unknown;

function signalOf(args: readonly unknown[]): AbortSignal | undefined {
  for (const arg of args) {
    if (arg instanceof AbortSignal) return arg;
    const { signal } = (typeof arg === "object" && arg !== null ? arg : {}) as { readonly signal?: unknown };
    if (signal instanceof AbortSignal) return signal;
  }
  return undefined;
}

/** An argument in a report: short, and without what it holds. */
function short(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 24 ? `${value.slice(0, 23)}…` : value);
  return typeof value === "object" && value !== null ? "…" : String(value);
}
