// The twenty programs of programs.mjs under a plain test with a time-out, vitest's detector of async leaks, fast-check's
// scheduler, effect's TestClock, and Unpark (in the runner, by one line of set-up; and explored).
//
//   node bench/promises/side-by-side.mjs > bench/promises/side-by-side.md
//
// It installs the exact versions below into a folder of its own (npm). Each program runs in a process of its own; a time is what
// the one test took, without the start of its process. Set-up: the lines between the marks of each tool below, beyond the
// program itself. Exit code 1 if Unpark does not say what is to be said.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PROGRAMS } from "./programs.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TOOLS = { vitest: "4.1.11", "fast-check": "4.10.2", effect: "3.22.4" };
const TIME_OUT = 5_000; // vitest's default

const TESTS = {
  // <plain>
  plain: (program, world) => program.body({ ...world, ask: (_, f) => async (...args) => (await world.sleep(1), f(...args)) }),
  // </plain>

  // <fast-check>
  "fast-check": async (program, world) => {
    const { default: fc } = await import(world.module("fast-check"));
    await fc.assert(fc.asyncProperty(fc.scheduler(), async (s) => {
      const ask = (_, f) => s.scheduleFunction(async (...args) => f(...args));
      const sleep = () => s.schedule(Promise.resolve(), "sleep");
      await s.waitFor(program.body({ ...world, ask, sleep }));
    }), { timeout: TIME_OUT, endOnFailure: true });
  },
  // </fast-check>

  // <effect>
  effect: async (program, world) => {
    const { Effect, Fiber, Runtime, TestClock, TestContext } = await import(world.module("effect"));
    await Effect.gen(function* () {
      const run = Runtime.runPromise(yield* Effect.runtime());
      const sleep = (ms) => run(Effect.sleep(ms));
      const ask = (_, f) => async (...args) => (await sleep(1), f(...args));
      const fiber = yield* Effect.fork(Effect.tryPromise(() => program.body({ ...world, ask, sleep })));
      for (let i = 0; i < 200 && fiber.unsafePoll() === null; i++) {
        yield* TestClock.adjust(100);
        yield* Effect.promise(() => new Promise(setImmediate));
      }
      yield* Fiber.join(fiber);
    }).pipe(Effect.provide(TestContext.TestContext), Effect.runPromise);
  },
  // </effect>

  // <explore>
  explore: async (program, world) => {
    const { explore } = await import(world.module("unpark/testing"));
    if (program.repeat) await explore(() => program.body(world), { repeat: 100 });
    else await explore(({ outside }) => program.body({ ...world, ask: outside }), { complete: program.is === "none", budget: 20_000 });
  },
  // </explore>
};

// <in-runner>
const IN_RUNNER = 'setupFiles: ["unpark/vitest/timeouts"]';
// </in-runner>

const text = readFileSync(fileURLToPath(import.meta.url), "utf8");
const setupLines = (name) => new RegExp(`// <${name}>\n([^]*?)\n *// </${name}>`).exec(text)[1].split("\n").length;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function worldOf(folder, program) {
  const require = createRequire(join(folder, "x.js"));
  const module = (name) => name === "unpark/testing" ? pathToFileURL(join(folder, "node_modules/unpark/dist/src/testing.js")).href : name === "effect" ? pathToFileURL(join(folder, "node_modules/effect/dist/esm/index.js")).href : pathToFileURL(require.resolve(name)).href;
  return { sleep, module, pkg: program.pkg };
}

const alias = (needs) => needs.replace("@", "-");
const entryOf = (folder, name) => {
  const manifest = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
  const pick = (target) => (typeof target !== "object" ? target : pick(target.import ?? target.node ?? target.default ?? target.require));
  const { exports = {} } = manifest;
  return join(folder, "node_modules", name, pick(typeof exports === "object" && "." in exports ? exports["."] : exports) ?? manifest.main ?? "index.js");
};
const loaded = async (folder, program) => (program.needs === undefined ? undefined : import(pathToFileURL(entryOf(folder, alias(program.needs))).href));

/** One program under one tool, in a process of its own. */
async function child(folder, tool, index) {
  const program = { ...PROGRAMS[index] };
  program.pkg = await loaded(folder, program);
  const world = worldOf(folder, program);
  await import(world.module(tool === "explore" ? "unpark/testing" : tool)).catch(() => undefined); // its loading is no part of the time
  const begun = performance.now();
  const alive = setInterval(() => undefined, 1_000);
  const said = await Promise.race([
    TESTS[tool](program, world).then(() => ({ kind: "passed" }), (error) => ({ kind: "failed", message: String(error?.message ?? error), examination: error?.examination })),
    sleep(TIME_OUT).then(() => ({ kind: "time-out" })),
  ]);
  clearInterval(alive);
  const milliseconds = Math.round(performance.now() - begun);
  const { kind, message = "", examination } = said;
  const found = (examination?.findings ?? []).map(({ verdict, blocked, cause }) => `${verdict}${cause === "unknown" ? "" : ` (${cause})`} at ${blocked.file.split("/").at(-1)}:${blocked.line}`);
  process.stdout.write(JSON.stringify({ kind: kind === "failed" && /timeout: exceeded/.test(message) ? "time-out" : kind, milliseconds, found: found.length > 0 ? [...new Set(found)] : examination === undefined ? [] : [`${examination.outcome} in every order`], message: message.split("\n")[0] }));
  exit(0);
}

/** The same tests in vitest: plain, with its detector, with Unpark's one line. */
function vitest(folder, setup) {
  writeFileSync(join(folder, "vitest.config.mjs"), `export default { test: { include: ["p*.test.mjs"], maxWorkers: 2, ${setup === "unpark" ? IN_RUNNER : ""} } };\n`);
  const { stdout, stderr } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--reporter=default", "--reporter=json", "--outputFile.json=out.json", ...(setup === "detector" ? ["--detect-async-leaks"] : [])], { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", CI: "1", NODE_OPTIONS: "" }, maxBuffer: 1 << 28 });
  const out = JSON.parse(readFileSync(join(folder, "out.json"), "utf8"));
  const all = `${stdout}\n${stderr}`;
  return PROGRAMS.map((_, i) => {
    const file = out.testResults.find(({ name }) => name.endsWith(`/p${i}.test.mjs`));
    const [test] = file.assertionResults;
    const message = test.failureMessages.join("\n");
    const leaks = [...all.matchAll(new RegExp(`(\\w+) leaking in p${i}\\.test\\.mjs`, "g"))].map((match) => match[1]);
    const left = new RegExp(`"program ${i}" leaves behind: the await at (\\S+) can never go on: proved`).exec(all)?.[1];
    const kind = test.status === "passed" ? "passed" : /timed out|STACK_TRACE_ERROR/.test(message) || test.duration >= TIME_OUT ? "time-out" : "failed";
    return { kind, milliseconds: Math.round(test.duration), message: message.split("\n")[0], leaks, proved: /the await at (\S+) can never go on: proved/.exec(message)?.[1] ?? left };
  });
}

const cell = (words, milliseconds) => `${words}; ${milliseconds} ms`;
const WORDS = { passed: "nothing", failed: "wrong result", "time-out": "time-out" };

function main() {
  const folder = mkdtempSync(join(tmpdir(), "unpark-side-"));
  try {
    const packages = [...new Set(PROGRAMS.flatMap(({ needs }) => needs ?? []))];
    const dependencies = { ...TOOLS, ...Object.fromEntries(packages.map((needs) => [alias(needs), `npm:${needs}`])) };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
    const installed = spawnSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder, encoding: "utf8" });
    if (installed.status !== 0) throw new Error(`npm install failed: ${installed.stderr}`);
    mkdirSync(join(folder, "node_modules/unpark"), { recursive: true });
    for (const path of ["package.json", "dist/src"]) cpSync(join(ROOT, path), join(folder, "node_modules/unpark", path), { recursive: true });
    cpSync(join(ROOT, "bench/promises/programs.mjs"), join(folder, "programs.mjs"));
    PROGRAMS.forEach(({ needs }, i) => writeFileSync(join(folder, `p${i}.test.mjs`), `
import { it } from "vitest";
import { PROGRAMS } from "./programs.mjs";
${needs === undefined ? "const pkg = undefined;" : `import * as pkg from "${alias(needs)}";`}
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ask = (_, f) => async (...args) => (await sleep(1), f(...args));
it("program ${i}", () => PROGRAMS[${i}].body({ ask, sleep, pkg }));
`));
    const runners = { plain: vitest(folder, "plain"), detector: vitest(folder, "detector"), unpark: vitest(folder, "unpark") };
    const run = (tool, i) => {
      const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, tool, String(i)], { encoding: "utf8" });
      return stdout === "" ? { kind: "failed", milliseconds: 0, found: [], message: `did not run: ${stderr.trim().split("\n").at(-1)}` } : JSON.parse(stdout);
    };
    const rows = PROGRAMS.map((program, i) => {
      const [fc, effect, explore] = ["fast-check", "effect", "explore"].map((tool) => run(tool, i));
      const said = [
        cell(WORDS[runners.plain[i].kind], runners.plain[i].milliseconds),
        cell(runners.detector[i].leaks.length > 0 ? `${WORDS[runners.detector[i].kind] === "nothing" ? "" : `${WORDS[runners.detector[i].kind]}, `}leaks: ${[...new Set(runners.detector[i].leaks)].join(", ")}` : WORDS[runners.detector[i].kind], runners.detector[i].milliseconds),
        cell(WORDS[fc.kind], fc.milliseconds),
        cell(WORDS[effect.kind], effect.milliseconds),
        cell(runners.unpark[i].proved === undefined ? WORDS[runners.unpark[i].kind] : `${runners.unpark[i].kind === "passed" ? "" : "time-out, "}proved: ${runners.unpark[i].proved.split("/").at(-1)}`, runners.unpark[i].milliseconds),
        cell(explore.kind === "passed" ? "nothing" : explore.found.join(", ") || explore.message, explore.milliseconds),
      ];
      const finds = { plain: runners.plain[i].kind, detector: runners.detector[i].leaks.length > 0 ? "failed" : runners.detector[i].kind, "fast-check": fc.kind, effect: effect.kind, "in-runner": runners.unpark[i].proved === undefined ? runners.unpark[i].kind : "failed", explore: explore.kind };
      return { program, said, finds };
    });
    report(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const COLUMNS = ["plain", "detector", "fast-check", "effect", "in-runner", "explore"];

function report(rows) {
  console.log("# Side by side: twenty programs of ordinary async code\n\nWritten by `node bench/promises/side-by-side.mjs`; the programs are in programs.mjs. A time-out says that something hangs or is slow,");
  console.log(`and not what. ${Object.entries(TOOLS).map(([name, version]) => `${name} ${version}`).join(", ")}; Node ${process.versions.node}; 5 s for each test; a machine that others use, too.\n`);
  console.log("| program | is | plain test, time-out | vitest --detect-async-leaks | fast-check's scheduler | effect's TestClock | unpark/vitest/timeouts | explore |\n|---|---|---|---|---|---|---|---|");
  for (const { program, said } of rows) console.log(`| ${program.name} | ${program.is === "none" ? "correct" : program.is} | ${said.join(" | ")} |`);
  // What is left behind is no wrong order.
  const count = (is, column) => rows.filter(({ program, finds, said }) => program.is === is && finds[column] !== "passed" && !(is === "order" && /^leaks/.test(said[COLUMNS.indexOf(column)]))).length;
  const total = (is) => rows.filter(({ program }) => program.is === is).length;
  const line = (words, of) => console.log(`| ${words} | ${COLUMNS.map(of).join(" | ")} |`);
  console.log("\n## In numbers\n\n| | plain | detector | fast-check | TestClock | in the runner | explore |\n|---|---|---|---|---|---|---|");
  line(`wrong orders shown, of ${total("order")}`, (column) => count("order", column));
  line(`hangs noticed (time-out, or proved), of ${total("hang")}`, (column) => count("hang", column));
  line(`hangs with the await that can never go on, of ${total("hang")}`, (column) => rows.filter(({ program, said }) => program.is === "hang" && /proved|deadlock|leaked/.test(said[COLUMNS.indexOf(column)])).length);
  line(`left behind, of ${total("left")}`, (column) => count("left", column));
  line(`alarms on correct programs, of ${total("none")}`, (column) => count("none", column));
  line("lines of set-up", (column) => setupLines(column === "detector" ? "plain" : column));
  const missed = rows.filter(({ program, finds }) => (finds.explore === "passed") !== (program.is === "none"));
  if (missed.length > 0) console.log(`\nexplore is wrong about: ${missed.map(({ program }) => program.name).join("; ")}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

if (argv.length > 3) await child(argv[2], argv[3], Number(argv[4]));
else main();
