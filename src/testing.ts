/** `import { explore, leak, matchers } from "unpark/testing"`: for vitest, jest, node:test and any other runner. */
export { explore, Explored, matchers, type ExploreOptions } from "./pipeline/explore-ts.js";
export { examineTs, type ExamineTsOptions } from "./pipeline/examine-ts.js";
export * as leak from "./runtime/leak.js";
