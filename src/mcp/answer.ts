import { err, ok, type Result } from "../base/result.js";
import { bounded, MOST_CHARACTERS, type Cut } from "./bounded.js";
import type { CommandEnd } from "./tool.js";

/** What a command printed as JSON, or why it printed none: its own sentence. */
export function jsonOf({ exit, stdout, stderr }: CommandEnd): Result<Readonly<Record<string, unknown>>, string> {
  if (stdout.trim() !== "") return ok(JSON.parse(stdout) as Readonly<Record<string, unknown>>);
  const said = stderr.trim().split("\n").slice(-5).join("\n").replace(/^unpark: /, "");
  return err(said === "" ? `it ended with exit code ${exit} and said nothing` : said);
}

/** A value under its name, as small as it has to be, with what was left out of it. */
export function fitting(name: string, value: Readonly<Record<string, unknown>>, cuts: readonly Cut[]): Readonly<Record<string, unknown>> {
  const kept = bounded(value, cuts);
  if (kept === undefined) return { leftOut: [`${name}: it is longer than ${MOST_CHARACTERS} characters even in its shortest form`] };
  return { [name]: kept.value, ...(kept.leftOut.length > 0 ? { leftOut: kept.leftOut } : {}) };
}
