// What saved states are worth on a real Go module: processor time for each run of the reduced search, with backtracking by
// running again (0) and from states saved every 8, 32, 128 steps. Second of two rounds, so that everything is compiled.
//   npm run build && node dist/bench/explore/forking.js module.wasm Test:runs …     Kept output: forking.txt
// module.wasm: a test binary that Unpark built (it is in the module cache after `unpark test`).
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { explore } from "../../src/explore/explorer.js";
import { DEFAULT_CLOCK } from "../../src/explore/fairness.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import { loadGo } from "../../src/host/go-program.js";

const [wasm, ...wanted] = process.argv.slice(2);
if (wasm === undefined) throw new Error("which module? forking.js module.wasm Test:runs …");
const loaded = loadGo({ name: "bench", wasm: readFileSync(wasm), args: ["bench.test", "-test.v=false"], environment: ["PWD=/"], mounts: [], cwd: "/" });
if (!loaded.ok) throw new Error(loaded.error);
const EVERY = [0, 8, 32, 128];

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"}; processor milliseconds a run\n`);
console.log(["test".padEnd(22), "runs".padStart(6), "steps a run".padStart(13), ...EVERY.map((n) => (n === 0 ? "replay" : `every ${n}`).padStart(12))].join(""));
for (const want of wanted) {
  const [name, runs] = want.split(":");
  const index = loaded.value.tests.indexOf(`Test${name}`);
  if (index < 0) throw new Error(`no test Test${name}; there are ${loaded.value.tests.join(" ")}`);
  const program = loaded.value.program(index);
  const times = new Map<number, number>();
  let steps = 0;
  for (const every of [...EVERY, ...EVERY]) {
    const before = process.cpuUsage();
    steps = 0;
    const search = new DporSearch(DEFAULT_CLOCK, { every, bytes: 256 * 1024 * 1024 });
    const result = await explore(program, { strategy: search, budget: Infinity, schedules: Number(runs) }, (end) => {
      steps += end.schedule.length;
      return [];
    });
    const { user, system } = process.cpuUsage(before);
    times.set(every, (user + system) / 1000 / result.runs);
  }
  const row = EVERY.map((every) => times.get(every)!.toFixed(2).padStart(12));
  console.log([name!.padEnd(22), runs!.padStart(6), String(Math.round(steps / Number(runs))).padStart(13), ...row].join(""));
}
