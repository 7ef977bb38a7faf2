import { setTraceback } from "./runtime/api/runtime.js";

/** `import { explore, leak, matchers } from "unpark/testing"`: for vitest, jest, node:test and any other runner. */
export { explore, Explored, type ExploreOptions, type GivenOptions } from "./testing/explore-ts.js";
export { matchers, type MatcherResult } from "./testing/matchers.js";
export { examineTs, type ExamineTsOptions, type ExploredBody, type ExploreTools } from "./pipeline/typescript/examine-ts.js";
export type { OutsideOptions } from "./promises/outside.js";
export * as leak from "./testing/leak.js";

// In a test it matters where a goroutine that is left was started and waits, and 2 µs do not.
setTraceback(true);
