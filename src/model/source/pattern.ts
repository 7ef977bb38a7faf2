import { err, ok, type Result } from "../../base/result.js";
import type { Goroutine } from "../goroutine/snapshot.js";
import type { Stack } from "../goroutine/stack.js";

/** `(*Server).logsContainer` matches as it stands, anywhere in a function's name; `/^main\./` is a regular expression. */
export function parsePattern(text: string): Result<(name: string) => boolean, string> {
  if (text === "") return err("the pattern is empty: it would match everything");
  const regexp = /^\/(.+)\/$/.exec(text);
  if (!regexp) return ok((name) => name.includes(text));
  try {
    const compiled = new RegExp(regexp[1]!);
    return ok((name) => compiled.test(name));
  } catch (error) {
    return err(`'${text}' is not a regular expression: ${(error as Error).message}`);
  }
}

/** On a goroutine's stack, or the function that started it. */
export const matchesGoroutine = (g: { readonly stack: Stack; readonly createdBy?: Goroutine["createdBy"] }, test: (name: string) => boolean): boolean =>
  g.stack.some((frame) => test(frame.function)) || (g.createdBy !== undefined && test(g.createdBy.function));
