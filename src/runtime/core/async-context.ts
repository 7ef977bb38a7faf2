type Snapshot = <R>(call: () => R) => R;

interface AsyncHooksModule {
  readonly AsyncLocalStorage?: { snapshot?(): Snapshot };
}

const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
const { AsyncLocalStorage } = (process?.getBuiltinModule?.("node:async_hooks") ?? {}) as AsyncHooksModule;

/** `body`, to be called later with the AsyncLocalStorage of now: what promises do by themselves, and timers do not. */
export function inThisContext<R>(body: () => R): () => R {
  const run = AsyncLocalStorage?.snapshot?.();
  return run === undefined ? body : Object.defineProperty(() => run(body), "name", { value: body.name });
}
