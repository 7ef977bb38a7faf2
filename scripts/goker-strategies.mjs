// How many schedules, and how long, each strategy needs to the first documented leak of each GoKer kernel (one copy).
// Writes docs/goker-strategies.md. What the reduced search alone finds is also a test of the reduction: it may not miss
// a leak that another finds, unless its budget ended first.
// With --seeds N those that draw, and the portfolio, also run 100 schedules with each of the seeds 1 to N.
//   node scripts/goker-strategies.mjs [--budget 3000] [--seed 1] [--seeds 10] [--workers 2] [--print]
import { writeFileSync } from "node:fs";
import { commandLine, machine, median, ms, openPool, openSuite, table } from "./goker-pool.mjs";

const { words, flag, option } = commandLine();
const budget = Number(option("--budget", "3000"));
const seed = Number(option("--seed", "1"));
const seeds = Number(option("--seeds", "10"));
const print = flag("--print");
const { STRATEGIES: registered } = await import("../dist/src/explore/strategies/registry.js");
const STRATEGIES = registered.map(({ name }) => name);

const opened = await openSuite();
const pool = await openPool(opened, { oneCopy: true, ending: "nothing" }, Number(option("--workers", "2")));
const kernels = opened.suite.kernels.map(({ name }) => name).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
const results = new Map();
for (const strategy of STRATEGIES) {
  await pool.run(
    kernels.map((kernel) => ({ kernel, options: { seed, budget, more: 0, strategy } })),
    ({ kernel }, examination) => results.set(`${kernel} ${strategy}`, examination),
  );
  console.error(`${strategy}: ${kernels.filter((kernel) => results.get(`${kernel} ${strategy}`).first).length} of ${kernels.length}`);
}

/** What each seed finds in the first schedules, without a limit of time that matters. */
const FIRST = 100;
const early = new Map();
for (const { name: strategy, kind } of registered.filter(({ name, kind }) => kind === "draws" || name === "portfolio")) {
  const runs = [];
  early.set(strategy, runs);
  await pool.run(
    Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) => kernels.map((kernel) => ({ kernel, options: { seed, budget: 60_000, schedules: FIRST, more: 0, strategy } }))),
    ({ kernel, options }, { first }) => runs.push({ kernel, seed: options.seed, run: first?.run }),
  );
  console.error(`${strategy} (${kind}): ${runs.filter(({ run }) => run <= FIRST).length} of ${runs.length} in the first ${FIRST}`);
}

/** Runs of the reduced search that are given up, because all that could go on would repeat others (sleep sets). */
const MOST = 2000;
const given = [];
await pool.run(
  kernels.map((kernel) => ({ kernel, documented: [], options: { seed, budget: 10_000, schedules: MOST, more: 0, strategy: "reduced" } })),
  ({ kernel }, { runs, redundant, coverage }) => given.push({ kernel, runs, redundant, complete: coverage.complete }),
);
await pool.close();
const total = (rows, of) => rows.reduce((sum, row) => sum + row[of], 0);
const many = given.filter(({ runs, redundant }) => redundant * 10 > runs).toSorted((a, b) => a.kernel.localeCompare(b.kernel));

function earlyRow([strategy, runs]) {
  const found = runs.filter(({ run }) => run <= FIRST);
  const missed = new Set(runs.filter(({ run }) => !(run <= FIRST)).map(({ kernel }) => kernel));
  const sum = runs.reduce((total, { run }) => total + Math.min(run ?? FIRST, FIRST), 0);
  return [strategy, `${found.length} of ${runs.length}`, sum, [...missed].map((kernel) => `${kernel} (${runs.filter((one) => one.kernel === kernel && one.run <= FIRST).length} of ${seeds})`).join(", ") || "none"];
}

function cell(kernel, strategy) {
  const { first, coverage, runs } = results.get(`${kernel} ${strategy}`);
  if (first) return `${first.run} (${ms(first.milliseconds)} ms)`;
  return coverage.complete ? `none in all ${coverage.schedules}` : `– in ${runs}`;
}

const all = (strategy) => kernels.map((kernel) => results.get(`${kernel} ${strategy}`)).filter(({ first }) => first).map(({ first }) => first);
const summary = STRATEGIES.map((strategy) => {
  const found = all(strategy);
  const runs = found.map(({ run }) => run);
  const times = found.map(({ milliseconds }) => milliseconds);
  return [strategy, `${found.length} of ${kernels.length}`, median(runs), Math.max(...runs), ms(median(times)), ms(Math.max(...times)), ms(times.reduce((a, b) => a + b, 0))];
});
const wrong = kernels.filter((kernel) => {
  const { first, coverage } = results.get(`${kernel} reduced`);
  return !first && coverage.complete && STRATEGIES.some((strategy) => results.get(`${kernel} ${strategy}`).first);
});

const page = `# Strategies on GoKer

Written by \`node scripts/goker-strategies.mjs\`; do not edit. Go ${opened.toolchain.version.text}, Node ${process.versions.node}, ${machine()}. Seed ${seed}, at most ${budget} ms for
each kernel and strategy (the long runs of the portfolio may go beyond); one copy of each kernel. A cell: schedules until the first
documented leak, and milliseconds; "– in n": not found in n schedules; "none in all n": complete, and no leak.
${kernels.length - 1} kernels and one variant (docs/goker.md).

${table(["strategy", "found", "schedules, median", "most", "ms, median", "most", "sum"], summary)}

In the first ${FIRST} schedules, with the seeds 1 to ${seeds} each, without a limit of time: how many of the kernels and seeds show a documented leak;
schedules until then (${FIRST} where there was none), all together; and the kernels that some seed misses.

${table(["strategy", "found", "schedules", "missed by some seed"], [...early].map(earlyRow))}

Of the first ${MOST} runs of the reduced search on each kernel (10 s at most) ${total(given, "redundant")} of ${total(given, "runs")} were given up, because all that could go on was asleep;
${given.filter(({ complete }) => complete).length} kernels are complete within them. Kernels in which more than a tenth were: ${many.map(({ kernel, runs, redundant }) => `${kernel} (${redundant} of ${runs})`).join(", ") || "none"}.

Kernels that the reduced search calls complete and another strategy finds a leak in: ${wrong.length === 0 ? "none" : wrong.join(", ")}.

${table(["kernel", ...STRATEGIES], kernels.map((kernel) => [kernel, ...STRATEGIES.map((strategy) => cell(kernel, strategy))]))}
`;
if (print) console.log(page);
else writeFileSync(new URL("../docs/goker-strategies.md", import.meta.url), page);
process.exit(wrong.length === 0 ? 0 : 1);
