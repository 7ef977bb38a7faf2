// Whose code the processors' time of a command went to: `node --cpu-prof --cpu-prof-dir=DIR bin/unpark.js test …`, then `node bench/shares.mjs DIR`.
// All threads; what "go" takes is the program's own code, compiled to WebAssembly, with the hooks in it. Output kept in shares.txt.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const dir = process.argv[2];
if (dir === undefined) {
  console.error("shares: which folder? node bench/shares.mjs DIR, of what node --cpu-prof --cpu-prof-dir=DIR wrote");
  process.exit(2);
}

/** @param {{ functionName: string, url: string }} frame */
function whose({ functionName, url }) {
  if (functionName === "(idle)") return undefined;
  if (functionName === "(garbage collector)") return "V8's collector";
  if (url.startsWith("wasm")) return "go";
  if (url === "" || url.startsWith("node:")) return "node";
  return /memory-copies|guest-memory/.test(url) ? "copies of memory" : "host";
}

const sums = new Map();
for (const file of readdirSync(dir).filter((name) => name.endsWith(".cpuprofile"))) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(dir, file), "utf8"));
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, whose(callFrame)]));
  samples.forEach((id, at) => {
    const owner = owners.get(id);
    if (owner !== undefined) sums.set(owner, (sums.get(owner) ?? 0) + timeDeltas[at]);
  });
}
const total = [...sums.values()].reduce((sum, one) => sum + one, 0);
for (const [owner, micros] of [...sums].sort((a, b) => b[1] - a[1])) console.log(`${(micros / 1e6).toFixed(1).padStart(8)} s  ${((100 * micros) / total).toFixed(0).padStart(3)} %  ${owner}`);
