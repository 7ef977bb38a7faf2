import { BY_SUBTESTS, ONLY_NATIVELY, REPLAYED, type Coverage, type Examination } from "../../model/results/examination.js";
import { endWords } from "./package-lines.js";
import { count, number, seconds } from "./verdict-words.js";

/** How much was tried, in one sentence: all, or not all. For forms that have a field for each program. */
export function covered(coverage: Coverage): string {
  const { schedules, complete, bounds, repeated = 0, milliseconds, native, stoppedBy, cached } = coverage;
  const took = cached ? "cached" : seconds(milliseconds);
  if (native) return `${schedules === 1 ? "one native run" : `${number(schedules)} native runs of each test`} (${seconds(milliseconds)})`;
  if (stoppedBy === REPLAYED) return "the schedule that was replayed";
  const within = bounds.length > 0 ? `; bounds: ${bounds.join(", ")}` : "";
  const many = count(schedules, "schedule");
  const given = repeated > MANY_REPEATED * (schedules + repeated) ? `; ${count(repeated, "run")} more ${repeated === 1 ? "was" : "were"} given up on the way, for ${repeated === 1 ? "it" : "they"} would have repeated another` : "";
  return complete ? `explored completely (${many}, ${took}${within}${given})` : `${many}; ${endWords(stoppedBy)} (${took}${within}${given})`;
}

/** The share of runs that are given up which is worth saying. */
const MANY_REPEATED = 0.1;

/** `21 tests in 2 packages: 17 explored completely, 4 until the budget ended (--budget).` */
export function exploredTotal(explored: readonly Examination[], all: readonly Examination[], noun: string, waited = Infinity): string {
  const complete = explored.filter(({ coverage }) => coverage.complete).length;
  const ends = new Map<string, number>();
  for (const { coverage } of explored) if (!coverage.complete) ends.set(endWords(coverage.stoppedBy), (ends.get(endWords(coverage.stoppedBy)) ?? 0) + 1);
  const rest = [...ends].map(([why, many]) => (why === BY_SUBTESTS ? `${many} by ${many === 1 ? "its" : "their"} subtests` : /^the (budget|total time) ended/.test(why) ? `${many} until ${why}` : `${many} not: ${why}`));
  const packages = new Set(explored.map((one) => one.package)).size;
  const sum = (of: (coverage: Coverage) => number): number => explored.reduce((total, { coverage }) => total + of(coverage), 0);
  const bounds = [...new Set(explored.flatMap(({ coverage }) => coverage.bounds))];
  const native = nativelyToo(explored, all);
  const only = all.flatMap(({ limits, package: path }) => limits.filter((limit) => limit.startsWith(ONLY_NATIVELY) && !limit.startsWith(`${ONLY_NATIVELY}${path} `))).length;
  return (
    `${count(explored.length, noun)}${noun === "test" ? ` in ${count(packages, "package")}` : ""}: ${[`${complete} explored completely`, ...rest, ...(only > 0 ? [`${only} more natively only`] : [])].join(", ")} ` +
    `(${number(sum(({ schedules }) => schedules))} ${sum(({ schedules }) => schedules) === 1 ? "schedule" : "schedules"}, ${seconds(Math.min(waited, sum(({ milliseconds, cached }) => (cached ? 0 : milliseconds))))}${native}).` +
    (bounds.length > 0 ? ` Bounds: ${bounds.join(", ")}.` : "")
  );
}

/** Of how many tests the package was run natively to its end, and how often (-count). Where the total time was over before, that is not all of them. */
function nativelyToo(explored: readonly Examination[], all: readonly Examination[]): string {
  const runs = new Map(all.flatMap((one) => (one.coverage.native && one.outcome !== "no verdict" ? [[one.package, one.coverage.schedules] as const] : [])));
  const done = explored.filter((one) => runs.has(one.package)).length;
  if (done === 0) return "";
  const often = Math.max(...runs.values());
  return `; ${done === explored.length ? "all" : number(done)} of them ${often > 1 ? `${number(often)} times` : "once"} natively, too`;
}

/** What programs are called: of a native run each is a package. */
export const nounOf = (programs: readonly Examination[]): string => (programs.every(({ coverage }) => coverage.native) ? "package" : programs.some(({ name, package: path, coverage }) => name === path && !coverage.native) ? "program" : "test");
