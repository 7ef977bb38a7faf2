/** What only Node has: `import { gopsAgent, debugHandler } from "unpark/node"`. */
export { debugHandler } from "./http.js";
export { gopsAgent, type GopsAgent } from "./gops.js";
