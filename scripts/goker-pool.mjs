// What the scripts about GoKer share: the built module of all kernels, worker threads that explore them, the page's words.
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const root = new URL("..", import.meta.url);
const dist = (path) => import(new URL(`dist/${path}`, root));

/** The machine's Go and its kernels, with the variants. */
export async function openSuite() {
  const { cacheFolder } = await dist("src/base/user-folders.js");
  const { findToolchain } = await dist("src/toolchain/go/go-command.js");
  const { readSuite } = await dist("test/goker/module.js");
  const toolchain = await findToolchain({ cwd: fileURLToPath(root), env: process.env, cacheDir: cacheFolder(process.env) });
  if (!toolchain.ok) throw new Error(toolchain.error.message);
  const suite = readSuite(toolchain.value.goroot);
  if (!suite) throw new Error(`Go ${toolchain.value.version.text} carries no GoKer kernels; 1.26 does`);
  return { toolchain: toolchain.value, suite };
}

/** Builds a form and starts `workers` threads with it: `run(jobs, done)` shares the jobs out as threads become free. */
export async function openPool({ toolchain, suite }, form, workers) {
  const { buildSuite } = await dist("test/goker/module.js");
  const started = performance.now();
  const module = await buildSuite(toolchain, suite, form);
  const buildSeconds = (performance.now() - started) / 1000;
  const threads = await Promise.all(Array.from({ length: workers }, () => startThread(module.wasm)));
  const run = async (jobs, done) => {
    const left = [...jobs];
    await Promise.all(threads.map(async ({ ask }) => {
      for (let job = left.shift(); job !== undefined; job = left.shift()) {
        const documented = suite.documented.get(job.kernel).map(({ source }) => source);
        const { examination, error } = await ask({ documented, ...job });
        if (error) throw new Error(`${job.kernel}: ${error}`);
        done(job, examination);
      }
    }));
  };
  return { run, buildSeconds, close: () => Promise.all(threads.map(({ close }) => close())) };
}

const startThread = (wasm) => new Promise((ready, fail) => {
  const worker = new Worker(new URL("dist/test/goker/worker.js", root), { workerData: { wasm } });
  let answer;
  const ask = (job) => new Promise((resolve) => {
    answer = resolve;
    worker.postMessage(job);
  });
  worker.on("error", (error) => (answer ? answer({ error: error.stack }) : fail(error)));
  worker.on("message", (message) => (message.ready ? ready({ ask, close: () => worker.terminate() }) : answer(message)));
});

/** Command-line words: `flag` and `option` take theirs out, the rest stays in `words`. */
export function commandLine(argv = process.argv.slice(2)) {
  const words = [...argv];
  const flag = (name) => words.includes(name) && words.splice(words.indexOf(name), 1).length > 0;
  const option = (name, fallback) => (words.includes(name) ? words.splice(words.indexOf(name), 2)[1] : fallback);
  return { words, flag, option };
}

export const machine = () => `${cpus().length} × ${cpus()[0].model.trim()} (shared with other work while this ran)`;
export const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
export const ms = (value) => (value < 10 ? value.toFixed(1) : Math.round(value).toString());
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
