// What is used of the MCP SDK, in one file: `npm run release` puts the bundle of it in this file's place, where a single
// executable has no node_modules of the user's beside it. In the npm package the SDK is an optional peer dependency.
export { Server } from "@modelcontextprotocol/sdk/server/index.js";
export { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
export { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
