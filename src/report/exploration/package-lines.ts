import { REPLAYED, type Examination } from "../../model/results/examination.js";
import { counts, failsItself } from "../exit-code.js";
import { plain, type Style } from "../shared/style.js";
import { count, number } from "./verdict-words.js";
import { columnWidths } from "../shared/column-widths.js";

/** Milliseconds that a person waited, where it is known: for each package, and for all. */
export interface Waited {
  readonly packages: ReadonlyMap<string, number>;
  readonly whole: number;
}

/** One line for each package, as `go test` has them: verdict, path, how much was explored, seconds. */
export function packageLines(examinations: readonly Examination[], options: { readonly strict: boolean; readonly style?: Style; /** Programs, not tests. */ readonly isRun?: boolean; readonly waited?: Waited | undefined }): readonly string[] {
  const packages = [...new Set(examinations.map((one) => one.package))];
  const all = packages.map((path) => row(path, examinations.filter((one) => one.package === path), options));
  // go test has said of each package already how it ended, where nothing was explored.
  const rows = examinations.every(({ coverage }) => coverage.native) ? all.filter(({ mark }) => mark !== "ok") : all;
  const widths = columnWidths(rows.map(({ cells }) => cells), 2);
  return rows.map(({ mark, cells }) => {
    const [path, explored, time] = cells as [string, string, string];
    return `${paint(mark, options.style ?? plain)} ${path.padEnd(widths[0]!)}  ${explored.padEnd(widths[1]!)}  ${time}`.trimEnd();
  });
}

interface Row {
  readonly mark: "ok" | "FAIL" | "?";
  readonly cells: readonly [path: string, explored: string, time: string];
}

function row(path: string, own: readonly Examination[], { strict, isRun = false, waited }: { readonly strict: boolean; readonly isRun?: boolean; readonly waited?: Waited | undefined }): Row {
  const explored = own.filter(({ coverage }) => !coverage.native);
  const open = own.every(({ outcome }) => outcome === "no verdict");
  const fails = own.some((one) => failsItself(one) || one.findings.some((finding) => counts(finding, strict)));
  // As go test says of a result that was kept.
  const cached = explored.length > 0 && explored.every(({ coverage }) => coverage.cached);
  const time = cached ? "(cached)" : `${(millisecondsOf(own, waited?.packages.get(path)) / 1000).toFixed(1)}s`;
  if (open) return { mark: "?", cells: [path, `[${[...new Set(own.flatMap(({ limits }) => limits))].join("; ")}]`, ""] };
  return { mark: fails ? "FAIL" : "ok", cells: [path, explored.length === 0 ? nativeWords(own) : exploredWords(explored, isRun), time] };
}

/** Of all tests together, or what was waited for them and for the native run, if that is less. */
function millisecondsOf(own: readonly Examination[], waited: number | undefined): number {
  const together = own.reduce((sum, { coverage }) => sum + coverage.milliseconds, 0);
  return waited === undefined ? together : Math.min(together, Math.max(waited, ...own.map(({ coverage }) => (coverage.native ? coverage.milliseconds : 0))));
}

/** What stands in the lines of packages that have no verdict at all: it need not be said again. */
export const limitsInLines = (examinations: readonly Examination[]): ReadonlySet<string> => {
  const open = (path: string): boolean => examinations.every((one) => one.package !== path || one.outcome === "no verdict");
  return new Set(examinations.filter((one) => open(one.package)).flatMap(({ limits }) => limits));
};

const nativeWords = (own: readonly Examination[]): string => {
  const runs = Math.max(...own.map(({ coverage }) => coverage.schedules));
  return runs <= 1 ? "native run" : `${number(runs)} native runs of each test`;
};

/** `12 tests, all explored completely`; of one program also how many schedules that was. */
function exploredWords(own: readonly Examination[], isRun: boolean): string {
  if (own.every(({ coverage }) => coverage.stoppedBy === REPLAYED)) return "replayed";
  const complete = own.filter(({ coverage }) => coverage.complete).length;
  const [only] = own;
  const what = own.length === 1 && (isRun || only!.name === only!.package) ? "" : `${count(own.length, isRun ? "program" : "test")}, `;
  if (own.length === 1) return `${what}${scheduleWords(only!)}${exitWords(only!)}`;
  return `${what}${complete === own.length ? "all explored completely" : `${complete} explored completely`}`;
}

/** A main ends as it likes; that it did not end well is said. */
const exitWords = ({ name, package: path, outcome }: Examination): string => (name === path && /^exit [1-9]/.test(outcome) ? `; ${outcome.replace("exit", "exit status")} in its natural schedule` : "");

/** `explored completely (1 schedule)`, or how many were tried and what ended it. */
export function scheduleWords({ coverage: { schedules, complete, stoppedBy } }: Examination): string {
  const many = count(schedules, "schedule");
  return complete ? `explored completely (${many})` : `${many}; ${endWords(stoppedBy)}`;
}

/** What ended an exploration, in a few words. */
export function endWords(stoppedBy: string | undefined): string {
  if (stoppedBy === undefined) return "the search does not try every schedule";
  if (stoppedBy.startsWith("time")) return "the budget ended (--budget)";
  if (stoppedBy.startsWith("total time")) return "the total time ended (--total)";
  if (stoppedBy.startsWith("schedules")) return "the limit of schedules was reached (--schedules)";
  return stoppedBy;
}

const paint = (mark: Row["mark"], { bad, good, note }: Style): string =>
  (mark === "ok" ? good : mark === "FAIL" ? bad : note)(mark.padEnd(7));
