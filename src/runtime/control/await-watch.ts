import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { OutsideRequest } from "./foreign-await.js";
import { framesOf, topIsUsers } from "../observe/stack-trace.js";

interface PromiseHooks {
  createHook(hooks: {
    init?(promise: object, parent: object | undefined): void;
    before?(promise: object): void;
  }): () => void;
}
interface HookSource {
  readonly versions?: Readonly<Record<string, string>>;
  getBuiltinModule?(name: string): unknown;
}

interface AsyncHooks {
  createHook(hooks: { init(id: number, type: string, trigger: number, resource: object): void }): { enable(): void; disable(): void };
}

const DEEP = 40;

/** What the platform makes of its own accord. */
const NOT_ASKED = new Set(["PROMISE", "TickObject", "Immediate", "Microtask", "RANDOMBYTESREQUEST"]);

/**
 * Which await does a goroutine hang in? V8 makes a promise for each `await`, whose parent is what is awaited, while the
 * function that awaits is on the stack, and is seen before it goes on. Of the awaits were begun and
 * have not gone on, the innermost one is meant. And what was asked of the platform, where? The hooks slow all promises down, so they are set only for a run that
 * is done again because its foreign await is already known to be there. Node has them; elsewhere nothing is noted.
 */
export class AwaitWatch {
  readonly #begun = new Map<object, Error>();
  #latest: Error | undefined;
  readonly #asked: OutsideRequest[] = [];
  readonly #unhook: (() => void) | undefined;
  readonly #resources: { enable(): void; disable(): void } | undefined;

  constructor() {
    this.#unhook = promiseHooks()?.createHook({
      init: (promise, parent) => {
        if (parent !== undefined) this.#begun.set(promise, (this.#latest = new Error("await")));
      },
      before: (promise) => void this.#begun.delete(promise),
    });
    this.#resources = builtin<AsyncHooks>("node:async_hooks")?.createHook({
      init: (_id, what) => {
        if (NOT_ASKED.has(what)) return;
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = DEEP; // the platform's own frames come first
        const at = usersOwn(framesOf(new Error(what)));
        Error.stackTraceLimit = stackTraceLimit;
        this.#asked.push({ what, at });
      },
    });
    this.#resources?.enable();
  }

  /** The last that the program's own code asked the platform for. */
  outside(): OutsideRequest | undefined {
    return this.#asked.findLast(({ at }) => at !== undefined) ?? this.#asked.at(-1);
  }

  /** The user's own line, if there is one, rather than that of a package which it called. `others`: who waits there is known. */
  place(others: readonly Frame[]): Frame | undefined {
    // Of a `then` the engine's own frame is on top; of what the platform awaits inside, the platform's.
    const all = [...this.#begun.values()].map((error) => ({ users: topIsUsers(error), frames: framesOf(error) }));
    const begun = preferred(
      preferred(all, ({ frames }) => frames.length > 0 && !others.some((other) => sameLine(frames[0], other))),
      ({ users }) => users,
    );
    // Stacks reach through awaits to the callers, so the innermost has the longest.
    const frames = begun.map((one) => one.frames).reduce((x, y) => (y.length > x.length ? y : x), []);
    return usersOwn(frames) ?? frames[0];
  }

  /** Where the last await of all was begun. */
  latest(): Stack | undefined {
    const frames = framesOf(this.#latest);
    return frames.length === 0 ? undefined : frames;
  }

  stop(): void {
    this.#unhook?.();
    this.#resources?.disable();
    this.#begun.clear();
  }
}

/** Those that are so, if there are any. */
function preferred<T>(all: readonly T[], isSo: (one: T) => boolean): readonly T[] {
  const some = all.filter(isSo);
  return some.length > 0 ? some : all;
}

const usersOwn = (frames: readonly Frame[]): Frame | undefined => frames.find(({ file }) => !file.includes("/node_modules/"));
const sameLine = (a: Frame | undefined, b: Frame): boolean => a?.file === b.file && a.line === b.line;

const promiseHooks = (): PromiseHooks | undefined => builtin<{ readonly promiseHooks?: PromiseHooks }>("node:v8")?.promiseHooks;

/** Node's own modules, without an import that a browser would trip over. Deno and Bun have the names, and throw when one is used. */
export function builtin<T>(name: string): T | undefined {
  const { process } = globalThis as { process?: HookSource };
  if (process?.versions?.["v8"] === undefined || "Deno" in globalThis || "Bun" in globalThis) return undefined;
  return process.getBuiltinModule?.(name) as T | undefined;
}
