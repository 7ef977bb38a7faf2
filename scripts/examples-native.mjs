// Runs every example natively, without Unpark, in real time, and compares what it prints with what its comments say;
// then `go vet` for wasip1 and `go test` of all. By hand, after a change of examples/go: it takes a minute, and real
// time makes ties that virtual time does not, so it is no test. `node scripts/examples-native.mjs [words of folders]`
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareOutput, readExpectations } from "../dist/test/seeds/expectations.js";
import { EXAMPLES, examplePackages } from "../dist/test/seeds/packages.js";

const words = process.argv.slice(2);
const bin = mkdtempSync(join(tmpdir(), "unpark-native-"));
let wrong = 0;
const say = (name, problem) => {
  if (problem) wrong++;
  console.log(`${problem ? "WRONG" : "ok   "} ${name}${problem ? `\n${problem}` : ""}`);
};

/** What a program prints; one that never ends is stopped after `limit` milliseconds. */
function output(file, args, limit) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
    const timer = setTimeout(() => child.kill("SIGKILL"), limit);
    child.on("close", (code) => (clearTimeout(timer), resolve({ text, code })));
  });
}

const runs = [];
const chosen = examplePackages().filter(({ folder }) => words.length === 0 || words.some((word) => folder.includes(word)));
for (const { folder, files } of chosen) {
  const expected = readExpectations(files);
  if (!expected.ok) {
    say(folder, expected.error);
    continue;
  }
  const mains = expected.value.filter(({ kind }) => kind === "main");
  if (mains.length === 0) continue;
  const file = join(bin, folder);
  const built = spawnSync("go", ["build", "-o", file, `./${folder}`], { cwd: EXAMPLES, encoding: "utf8" });
  if (built.status !== 0) say(folder, built.stderr);
  else for (const run of mains) runs.push({ folder, file, run });
}
await Promise.all(
  runs.map(async ({ folder, file, run }) => {
    const { text, code } = await output(file, run.args, run.neverEnds ? 5500 : 60_000);
    const panics = run.wants.some(({ verdict }) => verdict === "panics");
    const problem = panics ? (code === 2 ? undefined : `exit ${code}, expected a panic's 2`) : compareOutput(run.printed, text);
    say(`${folder} ${run.args.join(" ")}`, problem);
  }),
);
rmSync(bin, { recursive: true });
const vet = spawnSync("go", ["vet", "./..."], { cwd: EXAMPLES, encoding: "utf8", env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" } });
say("go vet for wasip1", vet.status === 0 ? undefined : vet.stderr);
const test = spawnSync("go", ["test", "./..."], { cwd: EXAMPLES, encoding: "utf8" });
console.log(test.stdout.replace(/^\?.*\n/gm, ""));
process.exit(wrong > 0 ? 1 : 0);
