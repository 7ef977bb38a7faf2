import { err, ok, type Result } from "../base/result.js";
import { spellOut } from "../base/spell-out.js";
import type { Arguments, Tool } from "./tool.js";

/** Holds what a client sent to the tool's own schema; the error names the argument. */
export function checkArguments({ inputSchema }: Pick<Tool, "inputSchema">, args: Arguments): Result<Arguments, string> {
  const known = Object.keys(inputSchema.properties);
  const missing = inputSchema.required?.find((name) => args[name] === undefined);
  if (missing !== undefined) return err(`'${missing}' is missing: ${inputSchema.properties[missing]!.description}`);
  for (const [name, value] of Object.entries(args)) {
    const schema = Object.hasOwn(inputSchema.properties, name) ? inputSchema.properties[name] : undefined;
    if (schema === undefined) return err(`there is no argument '${spellOut(name.slice(0, 60))}'; there are ${known.join(", ")}`);
    const wrong = problemWith(schema, value);
    if (wrong !== undefined) return err(`'${name}' ${wrong}`);
  }
  return ok(args);
}

function problemWith({ type, minimum = -Infinity, maximum = Infinity, pattern }: Tool["inputSchema"]["properties"][string], value: unknown): string | undefined {
  if (type === "integer") return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum ? undefined : `must be a whole number${minimum > -Infinity ? ` from ${minimum}` : ""}${maximum < Infinity ? ` to ${maximum}` : ""}`;
  if (typeof value !== type) return `must be a ${type}`;
  if (typeof value !== "string") return undefined;
  // No word of a command line holds a NUL, and none of these is so long.
  if (value === "" || value.includes("\0") || value.length > 20_000) return "must be a text of 1 to 20,000 characters without NUL";
  return pattern === undefined || new RegExp(pattern).test(value) ? undefined : `must match ${pattern}`;
}

export const textOf = (args: Arguments, name: string): string | undefined => (typeof args[name] === "string" ? args[name] : undefined);
export const numberOf = (args: Arguments, name: string): number | undefined => (typeof args[name] === "number" ? args[name] : undefined);
