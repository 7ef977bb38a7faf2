// 200 random programs that are clean, under `unpark fix`: it must propose nothing. The programs are those of the explorer's own
// tests (src/explore/testing/random-program.ts); that they are clean says plain depth-first search over their model, which shares
// neither the reduction nor the host with what explores the Go that is made of them. Beside them the repaired kernels and the examples
// that are clean. Writes docs/fixes-clean.md.
//   node scripts/fixes-clean.mjs [--print] [--programs 200]
// Needs a built dist/ (npm run build).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";

const root = fileURLToPath(new URL("..", import.meta.url));
const { randomProgram } = await import("../dist/src/explore/testing/random-program.js");
const { ModelProgram } = await import("../dist/src/explore/testing/model-program.js");
const { explore } = await import("../dist/src/explore/explorer.js");
const { DepthFirst } = await import("../dist/src/explore/strategies/depth-first.js");
const { LAZY_CLOCK } = await import("../dist/src/explore/fairness.js");

const WANTED = argv.includes("--programs") ? Number(argv[argv.indexOf("--programs") + 1]) : 200;
const SEED = 19;
/** Programs with more schedules than this are not asked about. */
const ENOUGH = 2_000;
const A_PACKAGE = 50;
/** Rows of examples/go without a leak, and without tests of their own. */
const CLEAN = new Set(["01", "02", "03", "04", "08", "10", "14", "19", "25", "31", "33", "37", "39", "40"]);
const FAMILIES = ["mutex", "rwmutex", "buffered", "unbuffered", "select", "atomic", "waitgroup", "cond", "sleep"];

/** Every schedule of the model ends with nobody left. */
async function isClean(text) {
  let clean = true;
  const { coverage } = await explore(new ModelProgram(text), { strategy: new DepthFirst(), clock: LAZY_CLOCK, schedules: ENOUGH, budget: Infinity }, ({ outcome, run }) => {
    clean &&= outcome?.kind === "quiescent" && run.goroutines().goroutines.length === 0;
    return [];
  });
  return clean && coverage.complete;
}

const NAMES = { 1: "mu1", 2: "mu2", 3: "rw", 4: "ch4", 5: "ch5", 6: "ch6", 7: "ch7", 8: "a8", 9: "a9", 10: "wg", 11: "cond" };
const HEAD = "\tvar mu1, mu2 sync.Mutex\n\tvar rw sync.RWMutex\n\tch4, ch5, ch6, ch7 := make(chan int), make(chan int), make(chan int, 1), make(chan int, 2)\n\tvar a8, a9 atomic.Int64\n\tvar wg sync.WaitGroup\n\tcond := sync.NewCond(&mu1)\n\tuse(&mu1, &mu2, &rw, ch4, ch5, ch6, ch7, &a8, &a9, &wg, cond)\n";

/** Go for a goroutine's operations; `last` is what it saw last. */
function body(ops) {
  const lines = ["last := 0", "use(last)"];
  for (let i = 0; i < ops.length; i++) {
    if (ops[i].op === "unless") {
      lines.push(`if last == ${ops[i].value} {`, ...ops.slice(i + 1, i + 1 + ops[i].count).flatMap(statements), "}");
      i += ops[i].count;
    } else if (ops[i].op === "condwait") {
      lines.push("cond.Wait()");
      i++; // the model takes the lock again by itself
    } else lines.push(...statements(ops[i]));
  }
  return lines;
}

function statements(op) {
  const on = NAMES[op.object];
  switch (op.op) {
    case "spawn": return ["go func() {", ...body(op.body), "}()"];
    case "send": return [`${on} <- ${op.value}`];
    case "recv": return [`last = <-${on}`];
    case "close": return [`close(${on})`];
    case "select": return ["select {", ...op.cases.flatMap((one) => (one.direction === "send" ? [`case ${NAMES[one.object]} <- ${one.value}:`] : [`case last = <-${NAMES[one.object]}:`])), ...(op.orElse ? ["default:"] : []), "}"];
    case "lock": case "wlock": return [`${on}.Lock()`];
    case "unlock": case "wunlock": return [`${on}.Unlock()`];
    case "wacquire": return []; // wlock's second half
    case "trylock": return [`use(${on}.TryLock())`];
    case "rlock": return [`${on}.RLock()`];
    case "runlock": return [`${on}.RUnlock()`];
    case "wgadd": return [`${on}.Add(${op.value})`];
    case "wgwait": return [`${on}.Wait()`];
    case "condsignal": return [`${on}.Signal()`];
    case "condbroadcast": return [`${on}.Broadcast()`];
    case "load": return [`last = int(${on}.Load())`];
    case "rmw": return [`last = int(${on}.Add(1))`];
    case "store": return [`${on}.Store(${op.value})`];
    case "sleep": return [`time.Sleep(${op.value} * time.Millisecond)`];
    default: throw new Error(`no Go for ${op.op}`);
  }
}

async function cleanPrograms() {
  const seen = new Set();
  const clean = [];
  let made = 0;
  for (let round = 0; clean.length < WANTED; round++) {
    for (const text of fc.sample(randomProgram(FAMILIES), { seed: SEED + round, numRuns: 500 })) {
      const key = JSON.stringify(text);
      if (clean.length === WANTED || seen.has(key)) continue;
      seen.add(key);
      made++;
      if (await isClean(text)) clean.push(text);
    }
  }
  return { clean, made };
}

function write(folder, programs) {
  writeFileSync(join(folder, "go.mod"), "module example.test/clean\n\ngo 1.24\n");
  for (let first = 0; first < programs.length; first += A_PACKAGE) {
    const own = join(folder, `p${first}`);
    mkdirSync(own);
    const tests = programs.slice(first, first + A_PACKAGE).map((text, i) => `func TestP${first + i}(*testing.T) {\n${HEAD}${body(text.main).join("\n")}\n}\n`);
    writeFileSync(join(own, "p_test.go"), `package p\n\nimport (\n\t"sync"\n\t"sync/atomic"\n\t"testing"\n\t"time"\n)\n\nvar _ atomic.Int64\n\nvar _ = time.Second\n\nfunc use(...any) {}\n\n${tests.join("\n")}`);
  }
}

/** One call of the command; what it proposed of how many programs. */
function fix(cwd, args) {
  const file = join(scratch, "fix.json");
  rmSync(file, { force: true });
  const { status, stdout, stderr } = spawnSync(execPath, [join(root, "bin", "unpark.js"), "fix", `--json=${file}`, ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  try {
    const { explored, findings, failures } = JSON.parse(readFileSync(file, "utf8"));
    const candidates = findings.reduce((sum, { proved, missed }) => sum + proved.length + missed.length, 0);
    for (const { verdict, cause, blocked, programs } of findings) console.error(`${verdict} ${cause} at ${blocked.file}:${blocked.line}, ${programs.map(({ test }) => test).join(", ")}`);
    return { ...explored, findings: findings.length, candidates, failures: failures.map(({ message }) => message), status };
  } catch {
    throw new Error(`unpark fix failed: ${stdout}${stderr}`);
  }
}

const scratch = mkdtempSync(join(tmpdir(), "unpark-fixes-clean-"));
try {
  const { clean, made } = await cleanPrograms();
  write(scratch, clean);
  const examples = join(root, "examples", "go");
  const cleanRows = readdirSync(examples).filter((name) => CLEAN.has(name.slice(0, 2)));
  const rows = [
    [`${clean.length} random programs (the clean ones of the first ${made.toLocaleString("en")}, seed ${SEED})`, fix(scratch, ["./..."])],
    ["the repaired kernels of examples/go/fixed-kernels", fix(examples, ["./fixed-kernels/..."])],
    [`the rows of examples/go that are clean (${cleanRows.map((name) => name.slice(0, 2)).join(", ")})`, fix(examples, ["--main", "--budget", "1s", ...cleanRows.map((name) => `./${name}`)])],
  ];
  const candidates = rows.reduce((sum, [, one]) => sum + one.candidates + one.findings, 0);
  const page = `# Clean programs under \`unpark fix\`

Written by \`node scripts/fixes-clean.mjs\`; do not edit.

Nothing may be proposed where nothing is wrong. That a random program is clean (every goroutine ends, in every schedule) says plain
depth-first search over its model, which shares neither the reduction nor the WebAssembly host with what \`unpark fix\` explores.

| programs | explored | of these completely | findings | patches proposed |
|---|---|---|---|---|
${rows.map(([name, { programs, complete, findings, candidates: some, failures }]) => `| ${name} | ${programs} | ${complete} | ${findings} | ${some}${failures.length > 0 ? ` (${failures.join("; ")})` : ""} |`).join("\n")}
`;
  if (argv.includes("--print")) console.log(page);
  else writeFileSync(join(root, "docs", "fixes-clean.md"), page);
  if (candidates > 0) exit(1);
} finally {
  if (!argv.includes("--keep")) rmSync(scratch, { recursive: true, force: true });
  else console.error(scratch);
}
