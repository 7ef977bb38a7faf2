import { world } from "../core/current-runtime.js";
import type { OperationControl } from "../core/pending-operation.js";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what is wrapped has any signature
type Call = (this: unknown, ...args: any[]) => unknown;

/** Of each run: what the engine works on, by name, where neither the platform's lists nor its hooks tell of it. */
const open = new WeakMap<OperationControl, string[]>();

/** The last that is not answered; undefined: none. */
export const untoldJob = (home: OperationControl): string | undefined => open.get(home)?.at(-1);

/** `real` gives a promise that a thread of the engine's settles: noted until it is settled. */
export const untold = (name: string, real: Call): Call =>
  function (this: unknown, ...args) {
    const home = world.control;
    const answer = real.apply(this, args);
    if (home !== undefined && answer instanceof Promise) {
      const names = open.get(home) ?? [];
      open.set(home, names);
      names.push(name);
      const over = (): void => void names.splice(names.indexOf(name), 1);
      answer.then(over, over);
    }
    return answer;
  };

/** Functions that give such promises: holder in the realm, and their names. SubtleCrypto's: since Node 26 hooks do not tell. */
export function untoldFunctions(realm: { readonly WebAssembly?: object; readonly crypto?: { readonly subtle?: object } }): readonly (readonly [holder: object, name: string])[] {
  const { WebAssembly: assembly, crypto } = realm;
  const subtle = crypto?.subtle === undefined ? undefined : (Object.getPrototypeOf(crypto.subtle) as object);
  return [
    ...(assembly === undefined ? [] : ["compile", "instantiate", "compileStreaming", "instantiateStreaming"].map((name) => [assembly, name] as const)),
    ...(subtle === undefined ? [] : Object.getOwnPropertyNames(subtle).filter((name) => name !== "constructor").map((name) => [subtle, name] as const)),
  ];
}
