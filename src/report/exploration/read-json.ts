import { err, ok, type Result } from "../../base/result.js";
import type { ExaminationOrigin } from "../../model/results/examination.js";
import { VERDICTS, type SetSeverity, type Verdict } from "../../model/finding/finding.js";
import { REPORT_SCHEMA } from "./json.js";

/** What a replay needs of a report that was written before. */
export interface RecordedFinding {
  readonly verdict: Verdict;
  readonly needsStall?: true;
  readonly needsLongStall?: true;
  readonly afterFailure?: true;
  readonly leftOut?: true;
  readonly testCode?: true;
  readonly severity?: SetSeverity;
  readonly cause: string;
  readonly package: string;
  readonly test?: string;
  readonly program?: string;
  readonly schedule: string;
}

export interface RecordedReport {
  readonly origin: ExaminationOrigin;
  /** Those that carry a schedule, with their number in the report, counted from 1. */
  readonly findings: readonly (RecordedFinding & { readonly number: number })[];
}

/** Reads a `--json` report back; the error says what is wrong with it. */
export function readReport(text: string): Result<RecordedReport, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return err(`it is not JSON (${(error as Error).message})`);
  }
  if (!isObject(value)) return err("it is not an Unpark report");
  if (value["schema"] !== REPORT_SCHEMA) return err(`its schema is ${JSON.stringify(value["schema"])}, expected "${REPORT_SCHEMA}"`);
  const { origin, programs } = value;
  if (!isOrigin(origin)) return err("its 'origin' does not say what was run, so it cannot be built again");
  if (!Array.isArray(programs)) return err("it has no 'programs'");
  const findings = programs.flatMap((program: unknown) => (isObject(program) && Array.isArray(program["findings"]) ? (program["findings"] as unknown[]) : []));
  return ok({ origin, findings: findings.flatMap((finding, i) => (isRecorded(finding) ? [{ ...finding, number: i + 1 }] : [])) });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
/** No word of a command line holds a NUL: the system would refuse it, in words of its own. */
const isWord = (value: unknown): boolean => typeof value === "string" && !value.includes("\0");
const isWordOrNone = (value: unknown): boolean => value === undefined || isWord(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isWord);

const isOrigin = (value: unknown): value is ExaminationOrigin =>
  isObject(value) && (value["command"] === "run" || value["command"] === "test") && isTexts(value["packages"]) && isTexts(value["args"]) &&
  ["unpark", "goVersion", "tags", "horizon", "runner", "run", "skip", "count"].every((key) => isWordOrNone(value[key])) && (value["short"] === undefined || typeof value["short"] === "boolean") && (value["faults"] === undefined || Number.isSafeInteger(value["faults"])) && isCounts(value["packageFaults"]);

const isCounts = (value: unknown): boolean => value === undefined || (isObject(value) && Object.values(value).every((one) => Number.isSafeInteger(one)));

const isRecorded = (value: unknown): value is RecordedFinding =>
  isObject(value) && isWord(value["schedule"]) && isWord(value["package"]) && isWordOrNone(value["test"]) && isWordOrNone(value["program"]) && VERDICTS.some((verdict) => verdict === value["verdict"]);
