// Every GoKer kernel of the Go distribution under Unpark: which documented leak is found, by which search, after how
// many schedules, in what time; replayed. Writes docs/goker.md (or docs/goker-shipped.md).
//   node scripts/goker.mjs [--form one|shipped] [--seeds 10] [--budget 20000] [--workers 2] [--print] [words of kernels]
// Needs a Go that carries the kernels (1.26 or later) and a built dist/ (npm run build).
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const root = new URL("..", import.meta.url);
const dist = (path) => import(new URL(`dist/${path}`, root));
const { defaultCacheDir } = await dist("src/toolchain/cache.js");
const { findToolchain } = await dist("src/toolchain/go-command.js");
const { buildSuite, readSuite } = await dist("test/goker/module.js");
const { VARIANTS } = await dist("test/goker/variants.js");

const argv = process.argv.slice(2);
const flag = (name) => argv.includes(name) && argv.splice(argv.indexOf(name), 1).length > 0;
const option = (name, fallback) => (argv.includes(name) ? argv.splice(argv.indexOf(name), 2)[1] : fallback);
const form = option("--form", "one");
const seeds = Number(option("--seeds", form === "one" ? "10" : "1"));
const budget = Number(option("--budget", "20000"));
const workers = Number(option("--workers", "2"));
const print = flag("--print");
const words = argv;

const toolchain = await findToolchain({ cwd: fileURLToPath(root), env: process.env, cacheDir: defaultCacheDir(process.env, process.platform) });
if (!toolchain.ok) throw new Error(toolchain.error.message);
const suite = readSuite(toolchain.value.goroot);
if (!suite) throw new Error(`Go ${toolchain.value.version.text} carries no GoKer kernels; 1.26 does`);
const built = performance.now();
const module = await buildSuite(toolchain.value, suite, form === "one" ? { oneCopy: true, ending: "nothing" } : { oneCopy: false, ending: "wait" });
const buildSeconds = (performance.now() - built) / 1000;

const variants = new Map(VARIANTS.map(({ name, of }) => [name, of]));
const kernels = suite.kernels.map(({ name }) => name).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
/** Longest first is not known; but what is known to be long must not come last. */
const order = (a, b) => Number(b === "Kubernetes58107") - Number(a === "Kubernetes58107");

/** Worker threads, each with the module loaded: `ask(job)` gives the next answer. */
const pool = await Promise.all(Array.from({ length: workers }, () => new Promise((ready, fail) => {
  const worker = new Worker(new URL("dist/test/goker/worker.js", root), { workerData: { wasm: module.wasm } });
  let answer;
  const ask = (job) => new Promise((resolve) => {
    answer = resolve;
    worker.postMessage(job);
  });
  worker.on("error", (error) => (answer ? answer({ error: error.stack }) : fail(error)));
  worker.on("message", (message) => (message.ready ? ready({ ask, close: () => worker.terminate() }) : answer(message)));
})));

/** All kernels with one seed, shared out among the workers as they become free. */
async function round(seed) {
  const jobs = [...kernels].sort(order);
  const results = new Map();
  const started = performance.now();
  await Promise.all(pool.map(async ({ ask }) => {
    for (let kernel = jobs.shift(); kernel !== undefined; kernel = jobs.shift()) {
      const documented = suite.documented.get(kernel).map(({ source }) => source);
      const { examination, error } = await ask({ kernel, documented, options: { seed, budget, more: form === "one" ? 30 : 0 } });
      if (error) throw new Error(`${kernel}: ${error}`);
      results.set(kernel, examination);
      if (form !== "one") console.error(`${kernel} ${examination.first ? "found" : "-"} ${examination.runs} runs ${examination.milliseconds} ms`);
    }
  }));
  return { seed, results, seconds: (performance.now() - started) / 1000 };
}

const rounds = [];
for (let seed = 1; seed <= seeds; seed++) {
  rounds.push(await round(seed));
  const { results, seconds } = rounds.at(-1);
  console.error(`seed ${seed}: ${[...results.values()].filter(({ first }) => first).length} of ${kernels.length} found, ${seconds.toFixed(1)} s`);
}
for (const { close } of pool) await close();

// ---- the page

const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
const ms = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toString());
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
const own = kernels.filter((name) => !variants.has(name));
const foundIn = ({ results }, names) => names.filter((name) => results.get(name)?.first?.replayed);

function mainRow(kernel) {
  const { first, documented, others, coverage, runs, milliseconds } = rounds[0].results.get(kernel);
  const seen = `${documented.filter(({ run }) => run !== undefined).length} of ${documented.length}`;
  if (!first) {
    const how = coverage.complete ? `none: all ${coverage.schedules} schedules that differ were tried` : `not found (${coverage.stoppedBy})`;
    return [kernel, how, "", runs, ms(milliseconds), "", seen, "", ""];
  }
  return [kernel, `\`${first.leak}\``, first.search, first.run, ms(first.milliseconds), first.steps, seen, first.cause, first.replayed ? "yes" : "NO", others.length ? others.map((leak) => `\`${leak}\``).join(" ") : ""];
}

function seedRow(kernel) {
  const sightings = rounds.map(({ results }) => results.get(kernel)?.first).filter((first) => first?.replayed);
  if (sightings.length === 0) return [kernel, `0 of ${seeds}`, "", "", "", ""];
  const runs = sightings.map(({ run }) => run);
  const times = sightings.map(({ milliseconds }) => milliseconds);
  return [kernel, `${sightings.length} of ${seeds}`, median(runs), Math.max(...runs), ms(median(times)), ms(Math.max(...times))];
}

const page = `# GoKer under Unpark${form === "one" ? "" : ", kernels as shipped"}

Written by \`node scripts/goker.mjs${form === "one" ? "" : " --form shipped"}\`; do not edit. Go ${toolchain.value.version.text}, Node ${process.versions.node}, ${workers} workers on
${cpus().length} × ${cpus()[0].model.trim()} (shared with other work while this ran). Built in ${buildSeconds.toFixed(1)} s (standard library cached).

The kernels are those that the Go distribution carries for the test of its leak profile; nothing of them is kept in this
repository. ${form === "one" ? "Each runs as **one copy**: the loop that repeats it is cut to one turn when it is built." : "Each runs as shipped: with all its copies, up to 10,000, and the waiting at its end; only the line that writes the profile is left out."} *Found* means: a schedule of the
default portfolio after which a goroutine that Go's own test documents for this kernel (outermost function and wait
reason) is blocked and proved unreachable by the runtime's leak collection; which was then replayed, and called *leaked*
by diagnosis.

**${foundIn(rounds[0], own).length} of ${own.length} found** with seed 1, in ${rounds[0].seconds.toFixed(1)} s altogether (schedules and milliseconds are those until the leak was first
seen; *documented* counts the kernel's documented leaks seen within 30 schedules more).${form === "one" && rounds[0].results.get("Moby27782")?.coverage.complete ? `

**Moby27782 cannot leak** in the form that Go carries, and Unpark says so by trying all ${rounds[0].results.get("Moby27782").coverage.schedules} schedules that differ. Go's copy puts a
mutex around GoBench's data race; the reader holds it until it has stopped following, and the only one who would close
the watcher waits for this mutex. \`Moby27782asInMoby\` has the mutex released where moby itself releases it, and leaks
(test/goker/variants.ts).` : ""}

${table(["kernel", "leak", "by", "schedules", "ms", "steps", "documented", "cause", "replayed", "leaks beside the documented"], kernels.map(mainRow))}
${seeds === 1 ? "" : `
## ${seeds} seeds

Found of ${own.length}, by seed: ${rounds.map((each) => `${foundIn(each, own).length} (${each.seconds.toFixed(1)} s)`).join(", ")}.

${table(["kernel", "found", "schedules, median", "most", "ms, median", "most"], kernels.map(seedRow))}
`}`;
if (print) console.log(page);
else writeFileSync(new URL(form === "one" ? "docs/goker.md" : "docs/goker-shipped.md", root), page);
const expected = own.length - own.filter((name) => rounds[0].results.get(name)?.coverage.complete && !rounds[0].results.get(name)?.first).length;
process.exit(rounds.every((each) => foundIn(each, own).length >= expected) ? 0 : 1);
