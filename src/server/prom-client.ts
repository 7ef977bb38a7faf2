// What is used of prom-client, in one file, as mcp/sdk.ts does it for the MCP SDK: an optional peer dependency of the npm
// package, a bundle in the single executable.
export { Counter, Gauge, Registry } from "prom-client";
