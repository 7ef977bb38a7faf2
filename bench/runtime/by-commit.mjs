// Has it become slower? Channels, a lock, and the orders of six answers, on the code of several commits side by side: each is taken out of git and translated by
// esbuild, and they take turns, a process each. Counted is processor time, for the machine is shared; the best round counts.
//
//   node bench/runtime/by-commit.mjs [--rounds=8] COMMIT… > bench/runtime/by-commit.txt
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { machine } from "../../scripts/machine.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const N = 200_000;

/** What is done so often in one measurement, by the modules of one commit. */
const PROGRAMS = {
  "round trips": async ({ Chan, go }) => {
    const [a, b] = [new Chan(), new Chan()];
    go(async () => {
      for (let i = 0; i < N; i++) {
        await a.recv();
        await b.send(i);
      }
    });
    for (let i = 0; i < N; i++) {
      await a.send(i);
      await b.recv();
    }
    return N;
  },
  "lock, unlock": async ({ sync }) => {
    const mu = new sync.Mutex();
    for (let i = 0; i < N; i++) {
      await mu.lock();
      await mu.unlock();
    }
    return N;
  },
  "select of two": async ({ Chan, go, recv, select }) => {
    const [a, b] = [new Chan(), new Chan()];
    for (const pipe of [a, b]) {
      go(async () => {
        for (let i = 0; i < N / 2; i++) await pipe.send(i);
      });
    }
    const cases = [recv(a), recv(b)];
    for (let i = 0; i < N; i++) await select(...cases);
    return N;
  },
  "orders of six answers": async ({ ControlledProgram, DepthFirst, explore, outside, recordAwaits }) => {
    const body = async () => {
      const ask = outside("ask");
      await Promise.all(Array.from({ length: 6 }, () => ask()));
    };
    const program = new ControlledProgram(body, { prover: recordAwaits, variables: "shared" });
    let orders = 0;
    for (let i = 0; i < 15; i++) {
      await program.turn();
      orders += (await explore(program, { strategy: new DepthFirst(), budget: 60_000 }, () => [])).coverage.schedules;
    }
    return orders;
  },
};
const MODULES = ["explore/explorer", "explore/strategies/depth-first", "promises/pending-awaits", "runtime/control/controlled-program", "index", "promises/outside"];

/** In a process of its own: how often a second of processor time, best of five. */
async function measure(folder) {
  const lib = Object.assign({}, ...(await Promise.all(MODULES.map((name) => import(join(folder, `${name}.js`))))));
  const rates = {};
  for (const [name, program] of Object.entries(PROGRAMS)) {
    let best = 0;
    for (let round = 0; round < 5; round++) {
      const before = process.cpuUsage();
      const times = await program(lib);
      const { user, system } = process.cpuUsage(before);
      best = Math.max(best, (times * 1e6) / (user + system));
    }
    rates[name] = best;
  }
  console.log(JSON.stringify(rates));
  process.exit(0);
}

function translated(folder, commit) {
  const home = join(folder, commit.replaceAll(/\W/g, "-"));
  mkdirSync(home);
  spawnSync("tar", ["-x", "-C", home], { input: execFileSync("git", ["archive", commit, "src", "package.json"], { cwd: ROOT, maxBuffer: 1 << 28 }) });
  symlinkSync(join(ROOT, "node_modules"), join(home, "node_modules"));
  const sources = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.test|\.d)\.ts$/.test(file));
  buildSync({ entryPoints: sources.map((file) => join(home, "src", file)), outdir: join(home, "dist/src"), outbase: join(home, "src"), format: "esm", target: "es2022" });
  return join(home, "dist/src");
}

function compare(commits, rounds) {
  const folder = mkdtempSync(join(tmpdir(), "unpark-by-commit-"));
  try {
    const all = commits.map((commit) => ({ commit, dist: translated(folder, commit), best: {} }));
    for (let round = 0; round < rounds; round++) {
      for (const { dist, best } of all) {
        const rates = JSON.parse(execFileSync(execPath, [fileURLToPath(import.meta.url), `--measure=${dist}`], { encoding: "utf8" }));
        for (const [name, rate] of Object.entries(rates)) best[name] = Math.max(best[name] ?? 0, rate);
      }
    }
    const names = Object.keys(PROGRAMS);
    console.log(`${Object.values(machine()).join(", ")}\na second of processor time, best of ${rounds} processes in turns, five measurements each\n`);
    console.log([" ".repeat(36), ...names.map((name) => name.padStart(23))].join(""));
    for (const { commit, best } of all) {
      const said = execFileSync("git", ["log", "-1", "--format=%h %ad", "--date=format:%F %H:%M", commit], { cwd: ROOT, encoding: "utf8" }).trim();
      console.log([`${commit.padEnd(10)} ${said}`.padEnd(36), ...names.map((name) => Math.round(best[name]).toLocaleString("en").padStart(23))].join(""));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const flag = (name) => argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
if (flag("measure") === undefined) compare(argv.slice(2).filter((word) => !word.startsWith("--")), Number(flag("rounds") ?? 8));
else await measure(flag("measure"));
