// node bench/suite/kinds.mjs WORD...: runs the files of tests whose path contains a word, one after the other, under `perf`
// (Linux), and says by kind of work where the time of processors went, and how many processes of each kind were started.
// Run as root, or with kernel.perf_event_paranoid at 1 or lower.
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const HZ = 199;

/** By the command's name; what is not here is "others". */
const COMMANDS = { go: "cmd/go", link: "link", compile: "compile", asm: "compile", cgo: "compile", vet: "vet", node: "node", git: "git", chrome: "chromium", headless_shell: "chromium" };

/** Of a sample in a process of Node's: the first row one of whose frames matches, from the innermost outwards. */
const OF_NODE = [
  ["wasm: TurboFan", /ExecuteTurbofanWasmCompilation|TurboshaftWasm|wasm::TurboFan/i],
  ["wasm: Liftoff", /Liftoff/],
  ["wasm: decoding, linking, caching", /v8::internal::wasm::/],
  ["collector", /v8::internal::(?:Heap|MarkCompact|Scaveng|Sweeper|Marking|.*(?:Evacuat|ConcurrentMark|Young|GCTracer))/],
  ["JavaScript: optimising compilers", /v8::internal::(?:compiler|maglev|baseline)::|OptimizedCompilationJob|OptimizingCompileDispatcher/],
  ["JavaScript: parsing, bytecode", /v8::internal::(?:parsing|Parser|PreParser|Scanner|interpreter::|Compiler::|UnoptimizedCompil|ScriptCompiler)/],
];

const files = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.js") && process.argv.slice(2).some((word) => file.includes(word)));
const folder = mkdtempSync(join(tmpdir(), "unpark-kinds-"));
const total = { kinds: new Map(), starts: new Map() };
for (const file of files) {
  const one = await measure(file);
  for (const key of ["kinds", "starts"]) for (const [name, count] of one[key]) add(total[key], name, count);
  print(file, one);
}
if (files.length > 1) print(`${files.length} files`, total);
rmSync(folder, { recursive: true });

async function measure(file) {
  const data = join(folder, "perf.data");
  const script = join(folder, "script");
  spawnSync("perf", ["record", "-q", "-e", "cpu-clock", "-F", String(HZ), "-g", "-o", data, process.execPath, "--enable-source-maps", join("dist", file)], { cwd: root, stdio: ["ignore", "ignore", "ignore"] });
  spawnSync("perf", ["script", "-i", data, "-F", "comm,pid,event,ip,sym,dso", "--show-task-events"], { stdio: ["ignore", openSync(script, "w"), "ignore"] });
  return tally(createInterface({ input: createReadStream(script) }));
}

async function tally(lines) {
  const kinds = new Map();
  const starts = new Map();
  let head;
  let frames = [];
  let first;
  const end = () => {
    if (head !== undefined) add(kinds, kindOf(head, frames, first), 1 / HZ);
    head = undefined;
    frames = [];
  };
  for await (const line of lines) {
    if (/PERF_RECORD_COMM exec: /.test(line)) add(starts, nameOf(/exec: (.*):\d+\/\d+/.exec(line)[1]), 1);
    else if (line.trim() === "") end();
    else if (/^\s+[0-9a-f]+ /.test(line)) frames.push(line);
    else if (/cpu-clock/.test(line)) {
      end();
      const [, name, pid] = /^\s*(.*?)\s+(\d+)\s+cpu-clock/.exec(line);
      first ??= name === "node" ? pid : undefined;
      head = { name, pid };
    }
  }
  end();
  return { kinds, starts };
}

function nameOf(comm) {
  return COMMANDS[comm] ?? (/^(?:chrome|headless|Chrome)/.test(comm) ? "chromium" : "others");
}

function kindOf({ name, pid }, frames, first) {
  const known = nameOf(name);
  const isNode = known === "node" || (known === "others" && frames.some((frame) => /\/node\)/.test(frame)));
  if (!isNode) return known;
  const whose = pid === first ? "node, the test's" : "node, others'";
  const row = OF_NODE.find(([, pattern]) => frames.some((frame) => pattern.test(frame)));
  if (row !== undefined) return `${whose}: ${row[0]}`;
  return `${whose}: ${/ \(\[kernel/.test(frames[0] ?? "") ? "kernel" : "JavaScript, wasm and the runtime"}`;
}

function add(map, name, count) {
  map.set(name, (map.get(name) ?? 0) + count);
}

function print(name, { kinds, starts }) {
  const sum = [...kinds.values()].reduce((a, b) => a + b, 0);
  const started = [...starts].sort(([, a], [, b]) => b - a).map(([what, count]) => `${count} ${what}`);
  console.log(`\n${name}: ${sum.toFixed(1)} s; started: ${started.join(", ")}`);
  for (const [what, seconds] of [...kinds].sort(([, a], [, b]) => b - a)) if (seconds >= sum / 200) console.log(`${seconds.toFixed(1).padStart(8)}  ${what}`);
}
