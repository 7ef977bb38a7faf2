// How many schedules, and how long, each strategy needs to the first documented leak of each GoKer kernel (one copy).
// Writes docs/goker-strategies.md. What the reduced search alone finds is also a test of the reduction: it may not miss
// a leak that another finds, unless its budget ended first.
//   node scripts/goker-strategies.mjs [--budget 3000] [--seed 1] [--workers 2] [--print]
import { writeFileSync } from "node:fs";
import { commandLine, machine, median, ms, openPool, openSuite, table } from "./goker-pool.mjs";

const { words, flag, option } = commandLine();
const budget = Number(option("--budget", "3000"));
const seed = Number(option("--seed", "1"));
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
await pool.close();

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

Kernels that the reduced search calls complete and another strategy finds a leak in: ${wrong.length === 0 ? "none" : wrong.join(", ")}.

${table(["kernel", ...STRATEGIES], kernels.map((kernel) => [kernel, ...STRATEGIES.map((strategy) => cell(kernel, strategy))]))}
`;
if (print) console.log(page);
else writeFileSync(new URL("../docs/goker-strategies.md", import.meta.url), page);
process.exit(wrong.length === 0 ? 0 : 1);
