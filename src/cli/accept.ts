import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { readPlainFile } from "../base/plain-file.js";
import { err, ok, type Result } from "../base/result.js";
import type { Report } from "../model/results/examination.js";
import { applyBaseline, applyIgnores, applySeverity, baselineText, parseBaseline } from "../pipeline/config/suppressions.js";
import { applyComments } from "../pipeline/config/ignore-comments.js";
import type { Config } from "../pipeline/config/config.js";
import { sourceLines } from "../pipeline/examine/source-lines.js";
import { complain, type Io } from "./io.js";

export const BASELINE_FILE = ".unpark-baseline.json";

export interface AcceptChoice {
  /** `--baseline[=FILE]`: made where there is none; else what is in it does not count. */
  readonly baseline: string | true | undefined;
  /** `--update-baseline`: written again. */
  readonly update: boolean;
  /** Not everything was run: an entry that fits nothing is not said to. */
  readonly partial?: boolean;
}

/** What is left to report after the source's own comments, the project's severities, its ignore list and the baseline; says on stderr what was taken out. */
export function accept(report: Report, config: Config, choice: AcceptChoice, io: Io): Result<Report, string> {
  const left = leftOf(report, config, choice, io);
  const accepted = left.ok ? findingsIn(report) - findingsIn(left.value) : 0;
  return left.ok && accepted > 0 ? ok({ ...left.value, accepted }) : left;
}

const baselinePath = ({ baseline }: AcceptChoice, io: Io): string => resolve(io.cwd, typeof baseline === "string" ? baseline : BASELINE_FILE);

/** Will everything that is found become a new baseline? */
export const writesBaseline = (choice: AcceptChoice, io: Io): boolean => choice.update || (choice.baseline !== undefined && !existsSync(baselinePath(choice, io)));

const findingsIn = ({ examinations }: Report): number => examinations.reduce((sum, { findings }) => sum + findings.length, 0);

function leftOf(report: Report, config: Config, choice: AcceptChoice, io: Io): Result<Report, string> {
  const say = (notes: readonly string[]): void => notes.forEach((note) => void complain(io, note));
  const commented = applyComments(report, sourceLines());
  const kept = applyIgnores(commented.report, config.ignore, new Date().toISOString().slice(0, 10), choice.partial);
  const ignored = applySeverity(kept.report, config.severity);
  say([...commented.notes, ...kept.notes, ...ignored.notes]);
  if (choice.baseline === undefined && !choice.update) return ok(ignored.report);
  const path = baselinePath(choice, io);
  try {
    if (writesBaseline(choice, io)) {
      if (report.failures.length > 0) return err(`no baseline was written: not everything could be done (${report.failures[0]!.message.split("\n")[0]})`);
      const text = baselineText(ignored.report);
      writeFileSync(path, text);
      say([`wrote ${path}: what is in it does not count from now on (--baseline)`]);
      return ok(applyBaseline(ignored.report, parseBaseline(text)!).report);
    }
    const known = parseBaseline(readPlainFile(path));
    if (known === undefined) return err(`${path} is no baseline of Unpark: delete it, and --baseline makes a new one`);
    const fresh = applyBaseline(ignored.report, known);
    say(fresh.notes);
    return ok(fresh.report);
  } catch (error) {
    return err(`cannot use ${path}: ${(error as Error).message}`);
  }
}
