import { setFlagsFromString } from "node:v8";

/** V8 12's own is 13,000,000, that of Node 20 a seventh of it. */
const BUDGET = 30_000_000;

/** The last version that is known to have the flag: one that has not would say so on stderr. */
const KNOWN_TO = 14;

/**
 * V8 compiles a function of a module once more, optimized, when it has executed about so many bytes. Most programs are explored in
 * tens or hundreds of short runs: a quarter of the processor's time went into code that was hardly used any more
 * (bench/tiering.txt). It counts for modules that are compiled from now on.
 */
export function optimizeLater(): void {
  if (Number.parseInt(process.versions.v8) <= KNOWN_TO) setFlagsFromString(`--wasm-tiering-budget=${BUDGET}`);
}
