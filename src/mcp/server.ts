import { Writable } from "node:stream";
import type { Readable } from "node:stream";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { spellOutLines } from "../base/spell-out.js";
import { err, ok, type Result } from "../base/result.js";
import { jsonText } from "../report/shared/json-text.js";
import type * as sdkModule from "./sdk.js";
import { checkArguments } from "./arguments.js";
import { Explorations } from "./explorations.js";
import type { Arguments, CommandEnd, ToolContext } from "./tool.js";
import { TOOLS } from "./tools.js";

type Sdk = typeof sdkModule;

interface McpOptions {
  readonly stdin: Readable;
  /** Carries the protocol only: commands write into `CommandEnd`. */
  readonly write: (text: string) => void;
  readonly version: string;
  readonly cwd: string;
  /** Does one command line of Unpark until it ends or is interrupted. */
  readonly run: (argv: readonly string[], signal: AbortSignal) => Promise<CommandEnd>;
  readonly signal: AbortSignal;
}

/** Clients give up after a minute of silence; one that asked for progress hears of it so often. */
const PROGRESS_MS = 2_000;

/** The SDK; the error says how to get it, where it is not installed beside Unpark. */
export async function loadSdk(): Promise<Result<Sdk, string>> {
  try {
    return ok(await import("./sdk.js"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    return err("the MCP SDK is not installed: npm install @modelcontextprotocol/sdk@1.32.2, beside unpark (the single executable holds it)");
  }
}

/** `unpark mcp`: answers one client over stdio until it leaves, or the signal comes. */
export async function serveMcp(sdk: Sdk, options: McpOptions): Promise<void> {
  const { write, stdin, signal, version } = options;
  const server = new sdk.Server({ name: "unpark", version }, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  addTools(server, sdk, options);
  const stdout = new Writable({ write: (chunk: Buffer, _, done) => (write(chunk.toString()), done()) });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    stdin.once("end", resolve).once("close", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await server.connect(new sdk.StdioServerTransport(stdin, stdout));
  await closed;
  await server.close();
}

const INSTRUCTIONS =
  "Unpark finds goroutine leaks and deadlocks of Go (and TypeScript) tests by exploring their schedules. explore_test first; then explain_finding for each finding; repair; explore_test again. " +
  "'leaked' and 'deadlock' are proofs; 'complete: true' is a proof that there is none within the bounds named; everything else is not.";

function addTools(server: Server, sdk: Sdk, options: McpOptions): void {
  const explorations = new Explorations();
  // An exploration uses every core: a second one at the same time would only halve both their budgets.
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, title, description, inputSchema, readOnly }) => ({
      name, title, description, inputSchema: { ...inputSchema, required: [...(inputSchema.required ?? [])] },
      annotations: { title, readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, { signal, sendNotification, _meta }) => {
    const interrupted = AbortSignal.any([signal, options.signal]);
    const context: ToolContext = { explorations, cwd: options.cwd, run: (argv) => options.run(argv, interrupted) };
    const before = last;
    const answered = before.then(() => (interrupted.aborted ? err("cancelled") : call(params.name, params.arguments ?? {}, context)));
    last = answered.catch(() => undefined);
    const token = _meta?.progressToken;
    const began = Date.now();
    const progress = token === undefined ? undefined : setInterval(() => {
      const seconds = Math.round((Date.now() - began) / 1000);
      void sendNotification({ method: "notifications/progress", params: { progressToken: token, progress: seconds, message: `${seconds} s` } }).catch(() => undefined);
    }, PROGRESS_MS);
    try {
      const result = await answered;
      return { content: [{ type: "text", text: result.ok ? jsonText(result.value).trimEnd() : spellOutLines(result.error) }], ...(result.ok ? {} : { isError: true }) };
    } finally {
      clearInterval(progress);
    }
  });
}

async function call(name: string, args: Arguments, context: ToolContext): Promise<Result<unknown, string>> {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) return err(`there is no tool '${name.slice(0, 60)}'; there are ${TOOLS.map((one) => one.name).join(", ")}`);
  const checked = checkArguments(tool, args);
  return checked.ok ? tool.call(checked.value, context) : checked;
}
