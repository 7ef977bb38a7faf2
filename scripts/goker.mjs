// Every GoKer kernel of the Go distribution under Unpark: which documented leak is found, by which search, after how
// many schedules, in what time; replayed. Writes docs/goker.md (or docs/goker-shipped.md).
//   node scripts/goker.mjs [--form one|shipped] [--seeds 10] [--budget 20000] [--workers 2] [--steps 4000]
//     [--print] [words of kernels]
// Needs a Go that carries the kernels (1.26 or later) and a built dist/ (npm run build).
import { writeFileSync } from "node:fs";
import { commandLine, machine, median, ms, openPool, openSuite, table } from "./goker-pool.mjs";

const { words, flag, option } = commandLine();
const form = option("--form", "one");
const seeds = Number(option("--seeds", form === "one" ? "10" : "1"));
const budget = Number(option("--budget", form === "one" ? "20000" : "5000"));
/** As shipped, thousands of copies run side by side: what some of them leak shows before the others are done. */
const steps = form === "one" ? {} : { steps: Number(option("--steps", "4000")) };
const workers = Number(option("--workers", "2"));
const print = flag("--print");

const opened = await openSuite();
const { toolchain, suite } = opened;
const { VARIANTS } = await import("../dist/test/goker/variants.js");
const pool = await openPool(opened, form === "one" ? { oneCopy: true, ending: "nothing" } : { oneCopy: false, ending: "wait" }, workers);
const variants = new Map(VARIANTS.map(({ name, of }) => [name, of]));
const { copiesOf } = await import("../dist/test/goker/kernels.js");
/** Deciding who can go on looks at every goroutine: a run of 10,000 copies takes minutes. */
const MANY = 5_000;
const tooMany = form === "one" ? [] : suite.kernels.filter((kernel) => copiesOf(kernel) > MANY).map(({ name }) => name);
const kernels = suite.kernels.map(({ name }) => name).filter((name) => !tooMany.includes(name)).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
/** The one that takes longest goes first, so that no thread waits for it at the end. */
const order = (a, b) => Number(b === "Kubernetes58107") - Number(a === "Kubernetes58107");

/** All kernels with one seed. */
async function round(seed) {
  const results = new Map();
  const started = performance.now();
  const jobs = [...kernels].sort(order).map((kernel) => ({ kernel, options: { seed, budget, more: form === "one" ? 30 : 0, ...steps } }));
  await pool.run(jobs, ({ kernel }, examination) => {
    results.set(kernel, examination);
    if (form !== "one") console.error(`${kernel} ${examination.first ? "found" : "-"} ${examination.runs} runs ${examination.milliseconds} ms`);
  });
  return { seed, results, seconds: (performance.now() - started) / 1000 };
}

const rounds = [];
for (let seed = 1; seed <= seeds; seed++) {
  rounds.push(await round(seed));
  const { results, seconds } = rounds.at(-1);
  console.error(`seed ${seed}: ${[...results.values()].filter(({ first }) => first).length} of ${kernels.length} found, ${seconds.toFixed(1)} s`);
}
await pool.close();

// ---- the page

const own = kernels.filter((name) => !variants.has(name));
const foundIn = ({ results }, names) => names.filter((name) => results.get(name)?.first?.replayed);

function mainRow(kernel) {
  const { first, documented, others, coverage, runs, milliseconds } = rounds[0].results.get(kernel);
  const seen = `${documented.filter(({ run }) => run !== undefined).length} of ${documented.length}`;
  if (!first) {
    const how = coverage.complete ? `none: all ${coverage.schedules} schedules that differ were tried` : `not found (${coverage.stoppedBy})`;
    return [kernel, how, "", runs, ms(milliseconds), "", seen, "", ""];
  }
  return [kernel, `\`${first.leak}\``, first.strategy, first.run, ms(first.milliseconds), first.steps, seen, first.cause, first.replayed ? "yes" : "NO", others.length ? others.map((leak) => `\`${leak}\``).join(" ") : ""];
}

function seedRow(kernel) {
  const sightings = rounds.map(({ results }) => results.get(kernel)?.first).filter((first) => first?.replayed);
  if (sightings.length === 0) return [kernel, `0 of ${seeds}`, "", "", "", ""];
  const runs = sightings.map(({ run }) => run);
  const times = sightings.map(({ milliseconds }) => milliseconds);
  return [kernel, `${sightings.length} of ${seeds}`, median(runs), Math.max(...runs), ms(median(times)), ms(Math.max(...times))];
}

/** Said where it is so. */
const LONG = `

**Kubernetes58107 is too long as shipped**: 1,000 copies of two loops of 100,000 turns, some 200 million steps. As one copy it is found behind 200,000
(docs/goker.md).`;

const page = `# GoKer under Unpark${form === "one" ? "" : ", kernels as shipped"}

Written by \`node scripts/goker.mjs${form === "one" ? "" : " --form shipped"}\`; do not edit. Go ${toolchain.version.text}, Node ${process.versions.node}, ${workers} workers on
${machine()}. Built in ${pool.buildSeconds.toFixed(1)} s (standard library cached).

The kernels are those that the Go distribution carries for the test of its leak profile; nothing of them is kept in this
repository. ${form === "one" ? "Each runs as **one copy**: the loop that repeats it is cut to one turn when it is built." : `Each runs as shipped: with all its copies (not run, for they have ${MANY} and more: ${tooMany.join(", ")}), and the waiting at its end; only the line that writes the profile is left out. A run is ended after ${steps.steps} steps: what has leaked by then is unreachable from the copies that still run.`} *Found* means: a schedule of the
default portfolio after which a goroutine that Go's own test documents for this kernel (outermost function and wait
reason) is blocked and proved unreachable by the runtime's leak collection; which was then replayed, and called *leaked*
by diagnosis.

**${foundIn(rounds[0], own).length} of ${own.length} found** with seed 1, in ${rounds[0].seconds.toFixed(1)} s altogether (schedules and milliseconds are those until the leak was first
seen${form === "one" ? "; *documented* counts the kernel's documented leaks seen within 30 schedules more" : ""}).${form === "one" && rounds[0].results.get("Moby27782")?.coverage.complete ? `

**Moby27782 cannot leak** in the form that Go carries, and Unpark says so by trying all ${rounds[0].results.get("Moby27782").coverage.schedules} schedules that differ. Go's copy puts a
mutex around GoBench's data race; the reader holds it until it has stopped following, and the only one who would close
the watcher waits for this mutex. \`Moby27782asInMoby\` has the mutex released where moby itself releases it, and leaks
(test/goker/variants.ts).` : ""}${form === "shipped" && rounds[0].results.get("Kubernetes58107")?.first === undefined ? LONG : ""}

${table(["kernel", "leak", "by", "schedules", "ms", "steps", "documented", "cause", "replayed", "leaks beside the documented"], kernels.map(mainRow))}
${seeds === 1 ? "" : `
## ${seeds} seeds

Found of ${own.length}, by seed: ${rounds.map((each) => `${foundIn(each, own).length} (${each.seconds.toFixed(1)} s)`).join(", ")}.

${table(["kernel", "found", "schedules, median", "most", "ms, median", "most"], kernels.map(seedRow))}
`}`;
if (print) console.log(page);
else writeFileSync(new URL(`../docs/${form === "one" ? "goker" : "goker-shipped"}.md`, import.meta.url), page);
const expected = own.length - own.filter((name) => rounds[0].results.get(name)?.coverage.complete && !rounds[0].results.get(name)?.first).length;
process.exit(rounds.every((each) => foundIn(each, own).length >= expected) ? 0 : 1);
