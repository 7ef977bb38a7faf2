import { shortSymbol } from "../../model/source/blame.js";
import { BY_SUBTESTS, REPLAYED, type Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { LastReport } from "../../model/results/last-report.js";
import { count, number } from "../exploration/verdict-words.js";

interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * What is recorded of the goroutines that one `go` statement started, a sentence each; none where nothing is.
 * H1. Of the natural schedule the trace says which goroutines ended. Of the others only what was left at their ends is
 *     recorded: so it is "none was left", and that only where every goroutine left would have been reported.
 * H2. That is not so where runs panic, fail, hang or are cut off (what is left then is not judged), where something could
 *     not be explored, and of a main, whose return cuts goroutines short in each schedule otherwise.
 */
export function goStatementWords({ report, accepted }: LastReport, place: Place): readonly string[] {
  const explored = report.examinations.filter(({ coverage }) => coverage.native !== true);
  const tests = explored.filter((one) => statementAt(one, place) !== undefined && leftAt(one, place).length === 0);
  const clear = tests.filter((one) => judgesAll(one) && statementAt(one, place)!.started === statementAt(one, place)!.ended);
  return [
    ...explored.flatMap((one) => leftAt(one, place).map((finding) => leftWords(one, finding))),
    ...(accepted.includes(`${place.file}:${place.line}`) ? ["What is found of it is accepted (a comment, the ignore list or the baseline)."] : []),
    ...(clear.length === 0 ? [] : [noneLeft(clear)]),
    ...tests.filter((one) => !clear.includes(one)).map((one) => naturally(one, place)),
  ];
}

const statementAt = ({ goStatements = [] }: Examination, { file, line }: Place) => goStatements.find((one) => one.file === file && one.line === line);

const startedAt = ({ createdBy }: Pick<Finding, "createdBy">, { file, line }: Place): boolean => createdBy !== undefined && createdBy.file === file && createdBy.line === line;

/** What it started, or waits for what it started. */
const leftAt = ({ findings }: Examination, place: Place): readonly Finding[] => findings.filter((one) => startedAt(one, place) || (one.consequences ?? []).some((other) => startedAt(other, place)));

const NOT_JUDGED: ReadonlySet<string> = new Set(["panics", "flaky", "deadlock", "runaway", "waiting-outside", "cut-short"]);

/** H2 */
const judgesAll = ({ name, package: path, outcome, limits, findings, coverage }: Examination): boolean =>
  name !== path && outcome === "passed" && limits.length === 0 && ![REPLAYED, BY_SUBTESTS].includes(coverage.stoppedBy ?? "") && !findings.some(({ verdict }) => NOT_JUDGED.has(verdict));

const nameOf = ({ name, package: path }: Pick<Examination, "name" | "package">): string => (name === path ? "main" : name);

function leftWords(one: Examination, { verdict, blocked, seen, goroutines }: Finding): string {
  const often = seen === undefined ? "" : seen >= one.coverage.schedules ? (seen === 1 ? ` in the one schedule of ${nameOf(one)}` : ` in every schedule of ${nameOf(one)} that was tried`) : ` in ${number(seen)} of ${count(one.coverage.schedules, "schedule")} of ${nameOf(one)}`;
  return `${verdict}: ${count(goroutines, "goroutine")}${often}: ${blocked.reason} in ${shortSymbol(blocked.function)}, line ${blocked.line}.`;
}

/** H1 */
function noneLeft(clear: readonly Examination[]): string {
  const schedules = clear.reduce((sum, { coverage }) => sum + coverage.schedules, 0);
  const open = clear.filter(({ coverage }) => !coverage.complete);
  const bounds = [...new Set(clear.flatMap(({ coverage }) => coverage.bounds))];
  const of = clear.length === 1 ? nameOf(clear[0]!) : count(clear.length, "test");
  const head = `No goroutine started here was left in ${schedules === 1 ? "the one schedule" : `any of ${number(schedules)} schedules`} of ${of}`;
  if (open.length === 0) return `${head}: ${schedules === 1 ? "no other differs" : "all that differ"}${bounds.length > 0 ? `, within ${bounds.join(", ")}` : ""}.`;
  return `${head}; not all that differ were tried${open.length < clear.length ? ` of ${count(open.length, "test")}` : ""}.`;
}

function naturally(one: Examination, place: Place): string {
  const { started, ended } = statementAt(one, place)!;
  return `In the natural schedule of ${nameOf(one)} ${ended === started ? (started === 1 ? "the goroutine started here ended" : `all ${started} goroutines started here ended`) : `${ended} of ${count(started, "goroutine")} started here had ended when it was over`}; of its other schedules it is not recorded.`;
}
