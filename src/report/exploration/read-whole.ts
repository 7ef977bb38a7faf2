import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { Coverage, Examination, Failure, Report } from "../../model/results/examination.js";
import { CAUSES } from "../../model/finding/cause.js";
import { VERDICTS } from "../../model/finding/finding.js";
import { REPORT_SCHEMA } from "./json.js";
import { readReport } from "./read-json.js";

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === "string";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const maybe = (is: (value: unknown) => boolean) => (value: unknown): boolean => value === undefined || is(value);
const listOf = (is: (value: unknown) => boolean) => (value: unknown): boolean => Array.isArray(value) && value.every(is);
const has = (shape: Shape) => (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.entries(shape).every(([key, is]) => is((value as Readonly<Record<string, unknown>>)[key]));

const isCause = (value: unknown): boolean => CAUSES.some((cause) => cause === value);
const isVerdict = (value: unknown): boolean => VERDICTS.some((verdict) => verdict === value);
const FRAME = has({ function: isText, file: isText, line: isNumber });
const BLOCKED = has({ reason: isText, function: isText, file: isText, line: isNumber });
const STEP = has({ number: maybe(isNumber), goroutine: maybe(isText), text: isText, function: maybe(isText), file: maybe(isText), line: maybe(isNumber), source: maybe(isText), key: maybe(isFlag) });
const PLACE: Shape = { verdict: isVerdict, blocked: BLOCKED, stack: listOf(FRAME), createdBy: maybe(FRAME), goroutines: isNumber, testCode: maybe(isFlag) };
const FINDING = has({
  ...PLACE, calledFrom: maybe(FRAME), cause: isCause, evidence: listOf(isText), unreachable: maybe(isFlag), message: maybe(isText), package: maybe(isText), test: maybe(isText), scope: maybe(isText),
  schedule: maybe(isText), steps: maybe(listOf(STEP)), consequences: maybe(listOf(has({ ...PLACE, why: isText }))), seen: maybe(isNumber), natively: maybe(isFlag), needsStall: maybe(isFlag), needsLongStall: maybe(isFlag), afterFailure: maybe(isFlag), leftOut: maybe(isFlag), needsFault: maybe(isFlag), severity: maybe((value) => value === "error" || value === "note"), program: maybe(isText),
  contrast: maybe(has({ schedule: isText, steps: listOf(STEP), partsAt: isNumber, here: STEP, there: STEP })),
});
const PROGRAM: Shape = {
  name: isText, package: isText, outcome: isText, schedules: isNumber, complete: isFlag, bounds: listOf(isText), native: maybe(isFlag), cached: maybe(isFlag), stoppedBy: maybe(isText),
  depth: isNumber, repeated: maybe(isNumber), milliseconds: isNumber, limits: listOf(isText), output: maybe(isText), steps: maybe(listOf(STEP)), subtests: maybe(listOf(isText)), goStatements: maybe(listOf(has({ function: isText, file: isText, line: isNumber, started: isNumber, ended: isNumber }))), findings: listOf(FINDING),
};

/** A program of the JSON form: an Examination whose coverage lies open (json.ts). */
type ProgramValue = Omit<Examination, "coverage"> & Coverage;

/** Is it all that the forms of a report need? Of a value that was written before, by this Unpark. */
export function isExamination(value: unknown): value is Examination {
  const { coverage } = (value ?? {}) as { readonly coverage?: unknown };
  return typeof coverage === "object" && coverage !== null && has(PROGRAM)({ ...(value as object), ...coverage });
}

/** Reads a whole `--json` report back, for a report of several; the error says what of it is damaged. */
export function readWholeReport(text: string): Result<Report, string> {
  const head = readReport(text);
  if (!head.ok) return isEmpty(text) ? ok({ examinations: [], failures: [] }) : head;
  const { programs, failures, leftOut } = JSON.parse(text) as { readonly programs: readonly unknown[]; readonly failures?: unknown; readonly leftOut?: unknown };
  if (!maybe(isNumber)(leftOut)) return err("its 'leftOut' is no number");
  if (!listOf(has({ package: isText, test: maybe(isText), message: isText }))(failures)) return err("its 'failures' are no list of failures");
  for (const [i, program] of programs.entries()) {
    const wrong = typeof program === "object" && program !== null ? Object.entries(PROGRAM).find(([key, is]) => !is((program as Readonly<Record<string, unknown>>)[key])) : ["itself"];
    if (wrong !== undefined) return err(`'${wrong[0]}' of its program ${i + 1} is not as docs/report.schema.json has it`);
  }
  return ok({ origin: head.value.origin, examinations: (programs as readonly ProgramValue[]).map(examinationOf), failures: failures as readonly Failure[], ...(leftOut === undefined ? {} : { leftOut: leftOut as number }) });
}

/** A part to which no package fell says of no run what it was. */
function isEmpty(text: string): boolean {
  try {
    return has({ schema: (value) => value === REPORT_SCHEMA, origin: (value) => value === undefined, programs: isNone, failures: isNone })(JSON.parse(text));
  } catch {
    return false;
  }
}

const isNone = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function examinationOf({ schedules, complete, bounds, stoppedBy, depth, repeated, milliseconds, native, cached, ...rest }: ProgramValue): Examination {
  return { ...rest, coverage: { schedules, complete, bounds, depth, milliseconds, ...optional({ stoppedBy, repeated, native, cached }) } };
}

/** One report of several: of the parts of one run. What the parts were asked for must be the same but for the packages. */
export function mergeReports(reports: readonly { readonly name: string; readonly report: Report }[]): Result<Report, string> {
  const [first, ...rest] = reports.filter(({ report }) => report.origin !== undefined);
  if (first === undefined) return ok({ examinations: [], failures: [] });
  const askedOf = ({ origin }: Report): string => JSON.stringify({ ...origin, packages: [], packageFaults: undefined });
  const other = rest.find(({ report }) => askedOf(report) !== askedOf(first.report));
  if (other !== undefined) return err(`${other.name} is not of the same run as ${first.name}: command, versions and flags must be the same`);
  const owner = new Map<string, string>();
  for (const { name, report } of reports) {
    for (const program of report.examinations) {
      const key = JSON.stringify([program.package, program.name, program.coverage.native]);
      const before = owner.get(key);
      if (before !== undefined) return err(`${program.name} of ${program.package} is in ${before} and in ${name}: they are no parts of one run`);
      owner.set(key, name);
    }
  }
  const packages = [...new Set(reports.flatMap(({ report }) => report.origin?.packages ?? []))];
  const failures = new Map(reports.flatMap(({ report }) => report.failures.map((failure) => [JSON.stringify(failure), failure] as const)));
  const packageFaults = Object.assign({}, ...reports.map(({ report }) => report.origin?.packageFaults)) as Readonly<Record<string, number>>;
  const origin = first.report.origin === undefined ? undefined : { ...first.report.origin, packages, ...(Object.keys(packageFaults).length === 0 ? {} : { packageFaults }) };
  const leftOut = reports.reduce((sum, { report }) => sum + (report.leftOut ?? 0), 0);
  return ok({ ...optional({ origin }), ...(leftOut === 0 ? {} : { leftOut }), examinations: reports.flatMap(({ report }) => report.examinations), failures: [...failures.values()] });
}

