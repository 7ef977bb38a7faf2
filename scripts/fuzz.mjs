// `node scripts/fuzz.mjs [SECONDS] [TARGET…]`: everything that reads bytes of others (test/fuzz/targets.ts), by Jazzer.js, which is
// libFuzzer for Node. SECONDS are shared by the targets. What reaches new code joins fixtures/fuzz (minimised, one input a
// line, in base64), a run of all targets is written to bench/torture/fuzz.json. Jazzer.js is no dependency of the package: it is
// installed into a folder of its own (UNPARK_JAZZER, or below the temporary one), and its library needs glibc 2.38: where the
// system's is older (Debian 12 has 2.36), Debian's libc6 of 13 is unpacked beside it, and node started by its loader.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { machine } from "./machine.mjs";
import { TARGETS } from "../dist/test/fuzz/targets.js";

const VERSION = "4.0.0";
const [first = "60", ...words] = process.argv.slice(2);
const seconds = Number(first);
const names = words.length > 0 ? words : Object.keys(TARGETS);
const root = fileURLToPath(new URL("..", import.meta.url));
const kept = join(root, "fixtures/fuzz");
const home = process.env.UNPARK_JAZZER ?? join(tmpdir(), `unpark-jazzer-${VERSION}`);
const work = mkdtempSync(join(tmpdir(), "unpark-fuzz-run-"));
/** What most is read by has more of the time. */
const SHARE = { dump: 5, pieces: 2, inspect: 4, report: 2, settings: 2 };
const MOST_KEPT = 60;
const MOST_FOUND = 3;

const fail = (why) => { console.error(`fuzz: ${why}`); process.exit(2); };
const node = install();
const shares = names.reduce((sum, name) => sum + (SHARE[name] ?? 1), 0);
mkdirSync(kept, { recursive: true });
const rows = [];
for (const name of names) {
  const row = await fuzz(name, Math.max(5, (seconds * (SHARE[name] ?? 1)) / shares));
  rows.push(row);
  keep();
  console.log(`${row.found.length === 0 ? "ok  " : "FAIL"} ${name}: ${row.executions} executions in ${row.seconds} s, ${row.edges} edges, ${row.features} features, ${row.kept} inputs kept${row.found.map(({ problem }) => `\n     ${problem}`).join("")}`);
}
const found = rows.reduce((total, row) => total + row.found.length, 0);
console.log(`${rows.reduce((total, row) => total + row.executions, 0)} executions of ${rows.length} targets, ${found} found`);
rmSync(work, { recursive: true, force: true });
process.exit(found > 0 ? 1 : 0);

/** After each target: an hour's run may be cut short. Of a run of some targets, what is known of the others stays. */
function keep() {
  const file = join(root, "bench/torture/fuzz.json");
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).targets ?? []) : [];
  const all = Object.keys(TARGETS).flatMap((name) => [rows, known].flatMap((some) => some.filter((row) => row.name === name)).slice(0, 1));
  const sum = (of) => Math.round(all.reduce((total, row) => total + of(row), 0));
  const result = { date: new Date().toISOString().slice(0, 10), fuzzer: `@jazzer.js/core ${VERSION} (libFuzzer)`, ...machine(), glibc: libc(), seconds: sum((row) => row.seconds), executions: sum((row) => row.executions), found: sum((row) => row.found.length), targets: all };
  writeFileSync(file, `${JSON.stringify(result, undefined, 1)}\n`);
}

/** Jazzer.js and, where it does not load, a libc for it; answers the program that starts node. */
function install() {
  mkdirSync(home, { recursive: true });
  if (!existsSync(join(home, "node_modules/@jazzer.js/core"))) {
    writeFileSync(join(home, "package.json"), '{ "private": true }\n');
    const { status, stderr } = spawnSync("npm", ["install", "--save-exact", "--no-audit", "--no-fund", `@jazzer.js/core@${VERSION}`], { cwd: home, encoding: "utf8" });
    if (status !== 0) fail(`@jazzer.js/core ${VERSION} cannot be installed: ${stderr.slice(-500)}`);
  }
  // Its argv[0] is what libFuzzer starts again to minimise a corpus.
  writeFileSync(join(home, "start.cjs"), `process.argv[0] = process.env.UNPARK_FUZZ_NODE;\nrequire("@jazzer.js/core/dist/cli.js");\n`);
  const loads = (program) => spawnSync(program, ["-e", 'require("@jazzer.js/fuzzer")'], { cwd: home, encoding: "utf8" });
  const own = loads(process.execPath);
  if (own.status === 0) return process.execPath;
  if (!/GLIBC_/.test(own.stderr)) fail(`Jazzer.js cannot be loaded: ${own.stderr.slice(0, 500)}`);
  const program = join(home, "node-with-libc");
  if (!existsSync(program)) {
    // apt with folders of its own: the system's lists and packages stay as they are.
    for (const folder of ["parts", "lists/partial", "cache/archives/partial", "debs"]) mkdirSync(join(home, "apt", folder), { recursive: true });
    writeFileSync(join(home, "apt/parts/trixie.sources"), "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
    const apt = (...argv) => spawnSync("apt-get", ["-o", "Dir::Etc::sourcelist=/dev/null", "-o", `Dir::Etc::sourceparts=${home}/apt/parts`, "-o", `Dir::State::lists=${home}/apt/lists`, "-o", `Dir::Cache=${home}/apt/cache`, ...argv], { cwd: join(home, "apt/debs"), encoding: "utf8" });
    for (const argv of [["update"], ["download", "libc6/trixie", "libgcc-s1/trixie", "libstdc++6/trixie"]]) {
      const { status, stderr } = apt(...argv);
      if (status !== 0) fail(`this system's glibc is older than 2.38, which Jazzer.js needs, and apt-get ${argv[0]} failed: ${stderr.slice(-500)}`);
    }
    for (const deb of readdirSync(join(home, "apt/debs"))) spawnSync("dpkg-deb", ["-x", join(home, "apt/debs", deb), join(home, "root")]);
    const libraries = join(home, "root/usr/lib/x86_64-linux-gnu");
    writeFileSync(program, `#!/bin/sh\nexec "${libraries}/ld-linux-x86-64.so.2" --library-path "${libraries}" "${process.execPath}" "$@"\n`);
    chmodSync(program, 0o755);
  }
  const other = loads(program);
  return other.status === 0 ? program : fail(`Jazzer.js cannot be loaded with Debian 13's libc: ${other.stderr.slice(0, 500)}`);
}

function libc() {
  return spawnSync(node, ["-p", "process.report.getReport().header.glibcVersionRuntime"], { encoding: "utf8" }).stdout.trim();
}

async function fuzz(name, most) {
  const target = TARGETS[name] ?? fail(`there is no target '${name}': ${Object.keys(TARGETS).join(", ")}`);
  const [seeds, corpus, artifacts] = ["seeds", "corpus", "artifacts"].map((folder) => join(work, name, folder));
  for (const folder of [seeds, corpus, artifacts]) mkdirSync(folder, { recursive: true });
  const put = (folder, bytes) => writeFileSync(join(folder, createHash("sha256").update(bytes).digest("hex").slice(0, 16)), bytes);
  for (const seed of target.seeds()) put(seeds, Buffer.from(seed));
  const file = join(kept, `${name}.txt`);
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) if (line !== "") put(corpus, Buffer.from(line, "base64"));
  const begin = Date.now();
  const found = [];
  let executions = 0, edges = 0, features = 0, slow = 0;
  for (let left = most; left >= 5 && found.length < MOST_FOUND; left = most - (Date.now() - begin) / 1000) {
    const { out, code } = await jazzer(name, target, [corpus, seeds], [`-max_total_time=${Math.round(left)}`, `-artifact_prefix=${artifacts}/`, "-print_final_stats=1", "-max_len=4096", "-rss_limit_mb=3000", "-reload=0"]);
    const counts = [...out.matchAll(/^#(\d+)\s.*cov: (\d+) ft: (\d+)/gm)];
    executions += Number(/number_of_executed_units: (\d+)/.exec(out)?.[1] ?? counts.at(-1)?.[1] ?? 0);
    for (const [, , cov, ft] of counts) [edges, features] = [Math.max(edges, Number(cov)), Math.max(features, Number(ft))];
    if (code === 0) break;
    if (target.slow && /libFuzzer: timeout/.test(out)) { slow++; continue; }
    const crash = readdirSync(artifacts).map((one) => join(artifacts, one))[0];
    const input = crash === undefined ? "" : readFileSync(crash).toString("base64");
    found.push({ problem: (/(?:==\d+== (?!WARNING)|Uncaught Exception|ERROR: libFuzzer)[^\n]*(?:\n(?!MS:)[^\n]*){0,12}/.exec(out)?.[0] ?? out.slice(-500)).replaceAll(root, "").replaceAll("file://", ""), input });
    for (const one of readdirSync(artifacts)) rmSync(join(artifacts, one));
  }
  const spent = Math.round((Date.now() - begin) / 100) / 10;
  const smaller = join(work, name, "smaller");
  mkdirSync(smaller);
  const merged = await jazzer(name, target, [smaller, corpus, seeds], ["-merge=1", "-rss_limit_mb=3000"]);
  const inputs = [];
  for (const one of readdirSync(smaller).map((file) => readFileSync(join(smaller, file))).sort((a, b) => a.length - b.length)) {
    const start = Date.now();
    if (target.slow) target.run(one); // those that are slow are known, and would only keep the test that does them again waiting
    if (Date.now() - start < 50 && inputs.length < MOST_KEPT) inputs.push(one);
  }
  if (merged.code === 0 && inputs.length > 0) writeFileSync(file, `${inputs.map((one) => one.toString("base64")).join("\n")}\n`);
  return { name, what: target.what, seconds: spent, executions, edges, features, kept: inputs.length, ...(slow > 0 ? { endedByTime: slow } : {}), found };
}

function jazzer(name, target, folders, flags) {
  const sync = target.run.constructor.name === "AsyncFunction" ? [] : ["--sync"];
  const argv = [join(home, "start.cjs"), join(root, "scripts/fuzz-entry.mjs"), ...folders, "-i", "dist/src/", "-i", "fzstd", "-e", "/testing/", "-m", "fuzzing", "--disable_bug_detectors", "ssrf", "--timeout", target.slow ? "3000" : "60000", ...sync, "--", ...flags];
  return new Promise((resolve) => {
    const child = spawn(node, argv, { cwd: work, env: { ...process.env, UNPARK_FUZZ_TARGET: name, UNPARK_FUZZ_NODE: node }, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => { out = (out + data).slice(-4_000_000); });
    child.on("close", (code) => resolve({ out, code }));
  });
}
