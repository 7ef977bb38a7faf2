// One copy of each GoKer kernel natively, many times over, under Go's own leak profile (what a user would do instead),
// and under Unpark with seed 1: in the same run, on the same machine. Writes docs/goker-native.md.
//   node scripts/goker-native.mjs [--runs 100] [--at-once 6] [--print] [words of kernels]
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { commandLine, machine, ms, openPool, openSuite, table } from "./goker-pool.mjs";

const { words, flag, option } = commandLine();
const runs = Number(option("--runs", "100"));
const atOnce = Number(option("--at-once", "6"));
const print = flag("--print");
const { buildNative, nativeLeaks } = await import("../dist/test/goker/module.js");
const opened = await openSuite();
const { toolchain, suite } = opened;
const kernels = suite.kernels.map(({ name }) => name).filter((name) => words.length === 0 || words.some((word) => name.includes(word)));

const pool = await openPool(opened, { oneCopy: true, ending: "nothing" }, 2);
const controlled = new Map();
const began = performance.now();
await pool.run(kernels.map((kernel) => ({ kernel, options: { seed: 1, budget: 20_000, more: 0 } })), ({ kernel }, examination) => controlled.set(kernel, examination));
const controlledSeconds = (performance.now() - began) / 1000;
await pool.close();

const binary = await buildNative(toolchain, suite);
const once = (kernel) => new Promise((resolve) => {
  const started = performance.now();
  execFile(binary, [kernel], { timeout: 30_000, maxBuffer: 1 << 26 }, (error, stdout) => {
    const documented = suite.documented.get(kernel);
    const hit = nativeLeaks(stdout).some((leak) => documented.some((pattern) => pattern.test(leak)));
    resolve({ hit, failed: error !== null, milliseconds: performance.now() - started });
  });
});
const native = new Map(kernels.map((kernel) => [kernel, []]));
const left = Array.from({ length: runs }, () => kernels).flat();
const nativeBegan = performance.now();
await Promise.all(Array.from({ length: atOnce }, async () => {
  for (let kernel = left.pop(); kernel !== undefined; kernel = left.pop()) native.get(kernel).push(await once(kernel));
}));
const nativeSeconds = (performance.now() - nativeBegan) / 1000;

const rows = kernels.map((kernel) => {
  const all = native.get(kernel);
  const hits = all.filter(({ hit }) => hit).length;
  const mean = all.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / all.length;
  const { first, coverage } = controlled.get(kernel);
  const unpark = first ? [first.run, ms(first.milliseconds)] : [coverage.complete ? `no leak in all ${coverage.schedules}` : "not found", ms(coverage.milliseconds)];
  const failed = all.filter((each) => each.failed).length;
  return [kernel, `${hits} of ${all.length}${failed ? ` (${failed} crashed)` : ""}`, ms(mean), hits ? ms((mean * all.length) / hits) : "never seen", ...unpark];
});
const seen = (at) => kernels.filter((kernel) => native.get(kernel).slice(0, at).some(({ hit }) => hit)).length;
const page = `# GoKer natively under Go's leak profile, and under Unpark

Written by \`node scripts/goker-native.mjs\`; do not edit. Go ${toolchain.version.text} with GOEXPERIMENT=goroutineleakprofile, Node ${process.versions.node}, ${machine()}.
One copy of each kernel. Natively: ${runs} processes of each, ${atOnce} at a time, each with the wait that the kernel ends with (0.1 s in most)
and the profile at its end; *expected* is the mean time of a run divided by the share of runs that showed a documented leak.
Under Unpark: the default portfolio with seed 1, two workers, until the first documented leak.
${kernels.length - 1} kernels and one variant (docs/goker.md).

| | kernels with a documented leak seen | time |
| --- | --- | --- |
| natively, 1 run each | ${seen(1)} of ${kernels.length} | |
| natively, 10 runs each | ${seen(10)} of ${kernels.length} | |
| natively, ${runs} runs each | ${seen(runs)} of ${kernels.length} | ${nativeSeconds.toFixed(0)} s |
| Unpark | ${[...controlled.values()].filter(({ first }) => first).length} of ${kernels.length} | ${controlledSeconds.toFixed(0)} s |

${table(["kernel", "native runs with the leak", "ms a run", "ms expected", "schedules", "ms"], rows)}
`;
if (print) console.log(page);
else writeFileSync(new URL("../docs/goker-native.md", import.meta.url), page);
