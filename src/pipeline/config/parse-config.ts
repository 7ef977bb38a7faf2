import { isSeq, LineCounter, parseDocument, type YAMLParseError } from "yaml";
import { err, ok, type Result } from "../../base/result.js";
import { VERDICTS } from "../../model/finding.js";
import type { Config, Ignore } from "./config.js";

const FIELDS = new Set(["function", "test", "package", "verdict", "reason", "expires"]);

/** The text of a `.unpark.yaml`; an error names the line and what is wrong with it. */
export function parseConfig(text: string, path: string): Result<Config, string> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const [problem] = document.errors;
  if (problem) return err(`${path}:${lineAt(problem.pos[0])}: ${firstLine(problem)}`);
  const value: unknown = document.toJS();
  if (value === null || value === undefined) return ok({ path, ignore: [] });
  if (!isObject(value)) return err(`${path}:1: expected settings such as 'ignore:', but it holds ${kindOf(value)}`);
  const unknown = Object.keys(value).find((key) => key !== "ignore");
  if (unknown !== undefined) return err(`${path}: unknown setting '${unknown}'; known is 'ignore'`);
  const list = value["ignore"] ?? [];
  if (!Array.isArray(list)) return err(`${path}: 'ignore' is a list, but it holds ${kindOf(list)}`);
  const nodes = document.get("ignore"); // once: to look for each entry from the root is quadratic
  const items: readonly unknown[] = isSeq(nodes) ? nodes.items : [];
  const ignore: Ignore[] = [];
  for (const [index, entry] of (list as readonly unknown[]).entries()) {
    const node = items[index] as { readonly range?: readonly number[] } | undefined;
    const line = lineAt(node?.range?.[0] ?? 0);
    const read = readIgnore(entry, line);
    if (!read.ok) return err(`${path}:${line}: ${read.error}`);
    ignore.push(read.value);
  }
  return ok({ path, ignore });
}

function readIgnore(entry: unknown, line: number): Result<Ignore, string> {
  if (!isObject(entry)) return err(`an entry of 'ignore' has fields (function, reason, expires …), but this is ${kindOf(entry)}`);
  const unknown = Object.keys(entry).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) return err(`unknown field '${unknown}'; an entry has ${[...FIELDS].join(", ")}`);
  for (const key of ["function", "reason", "expires"]) {
    if (typeof entry[key] !== "string" || entry[key].trim() === "") return err(`an entry of 'ignore' needs '${key}'${key === "expires" ? " (the last day on which it holds, as 2027-03-31)" : ""}`);
  }
  const { expires, verdict } = entry as { readonly expires: string; readonly verdict?: unknown };
  if (!isDay(expires)) return err(`'expires' is a day such as 2027-03-31, but got '${expires}'`);
  if (verdict !== undefined && !(VERDICTS as readonly unknown[]).includes(verdict)) return err(`unknown verdict ${JSON.stringify(verdict)}; known are ${VERDICTS.join(", ")}`);
  for (const key of ["test", "package"]) if (entry[key] !== undefined && typeof entry[key] !== "string") return err(`'${key}' is a text`);
  return ok({ ...(entry as unknown as Omit<Ignore, "line">), line });
}

/** A day that there is: `Date` takes 2027-02-30 for the second of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);
const kindOf = (value: unknown): string => (Array.isArray(value) ? "a list" : value === null ? "nothing" : `a ${typeof value}`);
const firstLine = (error: YAMLParseError): string => error.message.split(" at line ")[0]!.split("\n")[0]!;
