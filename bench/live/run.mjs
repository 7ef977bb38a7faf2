// Services on loopback, as a service is after some minutes, read by `unpark inspect`: healthy ones, of which none may have
// a suspect above low, and leaky ones, each of which forgets one thing 30 times. Writes bench/live/results.md.
//   node bench/live/run.mjs [--rest 330] [--keep FOLDER | --from FOLDER] [--print] [names]
// Needs PostgreSQL (Debian: apt-get install postgresql) for those with sql or pgx in their names: the script starts one of
// its own in a temporary folder, and as root it does so as the user postgres. What it starts it ends.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, table } from "../../scripts/goker-pool.mjs";

const { words, flag, option } = commandLine();
const rest = Number(option("--rest", "330"));
const from = option("--from", undefined);
const folder = option("--keep", from) ?? mkdtempSync(join(tmpdir(), "unpark-live-"));
const kept = process.argv.includes("--keep") || from !== undefined;
const print = flag("--print");
const here = fileURLToPath(new URL(".", import.meta.url));
const unpark = fileURLToPath(new URL("../../bin/unpark.js", import.meta.url));
/** The forms a service is asked for: its whole text, and the profile that `watch` takes. */
const FORMS = ["2", "0"];

// ---- PostgreSQL

function postgresFolder() {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function startPostgres() {
  const bin = postgresFolder();
  if (bin === undefined) return undefined;
  const data = mkdtempSync(join(tmpdir(), "unpark-postgres-"));
  const root = process.getuid() === 0;
  const ids = root ? { uid: Number(execFileSync("id", ["-u", "postgres"])), gid: Number(execFileSync("id", ["-g", "postgres"])) } : {};
  if (root) chownSync(data, ids.uid, ids.gid);
  chmodSync(data, 0o700);
  execFileSync(join(bin, "initdb"), ["-D", join(data, "db"), "-U", "live", "-A", "trust", "--no-sync"], { ...ids, cwd: data, stdio: "ignore" });
  const port = await freePort();
  const child = spawn(join(bin, "postgres"), ["-D", join(data, "db"), "-p", String(port), "-k", data, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "fsync=off"], { ...ids, cwd: data, stdio: "ignore" });
  const ended = new Promise((done) => child.once("exit", done));
  for (let i = 0; i < 100 && spawnSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" }).status !== 0; i++) await pause(0.1);
  return {
    url: `postgres://live@127.0.0.1:${port}/postgres?sslmode=disable`,
    stop: async () => {
      child.kill("SIGQUIT"); // at once: nothing in it is to be kept
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// ---- the services

async function start(binary, name, env) {
  const child = spawn(binary, [name], { stdio: ["pipe", "pipe", "inherit"], env });
  const ended = new Promise((done) => child.once("exit", done));
  let text = "";
  const said = new Promise((done) => child.stdout.on("data", (data) => {
    text += data;
    if (/listening on http\S+ pid/.test(text)) done(text);
  }));
  const url = /listening on (http\S+)/.exec(await Promise.race([said, ended.then(() => "")]))?.[1];
  if (url === undefined) throw new Error(`${name} did not start`);
  return { name, url, stop: async () => { child.stdin.end(); await ended; } };
}

async function takeDumps() {
  const binary = join(folder, "live");
  execFileSync("go", ["build", "-o", binary, "."], { cwd: here, stdio: "inherit" });
  const postgres = await startPostgres();
  const running = [];
  try {
    for (const { kind, name } of list(binary)) {
      if (/sql|pgx/.test(name) && postgres === undefined) console.error(`${name}: left out, no PostgreSQL (Debian: apt-get install postgresql)`);
      else running.push({ kind, ...(await start(binary, name, { ...process.env, LIVE_POSTGRES: postgres?.url ?? "" })) });
    }
    await pause(rest);
    for (const { kind, name, url } of running) {
      for (const form of FORMS) {
        const answer = await fetch(`${url}/debug/pprof/goroutine?debug=${form}`);
        writeFileSync(join(folder, `${kind}.${name}.${form}`), Buffer.from(await answer.arrayBuffer()));
      }
    }
  } finally {
    for (const { stop } of running) await stop();
    await postgres?.stop();
    rmSync(binary, { force: true });
  }
}

const list = (binary) => execFileSync(binary, [], { encoding: "utf8" }).trim().split("\n").map((line) => {
  const [kind, name] = line.split(" ");
  return { kind, name };
}).filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

function inspect(file) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [unpark, "inspect", "--json", file], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return JSON.parse(stdout).snapshots[0];
}

mkdirSync(folder, { recursive: true });
if (from === undefined) await takeDumps();
const looked = readdirSync(folder).filter((file) => /^(healthy|leaky)\..*\.[02]$/.test(file) && (words.length === 0 || words.some((word) => file.includes(word)))).sort().map((file) => {
  const [kind, name, form] = file.split(".");
  const { goroutines, suspects } = inspect(join(folder, file));
  return { kind, name, form, goroutines, suspects: suspects.filter(({ confidence }) => confidence !== "low"), low: suspects.filter(({ confidence }) => confidence === "low").length };
});
if (!kept) rmSync(folder, { recursive: true });

/** What a leaky service forgets, as a suspect may name it: by the rule and its words, or by the function of the service's own. */
const { EXPECTED } = await import("./expected.mjs");
const named = ({ name, suspects }) => suspects.findIndex((suspect) => EXPECTED[name].test(`${suspect.rule} ${suspect.cause} ${suspect.blamed.function} ${suspect.evidence.join("; ")}`));
const shown = ({ suspects }) => suspects.slice(0, 3).map(({ confidence, rule, cause, count, blamed }) => `${confidence} ${rule}: ${count} × ${blamed.function.split("/").at(-1)} (${cause})`).join("<br>");
const names = (kind) => [...new Set(looked.filter((one) => one.kind === kind).map(({ name }) => name))];
const of = (name, form) => looked.find((one) => one.name === name && one.form === form);

const quiet = (form) => names("healthy").filter((name) => of(name, form).suspects.length === 0).length;
const found = (form) => names("leaky").filter((name) => named(of(name, form)) === 0);
const page = `# Live services, read by \`unpark inspect\`

Written by \`node bench/live/run.mjs\`; do not edit. ${execFileSync("go", ["version"], { encoding: "utf8" }).trim()}; each service ran for ${rest} s
before it was asked, on loopback, with a light load; asked for its whole text (debug=2) and for the profile (debug=0), and read without any flag.

## Healthy

**Without a suspect above low: ${quiet("2")} of ${names("healthy").length} in debug=2, ${quiet("0")} in debug=0** (a profile has neither numbers nor times nor starters: what
is on its way looks as what hangs). *Low*: groups that stay a note.

${table(["service", "goroutines", "debug=2", "low", "debug=0", "low"], names("healthy").map((name) => [name, of(name, "2").goroutines, ...FORMS.flatMap((form) => [shown(of(name, form)) || "none", of(name, form).low])]))}

## Leaky

Each forgets one thing 30 times (bench/live/*.go). **Named first: ${found("2").length} of ${names("leaky").length} in debug=2, ${found("0").length} in debug=0.** What names it: bench/live/expected.mjs.

${table(["service", "goroutines", "named in debug=2", "suspects", "named in debug=0", "suspects"], names("leaky").map((name) => [name, of(name, "2").goroutines, ...FORMS.flatMap((form) => { const at = named(of(name, form)); return [at < 0 ? "**no**" : `${at + 1}.`, shown(of(name, form))]; })]))}
`;
if (print) console.log(page);
else writeFileSync(join(here, "results.md"), page);
console.error(`healthy: ${quiet("2")} and ${quiet("0")} of ${names("healthy").length} quiet; leaky: ${found("2").length} and ${found("0").length} of ${names("leaky").length} named first`);
process.exit(quiet("2") === names("healthy").length ? 0 : 1);
