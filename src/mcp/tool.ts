import type { Result } from "../base/result.js";
import type { Explorations } from "./explorations.js";

/** How a command line of Unpark ended. */
export interface CommandEnd {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a tool sees of the world. */
export interface ToolContext {
  /** Does one command line of Unpark, as a terminal would: the tools add nothing to what it can do. */
  readonly run: (argv: readonly string[]) => Promise<CommandEnd>;
  readonly explorations: Explorations;
  readonly cwd: string;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** One tool, as the protocol lists it, and what it does. The error is one sentence: what, and what to do next. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object"; readonly properties: Readonly<Record<string, ArgumentSchema>>; readonly required?: readonly string[]; readonly additionalProperties: false };
  /** Does it only read? An exploration builds and runs the tests of the project. */
  readonly readOnly: boolean;
  readonly call: (args: Arguments, context: ToolContext) => Promise<Result<unknown, string>>;
}

interface ArgumentSchema {
  readonly type: "string" | "integer" | "boolean";
  readonly description: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}
