// A goroutine profile of 50,000 distinct stacks (protobuf), whole processes: `unpark inspect`, as its npm package has it, under several versions of
// Node, and `go tool pprof -top`; in turns, RUNS (15) times.
//     npm run build && node bench/inspect/pprof.mjs > bench/inspect/pprof.txt
// Wall time: smallest, first quartile, median. Needs GNU time (/usr/bin/time) for processor time, and npm for the other Nodes.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { machine } from "../../scripts/machine.mjs";
import { otherNode } from "../../scripts/other-node.mjs";
import { stage } from "../../scripts/release/stage.mjs";

const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const RUNS = Number(process.env.RUNS ?? 15);
const NODES = ["20.20.2", "22.23.3", "24.21.0", "26.10.0"];
const scratch = mkdtempSync(join(tmpdir(), "unpark-pprof-"));

function once(argv) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync("/usr/bin/time", ["-f", "%U %S", ...argv], { encoding: "utf8", maxBuffer: 1 << 28 });
  const ms = performance.now() - start;
  if (![0, 1].includes(status) || stdout === "") throw new Error(`${argv.join(" ")}: ${stderr}`);
  const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { ms, cpu: (user + system) * 1000 };
}

try {
  const released = join(scratch, "package");
  await stage(ROOT, released);
  symlinkSync(join(ROOT, "node_modules"), join(scratch, "node_modules"));
  const big = join(scratch, "big");
  execFileSync("go", ["build", "-o", big, "."], { cwd: join(ROOT, "fixtures/programs/big"), stdio: "inherit" });
  execFileSync(big, ["50000", "50000", "16", "0", scratch], { stdio: "inherit" });
  const file = join(scratch, "big.pb.gz");
  const tools = [["go tool pprof -top", ["go", "tool", "pprof", "-top", file]], [`unpark, this Node (${process.version})`, [process.execPath, join(released, "bin/unpark.js"), "inspect", file]]];
  for (const version of NODES) {
    const node = otherNode(version, scratch);
    if (node.path === undefined) console.error(`Node ${version} could not be had: ${node.error}`);
    else tools.push([`unpark, npm's Node ${version}`, [node.path, join(released, "bin/unpark.js"), "inspect", file]]);
  }
  const runs = tools.map(() => []);
  for (let run = 0; run < RUNS; run++) tools.forEach(([, argv], i) => runs[i].push(once(argv)));
  const { go, commit, system, cpu, memoryGiB } = machine();
  console.log(`go ${go}, commit ${commit}, system ${system}, cpu ${cpu}, memoryGiB ${memoryGiB}; load ${loadavg()[0].toFixed(1)} at the end`);
  console.log(`${statSync(file).size} bytes, ${RUNS} runs in turns; milliseconds\n`);
  const columns = ["wall: least", "quartile", "median", "CPU: least", "median"];
  console.log(["".padEnd(32), ...columns.map((name) => name.padStart(12))].join(""));
  tools.forEach(([name], i) => {
    const [wall, processor] = ["ms", "cpu"].map((key) => runs[i].map((one) => one[key]).sort((a, b) => a - b));
    const at = (list, part) => list[Math.floor(part * (list.length - 1))].toFixed(0).padStart(12);
    console.log([name.padEnd(32), at(wall, 0), at(wall, 0.25), at(wall, 0.5), at(processor, 0), at(processor, 0.5)].join(""));
  });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
