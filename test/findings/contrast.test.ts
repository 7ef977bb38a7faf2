// fixtures/findings/contrast under the real Go: a failure of some schedules, beside one in which the test passes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../../src/cli/testing/bin.js";
import type { Finding, Step } from "../../src/model/finding/finding.js";

const root = new URL("../../../", import.meta.url);

function unpark(...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], { cwd: fileURLToPath(new URL("fixtures/findings", root)), encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  return stdout;
}

interface Program {
  readonly name: string;
  readonly outcome: string;
  readonly findings: readonly Finding[];
}

const programs = (json: string): readonly Program[] => (JSON.parse(json) as { readonly programs: readonly Program[] }).programs;

const found = new Map<string, Finding>();
before(() => {
  for (const { name, findings } of programs(unpark("test", "--no-native", "--budget=120s", "--schedules=300", "--json", "./contrast"))) found.set(name, findings[0]!);
});

const row = ({ number, goroutine, text, line }: Step): string => `${number} ${goroutine} ${text} :${line}`;

/** What decides, by hand: the line at which the two runs part, and what each of them does there. */
const PARTS: Readonly<Record<string, readonly [verdict: string, here: string, there: string]>> = {
  // 1.1.1 has read 0 (step 4); here 1.1.2 reads it, too, there 1.1.1 writes 1 first.
  TestLostUpdate: ["flaky", "5 1.1.2 locks mutex B :19", "5 1.1.1 locks mutex B :25"],
  // 1.1.1 has seen that nothing is closed (step 1); here the test looks, too, there 1.1.1 says first that it closes.
  TestCloseTwice: ["panics", "2 1.1 reads atomic A :52", "2 1.1.1 writes atomic A :53"],
  // The handler is done (step 6), and the time is over (step 2): both cases of net/http's select are ready.
  TestTimeoutHandler: ["flaky", "7 1.1 selects: receives from channel B :66", "7 1.1 selects: receives from channel A :66"],
};

for (const [name, [verdict, here, there]] of Object.entries(PARTS)) {
  test(`${name} is told beside a schedule in which it passes, from the step at which they part`, () => {
    const finding = found.get(name)!;
    assert.equal(finding.verdict, verdict);
    assert.deepEqual([row(finding.contrast!.here), row(finding.contrast!.there)], [here, there]);
    assert.deepEqual(programs(unpark("replay", "--json", finding.contrast!.schedule, `--test=${name}`, "./contrast")).map(({ outcome, findings }) => [outcome, findings.length]), [["passed", 0]]);
  });
}

test("as text: both ways from there on", () => {
  const text = unpark("test", "--no-native", "--budget=120s", "--schedules=300", "--run=TestTimeoutHandler", "./contrast").split("\n");
  const from = text.findIndex((line) => line.startsWith("    steps"));
  assert.deepEqual(text.slice(from, from + 9).map((line) => line.replace(/\s+\S+_test.go.*$/, "").replace(/ {2,}/g, "  ")), [
    "  steps (3 of 21): the same in both schedules before step 7",
    "  2  clock  +1s (now 1s)",
    "  5  1.1.1  receives from channel A, which is closed",
    "  here the test fails:",
    "  7  TestTimeoutHandler  selects: receives from channel B",
    "  16  TestTimeoutHandler  returns",
    "  in another schedule it passes:",
    "  7  TestTimeoutHandler  selects: receives from channel A",
    "  14  TestTimeoutHandler  returns",
  ]);
});
