// `npm test`: builds, then the types, the import law, the lint, and every *.test.js under dist/ in Node's own
// runner, one process a file. `npm test -- host explore` runs only the tests whose path contains a word; `--times`
// says at the end where the time went. What failed is said last of all.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./tests/bundled.mjs";
import { failedTests, parseOutcomes, slowestFiles } from "./tests/summary.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2).filter((word) => word !== "--times");
const times = process.argv.includes("--times");
const run = (...argv) => {
  const { status } = spawnSync(argv[0], argv.slice(1), { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

/** Runs beside the tests: the lint takes one core for 40 s, and files of tests seldom keep both busy to the end. */
function lint() {
  const child = spawn(process.execPath, ["node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."], { cwd: root });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => said.push(piece));
  return new Promise((resolve) => {
    child.on("close", (status) => resolve({ status: status ?? 1, said: Buffer.concat(said) }));
  });
}

/** Tests that a user of Unpark could have: the documents' commands run them, and some fail as they should. */
const USERS = /^dist[/\\]test[/\\]docs[/\\]project[/\\]/;

/** One file more than processors: files that wait for servers, browsers and timers leave theirs idle for a tenth of the time. */
const SIDE_BY_SIDE = availableParallelism() + 1;

/** In any order: Node's runner sorts what it is given. */
function testFiles() {
  return ["dist/src", "dist/test"]
    .filter((dir) => existsSync(join(root, dir)))
    .flatMap((dir) => readdirSync(join(root, dir), { recursive: true, encoding: "utf8" }).map((file) => join(dir, file)))
    .filter((file) => file.endsWith(".test.js") && !USERS.test(file) && (words.length === 0 || words.some((word) => file.includes(word))));
}

/** What the runner prints stays as it is: its outcomes are written to a file beside it, and what failed is read from there. */
async function runTests(files) {
  const folder = mkdtempSync(join(tmpdir(), "unpark-tests-"));
  const outcomes = join(folder, "outcomes");
  const cpuTimes = join(folder, "cpu-times");
  const argv = [
    "--enable-source-maps", ...(times ? ["--import", "./scripts/tests/cpu-time.mjs"] : []), "--test", `--test-concurrency=${SIDE_BY_SIDE}`,
    `--test-reporter=${process.stdout.isTTY ? "spec" : "tap"}`, "--test-reporter-destination=stdout",
    "--test-reporter=./scripts/tests/outcomes.mjs", `--test-reporter-destination=${outcomes}`, ...files,
  ];
  const tests = spawn(process.execPath, argv, { cwd: root, stdio: "inherit", env: { ...process.env, ...(times ? { TESTS_CPU_TIMES: cpuTimes } : {}) } });
  const status = await new Promise((resolve) => tests.on("close", resolve));
  const read = (file) => (existsSync(file) ? parseOutcomes(readFileSync(file, "utf8")) : []);
  if (times) process.stdout.write(slowestFiles(read(outcomes), read(cpuTimes), root));
  process.stdout.write(failedTests(read(outcomes), root));
  rmSync(folder, { recursive: true, force: true });
  return status;
}

run(process.execPath, "scripts/build.mjs", ...(words.length === 0 ? ["--clean"] : []));
if (words.length === 0) run(process.execPath, "scripts/layers.mjs");
const linted = words.length === 0 ? lint() : undefined;
const files = testFiles();
if (files.length === 0) {
  // Without files Node's runner would look for tests itself, and run all that there are.
  process.stderr.write(`no test's path contains ${words.join(" or ")}\n`);
  process.exit(1);
}
await bundle(root.replace(/[\\/]$/, ""));
const status = await runTests(files);
const { status: lintStatus, said } = (await linted) ?? { status: 0, said: "" };
if (lintStatus !== 0) process.stdout.write(`\nlint:\n${said}`);
process.exit(status || lintStatus || 0);
