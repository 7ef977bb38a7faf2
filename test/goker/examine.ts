import { optional } from "../../src/base/optional.js";
import { findings } from "../../src/diagnose/run/findings.js";
import { explore } from "../../src/explore/explorer.js";
import type { Found } from "../../src/explore/exploration.js";
import { strategyNamed } from "../../src/explore/strategies/registry.js";
import { replay } from "../../src/explore/replay-schedule.js";
import { DEFAULT_CLOCK } from "../../src/explore/fairness.js";
import type { RunEnd, Strategy } from "../../src/explore/strategy.js";
import type { Coverage } from "../../src/model/results/examination.js";
import type { Finding } from "../../src/model/finding/finding.js";
import type { Program } from "../../src/model/run/program.js";
import { formatSchedule } from "../../src/model/run/schedule.js";
import type { Goroutine } from "../../src/model/goroutine/snapshot.js";
import type { Stack } from "../../src/model/goroutine/stack.js";

export interface ExamineOptions {
  readonly seed: number;
  /** Until the first documented leak: at most so many milliseconds. */
  readonly budget: number;
  /** At most so many runs. Default: no limit. */
  readonly schedules?: number;
  /** A run's limit; by default the explorer's own. What leaked before it is proved by reachability all the same. */
  readonly steps?: number;
  /** By its name in the registry. Default: the portfolio that users get. */
  readonly strategy?: string;
  /** For the other leaks documented for the kernel: so many runs more. */
  readonly more: number;
}

function strategyOf({ strategy, seed }: ExamineOptions): Strategy | undefined {
  if (strategy === undefined) return undefined;
  const named = strategyNamed(strategy);
  if (!named.ok) throw new Error(named.error);
  return named.value.make({ seed, clock: DEFAULT_CLOCK });
}

/** One kernel, explored. */
export interface Examination {
  readonly kernel: string;
  readonly seed: number;
  readonly first: Sighting | undefined;
  /** For each documented leak, in the order of Go's test: the run that showed it first, counted from 1. */
  readonly documented: readonly { readonly pattern: string; readonly run: number | undefined }[];
  /** Leaks that the collection proved and that are not documented, as `function(...) [wait reason]`. */
  readonly others: readonly string[];
  /** How many runs ended how. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly runs: number;
  /** Runs that were given up, for they would have repeated others. */
  readonly redundant: number;
  readonly milliseconds: number;
  readonly coverage: Coverage;
  readonly diverged: string | undefined;
}

/** A documented leak, and what its replay said. */
export interface Sighting {
  readonly leak: string;
  readonly run: number;
  readonly milliseconds: number;
  readonly strategy: string;
  readonly schedule: string;
  readonly steps: number;
  /** The replayed run shows the same leak, and diagnosis calls it `leaked`. */
  readonly replayed: boolean;
  readonly cause: string;
}

export async function examine(program: Program, kernel: string, documented: readonly RegExp[], options: ExamineOptions): Promise<Examination> {
  const outcomes: Record<string, number> = {};
  let firstAt: number | undefined;
  let runs = 0;
  const missing = new Set(documented.keys());
  const judge = (end: RunEnd): readonly { readonly key: string; readonly value: string }[] => {
    runs++;
    const kind = end.outcome?.kind ?? (typeof end.stopped === "string" ? end.stopped : "diverged");
    outcomes[kind] = (outcomes[kind] ?? 0) + 1;
    if (end.outcome === undefined || !mayLeak(end)) return [];
    const leaks = leaksOf(end).map((leak) => ({ value: leak, index: documented.findIndex((pattern) => pattern.test(leak)) }));
    for (const { index } of leaks) {
      if (index < 0) continue;
      missing.delete(index);
      firstAt ??= runs;
    }
    return leaks.map(({ value, index }) => ({ key: index < 0 ? value : `#${index}`, value }));
  };
  const stop = new AbortController();
  const judging = (end: RunEnd): ReturnType<typeof judge> => {
    const judged = judge(end);
    if (firstAt !== undefined && (missing.size === 0 || runs >= firstAt + options.more)) stop.abort();
    return judged;
  };
  const exploration = await explore(program, { seed: options.seed, budget: options.budget, signal: stop.signal, ...optional({ strategy: strategyOf(options), steps: options.steps, schedules: options.schedules }) }, judging);
  const found = new Map(exploration.found.map((one) => [one.key, one]));
  const first = exploration.found.find(({ key }) => key.startsWith("#"));
  return {
    kernel,
    seed: options.seed,
    first: first && (await sighting(program, first, documented[Number(first.key.slice(1))]!)),
    documented: documented.map((pattern, index) => ({ pattern: pattern.source, run: found.get(`#${index}`)?.run })),
    others: exploration.found.filter(({ key }) => !key.startsWith("#")).map(({ key }) => key),
    outcomes,
    runs: exploration.runs,
    redundant: exploration.redundant,
    milliseconds: exploration.coverage.milliseconds,
    coverage: exploration.coverage,
    diverged: exploration.diverged?.message,
  };
}

/** Collecting costs more than a short run: not where everybody has ended or can go on. */
const mayLeak = ({ pending, outcome }: RunEnd): boolean =>
  pending.some((one) => one.goroutine !== "1" && one.alternatives.length === 0) || outcome?.kind === "horizon" || outcome?.kind === "runaway";

function leaksOf(end: RunEnd): readonly string[] {
  const snapshot = end.run.goroutines();
  if (snapshot instanceof Promise) throw new Error("a Go program answers at once");
  return [...new Set(snapshot.goroutines.filter(({ unreachable }) => unreachable === true).map(describe))];
}

/** In the words of Go's own test: the outermost function and the wait reason. */
const describe = ({ stack, waitReason }: Goroutine): string => `${outermost(stack)}(...) [${waitReason}]`;
const outermost = (stack: Stack): string => (stack.findLast((frame) => frame.function !== "runtime.goexit")?.function ?? "?").replace(/^(?:.*\/)?\w+\.(?=[\w(])/, "");

/** The schedule again, from its printed form's own choices, with stacks: is it the same leak, and what is its cause? */
async function sighting(program: Program, found: Found<string>, pattern: RegExp): Promise<Sighting> {
  const end = await replay(program, found.schedule, { trace: true });
  const snapshot = await end.run.goroutines();
  const trace = end.run.trace();
  const all: readonly Finding[] = end.outcome && trace ? findings(trace, snapshot, end.outcome, { closedWorld: false, lines: () => undefined }) : [];
  // The leak that is documented may be told as the consequence of another goroutine's.
  const each = all.flatMap((one) => [one, ...(one.consequences ?? []).map((consequence) => ({ ...one, ...consequence }))]);
  const finding = each.find(({ verdict, stack, blocked }) => verdict === "leaked" && pattern.test(`${outermost(stack)}(...) [${blocked.reason}]`));
  return {
    leak: found.value,
    run: found.run,
    milliseconds: found.milliseconds,
    strategy: found.strategy,
    schedule: formatSchedule(found.schedule),
    steps: found.schedule.length,
    replayed: finding !== undefined,
    cause: finding?.cause ?? "-",
  };
}
