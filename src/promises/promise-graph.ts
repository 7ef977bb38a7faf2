import { rawFrames, type RawFrame } from "../runtime/observe/engine-frames.js";
import { depthOf, isPrograms, kindOf, sameFunction, type PromiseKind, type PromiseRecord } from "./promise-record.js";

interface PromiseHooks {
  createHook(hooks: { init(promise: object, parent: object | undefined): void; before(promise: object): void; after(promise: object): void; settled(promise: object): void }): () => void;
}
interface Inspector {
  inspect(value: unknown, options: Readonly<Record<string, unknown>>): string;
}
interface ProcessLike {
  readonly versions?: Readonly<Record<string, string>>;
  getBuiltinModule?(name: string): unknown;
}

/** The real one: the program's are noted while a run is proved (runtime/control/proved-awaits.ts). */
const { WeakRef } = globalThis;

const DEPTH = 40;

/** Nothing of the program's is called, and next to nothing written. */
const STACK_ALONE = { depth: 0, customInspect: false, getters: false, maxArrayLength: 0, maxStringLength: 0 } as const;

/**
 * The promises that a program makes, and who waits for which: told by V8 (v8.promiseHooks), which makes a promise of its own
 * for each await, whose parent is what is awaited, while the function that awaits is on the stack.
 *
 * W1. It holds no promise: only weak references, and what stacks say in words.
 * W2. An await is pending from then until its reaction begins. (`settled` does not mean that: V8 tells it of what was
 *     resolved with a promise that is pending itself, too.)
 * W3. Which async function an await stands in: the last that was begun at the same depth of the same stack, or the one
 *     whose reaction runs. Both are exact, for an async function runs without a break up to its first await.
 * W4. A promise that was resolved with another one follows it, by a job of its own (NewPromiseResolveThenableJob): the engine
 *     tells that it begins, then of a promise that nobody but itself made, whose parent is the one that is followed.
 * W5. Of what is awaited and is no promise V8 makes one first, and names as its parent what the async function returns.
 */
export class PromiseGraph {
  #records: PromiseRecord[] = [];
  #count = 0;
  readonly #byPromise = new WeakMap<object, PromiseRecord>();
  readonly #isOn: () => boolean;
  /** W3, by depth. */
  readonly #begun: (PromiseRecord | undefined)[] = [];
  #combined: PromiseRecord | undefined;
  /** W4 */
  #adopting: PromiseRecord | undefined;
  #unhook: (() => void) | undefined;

  /** `isOn`: is what runs now the program's? Undefined where the engine has no hooks. */
  static begin(isOn: () => boolean): PromiseGraph | undefined {
    const hooks = promiseHooks();
    return hooks === undefined ? undefined : new PromiseGraph(hooks, isOn);
  }

  private constructor(hooks: PromiseHooks, isOn: () => boolean) {
    this.#isOn = isOn;
    const init = (promise: object, parent: object | undefined): void => {
      if (this.#isOn()) this.#made(promise, parent, rawFrames(init, DEPTH));
    };
    this.#unhook = hooks.createHook({
      init,
      before: (promise) => this.#goesOn(promise),
      after: () => void (this.#adopting = undefined),
      settled: (promise) => this.#resolved(promise),
    });
  }

  /**
   * An error holds the functions on its stack, and what they were called on, until somebody asks for it in words. Nobody may have, of one that
   * a runner keeps with its test (`expect(…).rejects`). Node's inspect is the one way to the reason of a promise that does not handle it.
   */
  readStacks(): void {
    const util = (globalThis as { process?: ProcessLike }).process?.getBuiltinModule?.("node:util") as Inspector | undefined;
    for (const { ref } of this.#records) {
      const promise = ref.deref();
      if (promise !== undefined) util?.inspect(promise, STACK_ALONE);
    }
  }

  /** Nothing is noted any more. */
  stop(): void {
    this.#unhook?.();
    this.#unhook = undefined;
    this.#begun.length = 0;
    this.#combined = undefined;
  }

  /** The awaits, and what Promise.all and then were given, whose reaction has not begun. */
  pending(): readonly PromiseRecord[] {
    return this.records.filter(({ parent, over }) => parent !== undefined && !over);
  }

  get records(): readonly PromiseRecord[] {
    return this.#records;
  }

  /** How many promises were noted so far. */
  get count(): number {
    return this.#count;
  }

  /** Gives up the notes of what is over, and of who took what (takers in pending-awaits.ts). */
  forget(): void {
    this.#records = this.#records.filter(({ parent, over }) => parent !== undefined && !over);
  }

  record(promise: object): PromiseRecord | undefined {
    return this.#byPromise.get(promise);
  }

  #made(promise: object, parent: object | undefined, all: readonly RawFrame[]): void {
    const frames = programsFrames(all);
    const depth = depthOf(frames);
    const adopting = parent !== undefined && depth === 1 ? this.#adopting : undefined; // those who await stand below, in V8 14
    const kind = adopting === undefined ? kindOf(frames, parent !== undefined) : "adopted";
    const result = adopting ?? this.#resultOf(kind, depth, frames);
    const record: PromiseRecord = { number: this.#count++, kind, frames, ref: new WeakRef(promise), parent: parent && (this.#byPromise.get(parent) ?? this.#unknown(parent)), result, over: false };
    this.#add(promise, record);
    if (kind === "await" && record.parent?.kind === "await" && samePosition(record.parent.frames[0], frames[0])) Object.assign(record.parent, { kind: "made", parent: undefined }); // W5
    if (kind === "async") this.#begun[depth] = record;
    if (kind === "combined") this.#combined = record;
  }

  /** W3 */
  #resultOf(kind: PromiseKind, depth: number, frames: readonly RawFrame[]): PromiseRecord | undefined {
    if (kind === "element") return this.#combined;
    const around = this.#begun[depth];
    return kind === "await" && sameFunction(around?.frames[0], frames[0]) ? around : undefined;
  }

  /** Made before this graph began, or by the platform. */
  #unknown(promise: object): PromiseRecord {
    return this.#add(promise, { number: this.#count++, kind: "made", frames: [], ref: new WeakRef(promise), parent: undefined, result: undefined, over: false });
  }

  #add(promise: object, record: PromiseRecord): PromiseRecord {
    this.#records.push(record);
    this.#byPromise.set(promise, record);
    return record;
  }

  #goesOn(promise: object): void {
    const record = this.#byPromise.get(promise);
    if (record === undefined) return;
    record.over = true;
    if (record.kind === "await") this.#begun[1] = record.result;
    if (record.parent === undefined) this.#adopting = record;
  }

  #resolved(promise: object): void {
    const record = this.#byPromise.get(promise);
    if (record !== undefined) record.over = true;
  }
}

/** From the program's outermost call on: what runs the microtasks is none of it. */
function programsFrames(all: readonly RawFrame[]): readonly RawFrame[] {
  const frames = all.filter(({ file }) => !file.startsWith("node:internal/promise_hooks"));
  const depth = depthOf(frames);
  const last = frames.findLastIndex((frame, i) => i < depth && isPrograms(frame));
  const end = last >= 0 ? last + 1 : frames.findIndex(({ file, function: name }, i) => i === depth || file !== "" || name === "runMicrotasks");
  return end < 0 ? frames : [...frames.slice(0, end), ...frames.slice(depth)];
}

const samePosition = (a: RawFrame | undefined, b: RawFrame | undefined): boolean => sameFunction(a, b) && a!.line === b!.line && a!.column === b!.column;

/** Node's, without an import that a browser would trip over. Deno and Bun have the name, and throw when it is used. */
function promiseHooks(): PromiseHooks | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  if (process?.versions?.["v8"] === undefined || "Deno" in globalThis || "Bun" in globalThis) return undefined;
  return (process.getBuiltinModule?.("node:v8") as { readonly promiseHooks?: PromiseHooks } | undefined)?.promiseHooks;
}
