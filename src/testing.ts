import { setTraceback } from "./runtime/runtime.js";

/** `import { explore, leak, matchers } from "unpark/testing"`: for vitest, jest, node:test and any other runner. */
export { explore, Explored, type ExploreOptions } from "./pipeline/explore-ts.js";
export { matchers, type MatcherResult } from "./pipeline/matchers.js";
export { examineTs, type ExamineTsOptions } from "./pipeline/examine-ts.js";
export * as leak from "./pipeline/leak.js";

// In a test it matters where a goroutine that is left was started and waits, and 2 µs do not.
setTraceback(true);
