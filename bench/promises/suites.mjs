// False alarms: the suites of published packages, as their tarballs have them, with Unpark's one line of set-up and without.
//
//   node bench/promises/suites.mjs > bench/promises/suites.md
//
// It installs the exact versions below into a folder of its own (npm). A row: tests, how many pass, what is told as left behind:
// awaits that are proved, and that are merely pending. `judged` says of each proved line what its source shows; exit code 1 if
// a line is proved that nobody has judged, or if a test ends otherwise than without Unpark. Where the suite is vitest's, its own
// --detect-async-leaks runs, too.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** `needs`: what the tests import, as far as it is no dependency. `not`: files that need a build, a network or a compiler. */
const SUITES = [
  { name: "fastify", version: "5.12.8", files: /^test\/(hooks|close|plugin|register|inject|async|decorator|request|reply|context)[^/]*\.test\.js$/, not: /timeout|web-stream/, needs: ["undici@7.18.2", "form-data@4.0.5", "proxyquire@2.1.3", "split2@4.2.0", "@sinonjs/fake-timers@15.0.0", "ajv-errors@3.0.0", "ajv-formats@3.0.1", "ajv-i18n@4.2.0", "ajv-merge-patch@5.0.1", "joi@18.0.1", "yup@1.7.1", "fluent-json-schema@6.0.0", "fast-json-body@1.1.0", "json-schema-to-ts@3.1.1", "@stylistic/eslint-plugin@5.6.1", "simple-get@4.0.1", "fastify-plugin@5.1.0", "cross-env@10.1.0", "node-forge@1.3.3"] },
  { name: "avvio", version: "9.3.1", files: /^test\/[^/]*\.test\.js$/, not: /plugin-timeout/, needs: [] }, // those race two timers of 10 ms: 21 of 24 runs fail without Unpark on a full machine
  { name: "light-my-request", version: "6.8.1", files: /^test\/[^/]*\.test\.js$/, needs: ["@fastify/ajv-compiler@4.0.5", "end-of-stream@1.4.5", "express@5.2.1", "form-auto-content@3.2.1", "form-data@4.0.5", "formdata-node@6.0.3", "multer@2.0.2", "undici@7.18.2"] },
  { name: "find-my-way", version: "9.10.2", files: /^test\/[^/]*\.test\.js$/, needs: ["proxyquire@2.1.3", "rfdc@1.4.1"] },
  { name: "pino", version: "10.4.0", files: /^test\/[^/]*\.test\.js$/, not: /bundler|browser|transport|pkg|diagnostics/, needs: ["proxyquire@2.1.3", "strip-ansi@6.0.1", "flush-write-stream@2.0.0", "fastbench@1.0.1", "execa@5.1.1", "import-fresh@3.3.1", "@matteo.collina/tspl@0.2.0", "log@6.3.2", "midnight-smoker@1.1.1", "through2@4.0.2", "split2@4.2.0", "pump@3.0.3", "pino-pretty@13.1.2"] },
  { name: "thread-stream", version: "4.2.1", files: /^test\/[^/]*\.test\.js$/, not: /bundler|pkg|ts|bench|commonjs|transpiled/, needs: ["desm@1.3.1", "sonic-boom@5.0.0", "why-is-node-running@2.3.0"] },
  { name: "sonic-boom", version: "5.0.2", files: /^test\/[^/]*\.test\.js$/, needs: ["@sinonjs/fake-timers@15.0.0", "proxyquire@2.1.3"] },
  { name: "@fastify/multipart", version: "10.1.9", files: /^test\/[^/]*\.test\.js$/, not: /big/, needs: ["fastify@5.12.8", "form-data@4.0.5", "concat-stream@2.0.0", "readable-stream@4.7.0", "pump@3.0.3", "noop-stream@1.0.0", "ajv@8.17.1", "@fastify/swagger@9.6.1", "@fastify/swagger-ui@5.2.3", "h2url@0.2.0"] },
  { name: "@fastify/websocket", version: "11.3.7", files: /^test\/[^/]*\.test\.js$/, needs: ["fastify@5.12.8", "split2@4.2.0"] },
  { name: "@tanstack/query-core", version: "5.28.0", vitest: true, files: /^src\/tests\/.*\.test\.tsx$/, needs: ["vitest@4.1.11", "@testing-library/react@14.2.1", "react@18.2.0", "react-dom@18.2.0", "jsdom@24.0.0"] },
];

/** What the source shows of each line that was proved: `package file:line`. */
const JUDGED = {};

/** Copied once: a build beside the run changes nothing. */
const BUILD = mkdtempSync(join(tmpdir(), "unpark-suites-build-"));
for (const path of ["package.json", "dist/src"]) cpSync(join(ROOT, path), join(BUILD, path), { recursive: true });

const run = (command, args, cwd, env = {}) => spawnSync(command, args, { cwd, encoding: "utf8", timeout: 900_000, maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", CI: "1", NODE_TEST_CONTEXT: undefined, ...env } });

function install({ name, version, needs }, folder) {
  const packed = run("npm", ["pack", `${name}@${version}`, "--silent"], folder);
  const tarball = packed.stdout.trim().split("\n").at(-1);
  const suite = join(folder, "suite");
  mkdirSync(suite);
  run("tar", ["xzf", join(folder, tarball), "-C", suite, "--strip-components=1"], folder);
  const manifest = JSON.parse(readFileSync(join(suite, "package.json"), "utf8"));
  delete manifest.devDependencies;
  writeFileSync(join(suite, "package.json"), JSON.stringify({ ...manifest, scripts: {} }));
  const installed = run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps", "--no-save", ...needs], suite);
  if (installed.status !== 0) throw new Error(`npm install of ${name}: ${installed.stderr}`);
  const unpark = join(suite, "node_modules", "unpark");
  mkdirSync(unpark, { recursive: true });
  cpSync(BUILD, unpark, { recursive: true });
  return suite;
}

const filesOf = ({ files, not }, suite) => readdirSync(suite, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/")).filter((path) => files.test(path) && !not?.test(path)).sort();

/** One run of the whole suite: how many tests passed and failed, and what was printed. */
function runSuite(one, suite, setup) {
  if (one.vitest) return vitest(suite, setup === "unpark" ? ["--config", "unpark.config.mjs"] : ["--config", "plain.config.mjs", ...(setup === "vitest" ? ["--detect-async-leaks"] : [])]);
  const { stdout, stderr } = run(process.execPath, [...(setup === "unpark" ? ["--import", "unpark/node/timeouts"] : []), "--test", "--test-reporter=tap", "--test-concurrency=2", ...filesOf(one, suite)], suite);
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  return { passed: count("pass"), failed: count("fail") + count("cancelled"), text: `${stdout}\n${stderr}` };
}

function vitest(suite, args) {
  for (const [file, more] of [["plain.config.mjs", ""], ["unpark.config.mjs", ', setupFiles: ["unpark/vitest/timeouts"]']]) writeFileSync(join(suite, file), `export default { test: { environment: "jsdom", globals: true${more} } };\n`);
  const { stdout, stderr } = run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", ...args], suite);
  const line = /^\s*Tests\s+(.*)$/m.exec(stdout)?.[1] ?? "";
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), text: `${stdout}\n${stderr}`, leaks: /Async Leaks\s+(\d+)/.exec(stdout)?.[1] ?? /Leaks\s+(\d+)/.exec(stdout)?.[1] };
}

const lines = (text, pattern) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]))].sort();

let wrong = 0;
const chosen = process.argv.slice(2);
console.log("# Suites of published packages under `unpark/node/timeouts` and `unpark/vitest/timeouts`\n");
console.log("Written by `node bench/promises/suites.mjs`. Left behind: lines of awaits, each counted once.\n");
console.log("| package | tests | pass, fail without | with | left behind, proved | merely pending | vitest's --detect-async-leaks |\n|---|---|---|---|---|---|---|");
const proofs = [];
for (const one of SUITES.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const folder = mkdtempSync(join(tmpdir(), "unpark-suites-"));
  try {
    const suite = install(one, folder);
    // Tests that wait for real times differ from run to run on a full machine: what differs each time is a difference.
    let [without, with_, runs] = [undefined, undefined, 0];
    do [without, with_, runs] = [runSuite(one, suite, "none"), runSuite(one, suite, "unpark"), runs + 1];
    while (runs < 3 && (without.passed !== with_.passed || without.failed !== with_.failed));
    const detector = one.vitest ? (runSuite(one, suite, "vitest").leaks ?? "0") : "the suite is node:test's";
    const proved = lines(with_.text, /the await at (\S+) can never go on: proved/g);
    const pending = lines(with_.text, /the await at (\S+) has not gone on/g);
    if (process.env.SUITES_LOG !== undefined) writeFileSync(join(process.env.SUITES_LOG, `${one.name.replace(/\W/g, "-")}.log`), `${without.text}\n=======\n${with_.text}`);
    proofs.push(...proved.map((place) => `${one.name} ${place}`));
    if (without.passed !== with_.passed || without.failed !== with_.failed) wrong++;
    console.log(`| ${one.name} ${one.version} | ${without.passed + without.failed} | ${without.passed}, ${without.failed} | ${with_.passed}, ${with_.failed}${runs > 1 ? ` (run ${runs})` : ""} | ${proved.length} | ${pending.length} | ${detector} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
rmSync(BUILD, { recursive: true, force: true });
console.log(`\n## What was proved\n`);
for (const proof of proofs) console.log(`- \`${proof}\`: ${JUDGED[proof] ?? "not judged"}`);
wrong += proofs.filter((proof) => JUDGED[proof] === undefined).length;
process.exitCode = wrong === 0 ? 0 : 1;
