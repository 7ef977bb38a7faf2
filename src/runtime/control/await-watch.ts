import type { Frame } from "../../model/stack.js";
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

/**
 * Which await does a goroutine hang in? V8 makes a promise for each `await`, whose parent is what is awaited, while the
 * function that awaits is on the stack, and tells before it goes on. Of the awaits that the goroutine in flight began and that
 * have not gone on, the innermost one is meant. The hooks slow all promises down, so they are set only for a run that
 * is done again because its foreign await is already known to be there. Node has them; elsewhere nothing is noted.
 */
export class AwaitWatch {
  readonly #begun = new Map<object, Error>();
  readonly #unhook: (() => void) | undefined;

  constructor() {
    this.#unhook = promiseHooks()?.createHook({
      init: (promise, parent) => {
        if (parent !== undefined) this.#begun.set(promise, new Error("await"));
      },
      before: (promise) => void this.#begun.delete(promise),
    });
  }

  /** Another goroutine takes off: what began before is not its. */
  takesOff(): void {
    this.#begun.clear();
  }

  /** The user's own line, if there is one, rather than that of a package which it called. */
  place(): Frame | undefined {
    const begun = [...this.#begun.values()];
    // Of a `then` the engine's own frame is on top; of what the platform awaits inside, the platform's.
    const users = begun.filter(topIsUsers);
    // Stacks reach through awaits to the callers, so the innermost has the longest.
    const frames = (users.length > 0 ? users : begun).map(framesOf).reduce((a, b) => (b.length > a.length ? b : a), []);
    return frames.find(({ file }) => !file.includes("/node_modules/")) ?? frames[0];
  }

  stop(): void {
    this.#unhook?.();
    this.#begun.clear();
  }
}

function promiseHooks(): PromiseHooks | undefined {
  const { process } = globalThis as { process?: HookSource };
  // Deno and Bun have the name, and throw when it is used.
  if (process?.versions?.["v8"] === undefined || "Deno" in globalThis || "Bun" in globalThis) return undefined;
  return (process.getBuiltinModule?.("node:v8") as { promiseHooks?: PromiseHooks } | undefined)?.promiseHooks;
}
