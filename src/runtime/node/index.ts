/** What only Node has: `import { gopsAgent, debugHandler } from "unpark/node"`. */
export { debugHandler } from "./http.js";
export { sampleAwaits, type AwaitSampling, type AwaitSamplingOptions } from "./await-sampler.js";
export type { AwaitPlace } from "../observe/await-source.js";
export { gopsAgent, type GopsAgent } from "./gops.js";
