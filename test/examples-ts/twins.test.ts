// Every twin does what its Go sibling does: the Go program's own comments (test/seeds/expectations.ts) say what is
// printed, and which verdict, cause and number of goroutines is found; the guilty line is the twin's own `want:`.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Examination } from "../../src/model/results/examination.js";
import { isNote } from "../../src/model/finding/finding.js";
import { examineTs } from "../../src/pipeline/typescript/examine-ts.js";
import { compareOutput, readExpectations, type Expectation } from "../seeds/expectations.js";
import { EXAMPLES, examplePackages } from "../seeds/packages.js";

interface Twin {
  readonly main?: (args: readonly string[]) => unknown;
  readonly tests?: Readonly<Record<string, () => unknown>>;
}

const SOURCES = new URL("../ts/", pathToFileURL(EXAMPLES));
const COMPILED = new URL("../../examples/ts/", import.meta.url);

/** Rows without a twin, and single runs that a twin cannot have. */
const WITHOUT: Readonly<Record<string, string>> = {
  "11-dump-endpoint": "a service: test/examples-ts/services.test.ts",
  "17-log-stream": "the list of programs asks for none",
  "23-get-no-timeout": "the list of programs asks for none",
  "32-endless-loop main": "as TestSpin",
  "32-endless-loop TestSpin": "a loop that never awaits is a runaway without a line of its own: src/pipeline/typescript/runaway.test.ts",
};

/** Of what goes on for ever each schedule is thousands of steps, and the first says it; UNPARK_EFFORT=10 tries as many as of the others. */
const EFFORT = Number(process.env["UNPARK_EFFORT"] ?? 1);
const schedulesOf = (expected: Expectation): number => (expected.neverEnds ? 10 * EFFORT : 100);

const names = readdirSync(SOURCES).filter((f) => f.endsWith(".ts")).map((f) => f.slice(0, -3));

describe("twins of the seed programs", () => {
  it("every row has one, or a reason why not", () => {
    const rows = examplePackages().map(({ folder }) => folder).filter((folder) => /^\d\d-[^/]*$/.test(folder));
    for (const row of rows) assert.ok(names.includes(row) || row in WITHOUT, `${row} has no twin`);
    for (const name of names) assert.ok(rows.includes(name), `${name} is nobody's twin`);
  });

  for (const { folder, files } of examplePackages()) {
    if (!names.includes(folder) || folder in WITHOUT) continue;
    const read = readExpectations(files);
    assert.ok(read.ok, read.ok ? "" : read.error);
    for (const expected of read.value) {
      if (`${folder} ${expected.label}` in WITHOUT) continue;
      it(`${folder} ${expected.label}`, async () => {
        const { main, tests } = (await import(new URL(`${folder}.js`, COMPILED).href)) as Twin;
        const isMain = expected.kind === "main";
        const body = isMain ? () => main!(expected.args) : tests![expected.label]!;
        const horizon = expected.neverEnds ? { horizon: 20e9 } : {};
        const found = await examineTs(body, { name: expected.label, scope: isMain ? "main" : "test", budget: 120_000, schedules: schedulesOf(expected), ...horizon });
        check(expected, found, folder);
      });
    }
  }
});

function check(expected: Expectation, found: Examination, folder: string): void {
  const findings = found.findings.filter((one) => !isNote(one));
  const said = findings.map(({ verdict, cause, goroutines }) => `${verdict} ${cause} x${goroutines}`).sort();
  // A test that fails in every schedule is a failed test, no flaky one.
  const wants = expected.wants.filter(({ verdict }) => !(verdict === "flaky" && expected.outcome === "failed"));
  const wanted = wants.map(({ verdict, cause, goroutines }) => `${verdict} ${cause ?? "unknown"} x${goroutines}`).sort();
  assert.deepEqual(said, wanted, `${found.limits.join("; ")} ${findings.map((f) => JSON.stringify(f.blocked)).join(" ")}`);
  for (const note of expected.notes) {
    assert.ok(found.findings.some((f) => f.verdict === note.verdict && f.goroutines === note.goroutines), `no note: ${note.verdict}`);
  }
  if (expected.kind === "main" && !expected.wants.some(({ verdict }) => verdict === "panics")) {
    assert.equal(compareOutput(expected.printed, found.output ?? ""), undefined);
  }
  const source = readFileSync(new URL(`${folder}.ts`, SOURCES), "utf8").split("\n");
  for (const { blocked } of findings) {
    assert.ok(blocked.file.endsWith(`${folder}.ts`), `blocked in ${blocked.file}`);
    assert.match(source[blocked.line - 1]!, /\/\/ want/, `line ${blocked.line} of ${folder}.ts`);
  }
}
