// Until every schedule was tried: reduction, against shuttle's exhaustive search and loom, on the same five programs.
//   npm run build && node dist/bench/explore/compare.js   (needs cargo; the crates' versions are in rust/Cargo.toml)
// Kept output: compare.txt
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { explore } from "../../src/explore/explorer.js";
import { LAZY_CLOCK } from "../../src/explore/fairness.js";
import { DporSearch } from "../../src/explore/dpor/dpor-search.js";
import { ModelProgram } from "../../src/explore/testing/model-program.js";
import { COMPARED } from "./programs.js";

interface Row {
  readonly tool: string;
  readonly program: string;
  readonly runs: number;
  readonly seconds: number;
  readonly complete: boolean;
}

async function ours(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, text, traces } of COMPARED) {
    const search = new DporSearch(LAZY_CLOCK);
    const start = performance.now();
    const result = await explore(new ModelProgram(text), { strategy: search, clock: LAZY_CLOCK, budget: Infinity }, () => []);
    const seconds = (performance.now() - start) / 1000;
    if (result.coverage.schedules !== traces) throw new Error(`${name}: ${result.coverage.schedules} schedules, expected ${traces}`);
    rows.push({ tool: "unpark", program: name, runs: result.runs, seconds, complete: result.coverage.complete });
  }
  return rows;
}

function rust(): Row[] {
  const manifest = new URL("../../../bench/explore/rust/Cargo.toml", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync("cargo", ["run", "--release", "--quiet", "--manifest-path", manifest], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cargo: ${stderr}`);
  return stdout.trim().split("\n").map((line) => JSON.parse(line) as Row);
}

const rows = [...(await ours()), ...rust()];
const tools = [...new Set(rows.map((row) => row.tool))];
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "?"} (${cpus().length} cores, shared), runs and milliseconds until complete\n`);
console.log(["program".padEnd(36), "differ".padStart(7), ...tools.map((tool) => tool.padStart(24))].join(""));
for (const { name, traces } of COMPARED) {
  const cells = tools.map((tool) => {
    const row = rows.find((r) => r.tool === tool && r.program === name)!;
    return `${row.complete ? "" : "> "}${row.runs} in ${(row.seconds * 1000).toFixed(1)} ms`.padStart(24);
  });
  console.log([name.padEnd(36), String(traces).padStart(7), ...cells].join(""));
}
