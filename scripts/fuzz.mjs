// `node scripts/fuzz.mjs [SECONDS]`: the parsers on mutated inputs, guided by V8's block coverage: an input that reaches a block
// that none did before joins the corpus (fixtures/fuzz). Found is: an exception, a number that is none, more than a second
// of CPU. Writes bench/torture/fuzz.json. Why no ready-made fuzzer: bench/torture/README.md.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Prng } from "../dist/src/base/prng.js";
import { MemoryBudget } from "../dist/src/parse/memory.js";
import { parseBytes } from "../dist/src/parse/parse.js";
import { PROFILE_SHAPES, TEXT_SHAPES } from "../dist/src/parse/testing/hostile-shapes.js";

const seconds = Number(process.argv[2] ?? 60);
const root = fileURLToPath(new URL("..", import.meta.url));
const home = join(root, "fixtures/fuzz");
mkdirSync(home, { recursive: true });
const random = new Prng(Number(process.argv[3] ?? Date.now() & 0x7fffffff));
const LARGEST = 4096;

const seeds = readdirSync(join(root, "fixtures/dumps/go1.26.8")).filter((name) => /\.(txt|gz)$/.test(name)).map((name) => readFileSync(join(root, "fixtures/dumps/go1.26.8", name))).map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes));
const corpus = [...seeds.map((bytes) => bytes.subarray(0, LARGEST)), ...Object.values({ ...TEXT_SHAPES, ...PROFILE_SHAPES }).map((make) => make(256).subarray(0, LARGEST)), ...readdirSync(home).map((name) => readFileSync(join(home, name)))];
const words = ["goroutine ", " [select]:", "created by ", "\n\t/a.go:1 +0x1\n", "\n\n", "labels:{", "...", "[originating from goroutine 1]:", "WARNING: DATA RACE", "goroutine profile: total 1\n", "1 @ 0x1\n", "#\t0x1\tmain.f+0x1\t\t/a.go:1\n", "\r\n", "panic: ", "\ud83d\ude00", "99999999999999999999", "{\"msg\":\"", "2026-01-02T03:04:05Z ", "\u00a0", "SIGQUIT: quit\n"].map((word) => Buffer.from(word));

function mutate(bytes) {
  let out = bytes;
  for (let n = 1 + random.below(5); n > 0; n--) {
    const at = random.below(out.length + 1), to = Math.min(out.length, at + random.below(64));
    const other = corpus[random.below(corpus.length)];
    const cut = random.below(other.length + 1);
    switch (random.below(7)) {
      case 0: out = Buffer.concat([out.subarray(0, at), out.subarray(to)]); break;
      case 1: out = Buffer.concat([out.subarray(0, to), out.subarray(at)]); break;
      case 2: out = out.subarray(0, at); break;
      case 3: out = Buffer.from(out); if (at < out.length) out[at] = random.below(256); break;
      case 4: out = Buffer.concat([out.subarray(0, at), words[random.below(words.length)], out.subarray(at)]); break;
      case 5: out = Buffer.concat([out.subarray(0, at), other.subarray(cut, cut + random.below(512)), out.subarray(to)]); break;
      default: out = Buffer.concat([out.subarray(0, at), other.subarray(cut)]);
    }
  }
  return out.subarray(0, LARGEST);
}

const found = [];
function attempt(bytes) {
  const begin = process.cpuUsage();
  let problem;
  try {
    const parsed = parseBytes(bytes, { source: "fuzz" }, new MemoryBudget(64 << 20));
    JSON.stringify(parsed, (_, value) => { if (typeof value === "number" && !Number.isFinite(value)) problem = "a number that is none"; return typeof value === "bigint" ? String(value) : value; });
  } catch (error) { problem = String(error); }
  const { user, system } = process.cpuUsage(begin);
  if (user + system > 1_000_000) problem = `${Math.round((user + system) / 1000)} ms`;
  if (problem !== undefined && found.length < 20) found.push({ problem, base64: bytes.toString("base64").slice(0, 2000) });
}

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const reached = new Set();
/** Blocks of the parsers that ran since the last call and had not run before. */
async function fresh() {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  let count = 0;
  for (const { url, functions } of result) {
    if (!url.includes("/dist/src/parse/") || url.includes("/testing/")) continue;
    for (const { ranges } of functions) for (const range of ranges) {
      // By magnitude: a loop that runs 100 times is another thing than one that runs once.
      const key = range.count === 0 ? undefined : `${url}:${range.startOffset}:${range.endOffset}:${Math.min(6, Math.floor(Math.log2(range.count) / 2))}`;
      if (key !== undefined && !reached.has(key)) { reached.add(key); count++; }
    }
  }
  return count;
}
for (const bytes of corpus) attempt(bytes);
await fresh();
const atFirst = reached.size;
let executions = corpus.length, kept = 0;
const end = Date.now() + seconds * 1000;
while (Date.now() < end) {
  const batch = Array.from({ length: 40 }, () => mutate(corpus[random.below(corpus.length)]));
  for (const bytes of batch) attempt(bytes);
  executions += batch.length;
  if ((await fresh()) === 0) continue;
  // Which of them was it? What another batch has reached counts for nothing, so each is tried against the rest without it.
  for (const bytes of batch) {
    const before = reached.size;
    attempt(bytes);
    executions++;
    await fresh();
    if (reached.size > before || batch.length === 1) keep(bytes);
  }
  keep(batch[random.below(batch.length)]);
}
function keep(bytes) {
  corpus.push(bytes);
  kept++;
  const path = join(home, createHash("sha256").update(bytes).digest("hex").slice(0, 16));
  if (!existsSync(path) && readdirSync(home).length < 150) writeFileSync(path, bytes);
}
const result = { date: new Date().toISOString().slice(0, 10), node: process.version, seconds, executions, blocksAtFirst: atFirst, blocks: reached.size, kept, corpus: readdirSync(home).length, found };
writeFileSync(join(root, "bench/torture/fuzz.json"), `${JSON.stringify(result, undefined, 1)}\n`);
console.log(JSON.stringify(result, undefined, 1));
process.exit(found.length > 0 ? 1 : 0);
