import { world } from "../runtime/core/current-runtime.js";
import { outsideRequests, type OutsideOptions } from "./outside.js";

type Fetch = (this: unknown, ...args: readonly unknown[]) => unknown;
interface Realm {
  fetch?: Fetch;
  [dispatcher: symbol]: unknown;
}
const realm = globalThis as unknown as Realm;

/**
 * While `work` explores, a call of a `fetch` that answers inside of the process is a request of the outside's: it is handled at once, as the mock does it (so
 * a spy has seen it, and a server's handlers run in the order of the requests), and what it gives is handed on when the explorer says so, or when its
 * AbortSignal aborts. The platform's own, which asks a network, is left as it is: when that answers nobody here decides.
 */
export async function withFetch<T>(options: OutsideOptions | false | undefined, work: () => Promise<T>): Promise<T> {
  const { fetch } = realm;
  if (options === false || typeof fetch !== "function" || !answersInside(fetch)) return work();
  const request = outsideRequests("fetch", options ?? {});
  // A proxy: what a runner's spy has besides (its calls) is still there.
  const controlled = new Proxy(fetch, {
    apply(_, self, args: readonly unknown[]) {
      const given = Reflect.apply(fetch, self, args);
      if (world.control === undefined || !(given instanceof Promise)) return given;
      given.catch(() => undefined); // told when it is handed on, if it is
      return request(args, () => given as Promise<unknown>, given);
    },
  });
  realm.fetch = controlled;
  try {
    return await work();
  } finally {
    if (realm.fetch === controlled) realm.fetch = fetch;
  }
}

const answersInside = (fetch: Fetch): boolean => !isPlatforms(fetch) || dispatchers().some(isMockAgent);

/** Node's is written in JavaScript, and loads undici at its first call (lib/internal/process/pre_execution.js, bootstrap/web/exposed-window-or-worker.js). */
const isPlatforms = (fetch: Fetch): boolean => /\[native code\]|internal\/deps\/undici|lazyUndici\(\)/.test(Function.prototype.toString.call(fetch));

/** Where undici keeps the one that its own fetch and Node's ask (lib/global.js), by version. */
const dispatchers = (): readonly unknown[] => ["undici.globalDispatcher.1", "undici.globalDispatcher.2"].map((name) => realm[Symbol.for(name)]);

/** Of whichever copy of undici it is. */
const isMockAgent = (dispatcher: unknown): boolean => typeof (dispatcher as { readonly disableNetConnect?: unknown } | undefined)?.disableNetConnect === "function";
