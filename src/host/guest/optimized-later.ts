import { setFlagsFromString } from "node:v8";

/** V8 12's own is 13,000,000, that of Node 20 a seventh of it, which is right for what has run long, and will. */
const BUDGETS = { later: 30_000_000, soon: 1_800_000 } as const;

/** The last version that is known to have the flag: one that has not would say so on stderr. */
const KNOWN_TO = 14;

/**
 * V8 compiles a function of a module once more, optimized, when it has executed about so many bytes. Most programs are explored in
 * tens or hundreds of short runs: a quarter of the processor's time went into code that was hardly used any more
 * (bench/tiering.txt). With net/http, where Go's code is most of a run, what is optimized soon has caught up after eight seconds, and makes
 * half as many runs again from then on. It counts for modules that are compiled from now on.
 */
export function optimize(when: keyof typeof BUDGETS): void {
  if (Number.parseInt(process.versions.v8) <= KNOWN_TO) setFlagsFromString(`--wasm-tiering-budget=${BUDGETS[when]}`);
}
