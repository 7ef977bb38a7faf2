// Ordinary code that calls the global fetch, which msw, undici's MockAgent or a function of the test's own answers: what `explore` finds without a wrapper.
//
//   node scripts/build.mjs && node bench/promises/mocked-fetch.mjs > bench/promises/mocked-fetch.md
//
// It installs the exact versions below into a folder of its own (npm), explores each program, and writes the table; exit code 1 if a row is not as expected.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exit } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { machine } from "../../scripts/machine.mjs";

const VERSIONS = { msw: "2.15.0", undici: "7.30.2" };
const { examineTs } = await import(fileURLToPath(new URL("../../dist/src/testing.js", import.meta.url)));

const words = (path) => `answer to ${path.split("/").pop()}`;
/** Each puts its answers in place; `late`: they come after 20 ms of the clock. */
const MOCKS = {
  "a function": async (late) => {
    globalThis.fetch = async (url) => {
      if (late) await new Promise((resolve) => setTimeout(resolve, 20));
      return new Response(words(url));
    };
  },
  MockAgent: async (late, load) => {
    const { MockAgent, setGlobalDispatcher } = await load("undici/index.js");
    const agent = new MockAgent();
    agent.disableNetConnect();
    setGlobalDispatcher(agent);
    const answers = agent.get("http://api.test").intercept({ path: /.*/ }).reply(200, ({ path }) => words(path));
    (late ? answers.delay(20) : answers).persist();
  },
  msw: async (late, load) => {
    const { setupServer } = await load("msw/lib/node/index.mjs");
    const { http, HttpResponse, delay } = await load("msw/lib/core/index.mjs");
    const answer = async ({ request }) => {
      if (late) await delay(20);
      return HttpResponse.text(words(request.url));
    };
    setupServer(http.get("http://api.test/*", answer)).listen();
  },
};

const ask = async (word, init) => (await fetch(`http://api.test/${word}`, init)).text();
const search = (guarded) => async () => {
  let shown = "";
  let latest = 0;
  const type = async (word) => {
    const number = ++latest;
    const text = await ask(word);
    if (!guarded || number === latest) shown = text;
  };
  await Promise.all([type("a"), type("ab")]);
  assert.equal(shown, "answer to ab");
};
const polled = (limit) => async () => {
  await ask("status", limit ? { signal: AbortSignal.timeout(1_000) } : undefined).catch(() => "no answer");
};

const PROGRAMS = [
  ["shows what came last", "flaky", search(false), {}],
  ["shows the answer to what was asked last", "", search(true), {}],
  ["waits without a time-out; an answer may be missing", "deadlock", polled(false), { fetch: { never: true } }],
  ["has a time-out; an answer may be missing", "", polled(true), { fetch: { never: true } }],
];

const folder = mkdtempSync(join(tmpdir(), "unpark-fetch-"));
let code = 0;
try {
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...Object.entries(VERSIONS).map((one) => one.join("@"))], { cwd: folder, encoding: "utf8" });
  if (installed.status !== 0) throw new Error(installed.stderr);
  const load = (path) => import(pathToFileURL(join(folder, "node_modules", path)).href);
  const versions = Object.entries(VERSIONS).map((one) => one.join(" ")).join(", ");
  console.log(`# fetch that answers inside of the process\n\n${versions}. ${Object.values(machine()).join(", ")}.\nMade by \`bench/promises/mocked-fetch.mjs\`.\n`);
  console.log("| answered by | program | found | schedules | complete |\n|---|---|---|---|---|");
  const [own] = [globalThis.fetch];
  for (const [mock, install] of Object.entries(MOCKS)) {
    for (const late of [false, true]) {
      globalThis.fetch = own;
      await install(late, load);
      for (const [title, expected, body, options] of PROGRAMS) {
        const { findings, coverage } = await examineTs(body, { name: "program", budget: 20_000, ...options });
        const found = findings.map(({ verdict }) => verdict).join(", ");
        if (found !== expected) code = 1;
        console.log(`| ${mock}${late ? ", after 20 ms" : ""} | ${title} | ${found || "nothing"}${found === expected ? "" : ` (expected: ${expected || "nothing"})`} | ${coverage.schedules} | ${coverage.complete ? "yes" : "no"} |`);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
exit(code);
