import { optional } from "../../base/optional.js";
import { SKIPPED, type Examination } from "../../model/results/examination.js";
import { isNote } from "../../model/finding/finding.js";
import { sameDefect } from "../../model/finding/finding-identity.js";
import type { LearnedTest } from "../../model/results/learned.js";
import { findingWords } from "../../report/soak/text.js";

/**
 * Adds what a round brought; undefined where it brought nothing: a test that was left out, or a result that was known.
 *
 * Of fewer schedules than before it is another build: what was known of the earlier one is no longer true.
 * What was interrupted is not kept with the results either (K3): of it only findings count.
 */
export function learn(before: LearnedTest | undefined, examination: Examination, at: number): LearnedTest | undefined {
  const { name, package: path, coverage } = examination;
  const interrupted = coverage.stoppedBy === "interrupted";
  if (coverage.stoppedBy === SKIPPED || (coverage.cached && before !== undefined && coverage.schedules === before.schedules)) return undefined;
  const known = before !== undefined && (interrupted || coverage.complete || coverage.schedules >= before.schedules) ? before : NOTHING;
  const { schedules, milliseconds, depth } = interrupted ? known : { ...coverage, depth: Math.max(known.depth, coverage.depth) };
  const seen = new Set(known.findings.map(({ id }) => id));
  const fresh = examination.findings.filter((one) => !isNote(one) && !seen.has(sameDefect(one))).map((one) => ({ id: sameDefect(one), words: findingWords(one), at, schedules }));
  if (interrupted && fresh.length === 0) return undefined;
  const choices = interrupted || coverage.pairs === undefined ? known.choices : choicesOf(coverage.pairs);
  const news = fresh.length + Number(depth > known.depth) + Number(sizeOf(choices) > sizeOf(known.choices));
  return {
    package: path, name, at, rounds: known.rounds + 1, schedules, milliseconds, depth,
    complete: interrupted ? known.complete : coverage.complete,
    ...optional({ choices }),
    findings: [...known.findings, ...fresh],
    news: known.news + news, newAt: news > 0 ? { schedules, milliseconds } : known.newAt,
  };
}

const choicesOf = (pairs: readonly string[]): NonNullable<LearnedTest["choices"]> => ({ pairs: pairs.length, both: pairs.filter((name) => name.endsWith("+")).length });

const sizeOf = (choices: LearnedTest["choices"]): number => (choices === undefined ? 0 : choices.pairs + choices.both);

const NOTHING: Omit<LearnedTest, "package" | "name" | "at"> = { rounds: 0, schedules: 0, milliseconds: 0, depth: 0, complete: false, findings: [], news: 0, newAt: { schedules: 0, milliseconds: 0 } };

/** Milliseconds that nothing new was seen in. */
const quiet = ({ milliseconds, newAt }: LearnedTest): number => milliseconds - newAt.milliseconds;

interface NextRound {
  /** Top-level tests that are left out of it, by package and name. */
  readonly rest: readonly LearnedTest[];
  /** Milliseconds for each of the others. */
  readonly budget: number;
}

/**
 * Deepest where least is known: of the tests that are not complete the third (as many as there are threads, at least) in which the least time
 * has gone by since something new was seen, each for as long again. Undefined where all are complete.
 */
export function nextRound(tests: readonly LearnedTest[], threads: number, base: number): NextRound | undefined {
  const open = new Map<string, number>();
  for (const one of tests) if (!one.complete) open.set(topOf(one), Math.min(open.get(topOf(one)) ?? Infinity, quiet(one)));
  const order = [...open].sort((a, b) => a[1] - b[1]);
  const chosen = order.slice(0, Math.max(threads, Math.ceil(order.length / 3)));
  const last = chosen.at(-1);
  if (last === undefined) return undefined;
  const names = new Set(chosen.map(([name]) => name));
  return { rest: tests.filter((one) => !one.name.includes("/") && !names.has(topOf(one))), budget: Math.min(MOST, Math.max(base, last[1])) };
}

/** Milliseconds: a longer round would keep what it learned to itself for longer. */
const MOST = 600_000;

const topOf = ({ package: path, name }: LearnedTest): string => `${path} ${name.split("/")[0]!}`;
