import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv } from "ajv";
import { CAUSES } from "../../model/finding/cause.js";
import { goChoice, meetChoice } from "../../model/run/choice.js";
import type { Examination, Report } from "../../model/results/examination.js";
import { VERDICTS, type Finding } from "../../model/finding/finding.js";
import { goroutineName, nanos, objectId, type GoroutineName } from "../../model/ids.js";
import type { Trace } from "../../model/run/trace.js";
import { reportExit } from "../exit-code.js";
import { reportGithub } from "./github.js";
import { reportJson, reportValue } from "./json.js";
import { reportJunit } from "./junit.js";
import { packageLines } from "./package-lines.js";
import { readReport } from "./read-json.js";
import { replayCommand } from "./replay-command.js";
import { reportSarif } from "./sarif.js";
import { readableSteps } from "./steps.js";
import { coloured } from "../shared/style.js";
import { covered } from "./coverage-words.js";
import { reportText } from "./text.js";

const doc = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");

const frame = (line: number, name = "main.query", file = "/src/main.go") => ({ function: name, file, line });

const LEAK: Finding = {
  verdict: "leaked",
  cause: "abandoned-sender",
  evidence: ["3 goroutines send on this channel, 1 value was received: 2 still send"],
  goroutines: 2,
  blocked: { reason: "chan send", ...frame(24) },
  stack: [frame(24)],
  createdBy: frame(23, "main.queryAll"),
  unreachable: true,
  package: "example.com/q",
  schedule: "u1 1.2>1 1.1*2",
  steps: [
    { number: 1, goroutine: goroutineName("1.2"), text: "sends on channel A to main", ...frame(24), source: "answers <- query(i)" },
    { goroutine: goroutineName("1.1"), text: "is blocked for ever (chan send on channel A)", ...frame(24), source: "answers <- query(i)" },
  ],
  seen: 3,
};

const ALL: Examination = {
  name: "example.com/q",
  package: "example.com/q",
  outcome: "passed",
  output: "goroutines: 3\n",
  findings: [LEAK],
  limits: [],
  coverage: { schedules: 1204, complete: true, bounds: ["at most 3 early clock moves in one run"], depth: 9, milliseconds: 300 },
};

const report = (findings: readonly Finding[] = [LEAK]): Report => ({
  origin: { command: "run", unpark: "0.1.0", goVersion: "1.26.8", packages: ["./q"], args: ["-c", "two words"], tags: "a,b" },
  examinations: [{ ...ALL, findings }],
  failures: [],
});

test("text, -v: each line names what it is of; a package's native run has one only where it shows more than the tests do", () => {
  const test = (name: string): Examination => ({ ...ALL, name, findings: [] });
  const natively = (findings: readonly Finding[]): Examination => ({ ...ALL, findings, coverage: { ...ALL.coverage, native: true } });
  const lines = (...examinations: readonly Examination[]): readonly string[] =>
    reportText({ examinations, failures: [] }, { verbose: true }).split("\n").filter((line) => /^ {4}\S.*(no leak|finding)/.test(line));
  assert.deepEqual(lines(natively([]), test("TestA")), ["    TestA: no leak; explored completely (1,204 schedules)"]);
  assert.deepEqual(lines(natively([LEAK]), test("TestA")), ["    native run: 1 finding", "    TestA: no leak; explored completely (1,204 schedules)"]);
  assert.deepEqual(lines(natively([]), { ...natively([]), package: "b", name: "b" }), ["    example.com/q, native run: no leak", "    b, native run: no leak"]);
});

test("text: of a program that was run, no line says that it is a test", () => {
  const one = { ...ALL, name: "a.js", package: "dist/a.js", findings: [] };
  assert.match(reportText({ ...report(), examinations: [one] }), /^ok {6}dist\/a\.js {2}explored completely \(1,204 schedules\)/);
  assert.match(reportText({ ...report(), examinations: [one], origin: { ...report().origin!, command: "test" } }), /^ok {6}dist\/a\.js {2}1 test, explored completely/);
});

test("text: where something is accepted, or called a note, it is not said that there is no leak", () => {
  const lastLine = (value: Report): string => reportText(value).split("\n").find((line) => /^No /.test(line)) ?? "";
  const noted = report([{ ...LEAK, severity: "note" }]);
  assert.equal(lastLine(report([])), "No leak.");
  assert.equal(lastLine({ ...report([]), accepted: 1 }), "No finding but the one that is accepted.");
  assert.equal(lastLine({ ...report([]), accepted: 2 }), "No finding but the 2 that are accepted.");
  assert.equal(lastLine(noted), "No finding that counts. 1 note (-v).");
  const open = { ...ALL, findings: [], coverage: { ...ALL.coverage, complete: false, stoppedBy: "time" } };
  assert.equal(lastLine({ ...report([]), examinations: [open], accepted: 2 }), "No finding but the 2 that are accepted; not all schedules of the program were tried.");
  assert.deepEqual([reportExit(noted), reportExit(noted, true), reportExit(report([{ ...LEAK, verdict: "lingering", severity: "error" }]))], [0, 0, 1]);
});

test("text: a schedule of thousands of choices is not printed: the last report has it", () => {
  const more = (steps: number): string => reportText(report([{ ...LEAK, test: "TestX", schedule: `u1${" 1.1 1".repeat(steps)}` }])).split("\n").find((line) => line.startsWith("    more"))!;
  assert.match(more(10), /unpark replay 'u1 1\.1 1/);
  assert.equal(more(1_000), "    more unpark replay --test='TestX'  (of the last report)");
});

test("a replay is asked for with the faults of its own package", () => {
  const origin = { ...report().origin!, faults: 1, packageFaults: { "example.com/q": 2, "example.com/r": 0 } };
  for (const [path, faults] of [["example.com/q", 2], ["example.com/r", 0], ["example.com/s", 1]] as const) assert.match(replayCommand(origin, { ...LEAK, package: path })!, new RegExp(` --faults=${faults} `));
});

test("text: verdict, where, who created it, evidence, proof, steps, replay, and what was covered", () => {
  const expected = `FAIL    example.com/q  explored completely (1,204 schedules)  0.3s

--- FAIL: example.com/q
    leaked: 2 goroutines, proved; in 3 of 1,204 schedules  [abandoned-sender]
        main.query   main.go:24   chan send
            answers <- query(i)
        started by main.queryAll   main.go:23
    why  3 goroutines send on this channel, 1 value was received: 2 still send
    fix  More goroutines send than values are received: give the channel room for all of them, or cancel the others.
    steps (1 of 3)
      1  1.2  sends on channel A to main                    main.go:24  answers <- query(i)
         1.1  is blocked for ever (chan send on channel A)  main.go:24  answers <- query(i)
    more unpark replay 'u1 1.2>1 1.1*2' -tags=a,b ./q -- -c 'two words'

1 finding in 1 program: 1 leaked.
1 program: 1 explored completely (1,204 schedules, 0.3 s). Bounds: at most 3 early clock moves in one run.
`;
  assert.equal(reportText(report(), { cwd: "/src" }), expected);
});

test("text: what a package's native run prints of one test is not under the name of another", () => {
  const native: Examination = { name: "example.com/q", package: "example.com/q", outcome: "failed", output: "--- FAIL: TestCounts (2.01s)\n    q_test.go:9: 28 left\nFAIL\n", findings: [{ ...LEAK, test: "TestLeaves" }], limits: [], coverage: { schedules: 1, complete: false, bounds: [], depth: 0, milliseconds: 10, native: true } };
  const explored: Examination = { ...ALL, name: "TestCounts", findings: [] };
  const heads = reportText({ examinations: [explored, native], failures: [] }).split("\n").filter((line) => /^---| {4}---|left$|leaked:/.test(line));
  assert.deepEqual(heads, ["--- FAIL: example.com/q", "    --- FAIL: TestCounts (2.01s)", "        q_test.go:9: 28 left", "--- FAIL: TestLeaves  (example.com/q)", heads.at(-1)!]);
  assert.match(heads.at(-1)!, /^ {4}leaked: 2 goroutines/);
});

test("text: colour changes nothing but the escapes", () => {
  const bare = reportText(report(), { cwd: "/src", style: coloured }).replace(/\u001b\[\d+m/g, "");
  assert.equal(bare, reportText(report(), { cwd: "/src" }));
});

test("all and not all are worded differently", () => {
  const { coverage } = ALL;
  assert.equal(covered({ ...coverage, bounds: [], schedules: 1 }), "explored completely (1 schedule, 0.3 s)");
  assert.equal(covered({ ...coverage, bounds: [], schedules: 90, repeated: 10 }), "explored completely (90 schedules, 0.3 s)");
  assert.equal(covered({ ...coverage, bounds: [], schedules: 89, repeated: 11 }), "explored completely (89 schedules, 0.3 s; 11 runs more were given up on the way, for they would have repeated another)");
  assert.equal(
    covered({ ...coverage, bounds: [], complete: false, stoppedBy: "time: raise --budget" }),
    "1,204 schedules; the budget ended (--budget) (0.3 s)",
  );
});

test("a main that exits with a status of its own is ok, and the status is said", () => {
  const main = (outcome: string): Examination => ({ ...ALL, name: "example.com/p", package: "example.com/p", findings: [], limits: [], outcome });
  const line = (outcome: string): string => packageLines([main(outcome)], { strict: false, isRun: true })[0]!;
  assert.match(line("exit 3"), /^ok .*; exit status 3 in its natural schedule  /);
  for (const outcome of ["exit 0", "passed"]) assert.doesNotMatch(line(outcome), /exit status/);
});

test("an exploration that came to no verdict at all has failed, unless the native run came to one", () => {
  const of = (outcome: string, native = false): Examination => ({ ...ALL, findings: [], outcome, coverage: { ...ALL.coverage, ...(native ? { native: true as const } : {}) } });
  const exit = (...examinations: readonly Examination[]): number => reportExit({ examinations, failures: [] });
  assert.deepEqual([exit(of("no verdict")), exit(of("no verdict"), of("passed")), exit(of("no verdict"), of("passed", true)), exit(of("no verdict", true)), exit()], [2, 0, 0, 0, 0]);
});

test("text: why a package has no verdict is said once; a limit of a package that has one stands at the end", () => {
  const none = { ...ALL, findings: [], outcome: "no verdict", limits: ["it needs a database"] };
  const said = (...more: readonly (typeof ALL)[]): number => reportText({ examinations: [none, ...more], failures: [] }).split("it needs a database").length - 1;
  assert.equal(said(), 1);
  assert.equal(said({ ...ALL, name: "TestB", findings: [], limits: [] }), 1); // its package has a verdict: at the end alone
  assert.match(reportText({ examinations: [none], failures: [] }), /^\? .*\[it needs a database\]$/m);
});

test("text: how many of the tests ran natively, too, and how often: a run that the total time ended is none", () => {
  const one = { ...ALL, name: "TestA", findings: [] };
  const elsewhere = { ...one, package: "example.com/r" };
  const natively = (schedules: number, outcome = "passed"): Examination => ({ ...ALL, findings: [], outcome, coverage: { ...ALL.coverage, schedules, native: true } });
  const said = (...examinations: readonly Examination[]): string | undefined => /; ([^;]*natively, too)/.exec(reportText({ examinations, failures: [] }))?.[1];
  assert.deepEqual(
    [said(one), said(one, natively(1)), said(one, natively(2)), said(one, elsewhere, natively(1)), said(one, natively(1, "no verdict"))],
    [undefined, "all of them once natively, too", "all of them 2 times natively, too", "1 of them once natively, too", undefined],
  );
});

test("text: \"No leak.\" is a claim about all schedules; where budgets ran out it says what it is no proof of", () => {
  const open = { ...ALL, findings: [], coverage: { ...ALL.coverage, complete: false, stoppedBy: "time: raise --budget" } };
  const whole = { ...ALL, findings: [] };
  const none = { ...open, outcome: "no verdict" };
  const native = { ...whole, coverage: { ...whole.coverage, complete: false, native: true as const } };
  const test = (one: typeof open | typeof whole, name: string) => ({ ...one, name });
  const table: readonly (readonly [Parameters<typeof reportText>[0]["examinations"], RegExp])[] = [
    [[whole], /^No leak\.$/m],
    [[open], /^No leak found, but not all schedules of the program were tried\.$/m],
    [[test(whole, "TestA"), test(open, "TestB"), test(open, "TestC")], /^No leak found, but not all schedules of 2 of 3 tests were tried\.$/m],
    [[test(open, "TestA"), test(open, "TestB"), native], /^No leak found, but not all schedules of all 2 tests were tried\.$/m],
    [[test(whole, "TestA"), test(none, "TestB")], /^No leak; no verdict of 1 test\.$/m],
    [[test(none, "TestA")], /^No verdict: 1 test\.$/m],
    [[native], /^No leak\.$/m],
  ];
  for (const [examinations, words] of table) assert.match(reportText({ examinations, failures: [] }), words);
  assert.match(reportText({ examinations: [native], failures: [{ package: "example.com/b", message: "left out when the total time ended" }] }), /^No leak in the native run\. 1 could not be done\.$/m);
});

test("text: what fails natively and under control at the same line is told in full once", () => {
  const output = (at: string): string => `--- FAIL: TestA (0.00s)\n    q_test.go:${at}: connection refused\nFAIL\n`;
  const native: Examination = { ...ALL, name: "example.com/q", package: "example.com/q", outcome: "failed", output: output("9"), findings: [], coverage: { ...ALL.coverage, native: true } };
  const explored = (at: string): Examination => ({ ...ALL, name: "TestA", package: "example.com/q", outcome: "failed", output: output(at), findings: [] });
  const told = (at: string, verbose = false): number => reportText({ examinations: [native, explored(at)], failures: [] }, { verbose }).split("connection refused").length - 1;
  assert.deepEqual([told("9"), told("9", true), told("10")], [1, 2, 2]);
  assert.match(reportText({ examinations: [native, explored("9")], failures: [] }), /^--- FAIL: TestA {2}\(example\.com\/q\)\n {4}fails as in the native run above$/m);
});

test("text: of many lines about one package the first stand there", () => {
  const message = Array.from({ length: 9 }, (_, i) => `a.go:${i + 1}: missing`).join("\n");
  const lines = (verbose: boolean): readonly string[] => reportText({ examinations: [], failures: [{ package: "example.com/q", message }] }, { verbose }).split("\n").filter((line) => /missing|more lines/.test(line));
  assert.deepEqual([lines(true).length, lines(false).length, lines(false).at(-1)], [9, 6, "    … 4 more lines (-v)"]);
});

test("text: a compile error is the compiler's own words, and what was not explored is said", () => {
  const text = reportText({
    examinations: [{ ...ALL, findings: [], limits: ["plain memory races are not seen"] }],
    failures: [{ package: "example.com/broken", message: "broken.go:3:1: syntax error\nbroken.go:9:2: undefined: x" }],
  });
  assert.match(text, /^CANNOT example\.com\/broken: broken\.go:3:1: syntax error\n {4}broken\.go:9:2: undefined: x\n/m);
  assert.match(text, /^ok {6}example\.com\/q {2}explored completely \(1,204 schedules\)/);
  assert.match(text, /^limit: plain memory races are not seen$/m);
  assert.match(text, /^No leak\. 1 could not be done\.$/m);
});

test("text: a limit names the tests that it is of, where it is not one of all", () => {
  const one = (name: string, ...limits: readonly string[]): Examination => ({ ...ALL, name, findings: [], limits });
  const said = (...examinations: readonly Examination[]): readonly string[] => reportText({ examinations, failures: [] }, { verbose: true }).split("\n").filter((line) => line.startsWith("limit: "));
  assert.deepEqual(said(one("TestA", "slow"), one("TestB")), ["limit: TestA: slow"]);
  assert.deepEqual(said(one("TestA", "slow", "x"), one("TestB", "slow"), one("TestC"), one("TestD", "TestD: y")), ["limit: TestA and 1 more: slow", "limit: TestA: x", "limit: TestD: y"]);
  assert.deepEqual(said(one("TestA", "slow"), one("TestB", "slow")), ["limit: slow"]);
});

test("exit code: findings 1, notes 0, --strict counts lingering, what could not be done 2", () => {
  const table: readonly (readonly [Finding["verdict"] | undefined, boolean, number])[] = [
    [undefined, false, 0],
    ["leaked", false, 1],
    ["flaky", false, 1],
    ["cut-short", false, 0],
    ["cut-short", true, 0],
    ["lingering", false, 0],
    ["lingering", true, 1],
  ];
  for (const [verdict, strict, code] of table) {
    assert.equal(reportExit(report(verdict ? [{ ...LEAK, verdict }] : []), strict), code, `${verdict} ${strict}`);
  }
  assert.equal(reportExit({ examinations: [{ ...ALL, findings: [], outcome: "failed" }], failures: [] }), 1);
  assert.equal(reportExit({ ...report(), failures: [{ package: "p", message: "m" }] }), 2);
});

test("json: fits docs/report.schema.json; the schema is strict about unknown fields and words", () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(doc("report.schema.json")) as object);
  const value = JSON.parse(reportJson({ ...report(), failures: [{ package: "p", test: "T", message: "m" }] })) as Record<string, unknown>;
  assert.ok(validate(value), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...value, surprise: 1 }));
  const [program] = value["programs"] as { findings: object[] }[];
  assert.ok(!validate({ ...value, programs: [{ ...program, findings: [{ ...program!.findings[0], verdict: "perhaps" }] }] }));
});

test("json: the schema's verdicts and causes are the model's, and every field is told in docs/report-schema.md", () => {
  const schema = JSON.parse(doc("report.schema.json")) as {
    definitions: { finding: { properties: { verdict: { enum: string[] }; cause: { enum: string[] } } }; program: { properties: object } };
  };
  assert.deepEqual([...schema.definitions.finding.properties.verdict.enum].sort(), [...VERDICTS].sort());
  assert.deepEqual(schema.definitions.finding.properties.cause.enum, [...CAUSES]);
  const words = doc("report-schema.md");
  for (const field of [...Object.keys(schema.definitions.finding.properties), ...Object.keys(schema.definitions.program.properties)]) {
    assert.ok(words.includes(`\`${field}\``), `docs/report-schema.md does not tell '${field}'`);
  }
});

test("json: what replay needs is read back; anything else is refused with the reason", () => {
  const got = readReport(reportJson(report()));
  assert.ok(got.ok);
  assert.equal(got.value.origin.command, "run");
  assert.deepEqual(got.value.findings.map(({ number, schedule }) => [number, schedule]), [[1, "u1 1.2>1 1.1*2"]]);
  const table: readonly (readonly [string, RegExp])[] = [
    ["{", /not JSON/],
    ["3", /not an Unpark report/],
    [JSON.stringify({ schema: "unpark-report/9" }), /schema is "unpark-report\/9", expected "unpark-report\/1"/],
    ...[undefined, { command: "run", packages: ["a\0b"], args: [] }, { command: "run", packages: [], args: [], goVersion: 5 }, { command: "run", packages: [], args: [], tags: "a\0" }, { command: "run", packages: [], args: [], short: "yes" }, null, []].map(
      (origin) => [JSON.stringify({ ...reportValue(report()), origin }), /'origin' does not say/] as const,
    ),
  ];
  for (const [text, error] of table) {
    const bad = readReport(text);
    assert.ok(!bad.ok && error.test(bad.error), text);
  }
});

test("replay command: a test's names its package and test", () => {
  const origin = { command: "test", unpark: "0", packages: ["./..."], args: [], short: true, horizon: "5m" } as const;
  assert.equal(
    replayCommand(origin, { ...LEAK, test: "TestX" }),
    "unpark replay 'u1 1.2>1 1.1*2' -short --horizon=5m --test=TestX example.com/q",
  );
});

test("sarif: a rule and a place for the finding, its steps as a code flow", () => {
  const log = JSON.parse(reportSarif(report(), { cwd: "/src" })) as {
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
  };
  const [run] = log.runs;
  const [result] = run!.results;
  assert.equal(run!.tool.driver.rules[result!["ruleIndex"] as number]?.id, "abandoned-sender");
  assert.equal(result!["level"], "error");
  assert.deepEqual(result!["locations"], [
    { physicalLocation: { artifactLocation: { uri: "main.go", uriBaseId: "%SRCROOT%" }, region: { startLine: 24 } } },
  ]);
  const flows = result!["codeFlows"] as { threadFlows: { locations: unknown[] }[] }[];
  assert.equal(flows[0]?.threadFlows[0]?.locations.length, 2);
});

test("junit: a failure for a finding, nothing that XML cannot hold", () => {
  const text = reportJunit(report([{ ...LEAK, message: "a < b & \u0001 \"c\"" }]));
  assert.match(text, /<testsuite name="example\.com\/q" tests="1" failures="1" errors="0" skipped="0">/);
  assert.match(text, /a &#60; b &#38; \\x01 &#34;c&#34;/);
  assert.match(reportJunit(report([])), /failures="0"/);
});

test("junit: a native package is a case for itself and one for each test that left something", () => {
  const native: Examination = { ...ALL, name: "example.com/q", coverage: { ...ALL.coverage, native: true }, findings: [{ ...LEAK, test: "TestA" }, { ...LEAK, test: "TestB", verdict: "lingering" }, { ...LEAK, test: "TestA" }] };
  const cases = (one: Examination): readonly string[] => [...reportJunit({ examinations: [one], failures: [] }).matchAll(/name="([^"]+)" time="[^"]+">(?:<(\w+) message="([^"]*)")?/g)].map(([, name, kind, words]) => [name, kind, words].filter(Boolean).join(": "));
  assert.deepEqual(cases(native), ["example.com/q", "TestA: failure: leaked abandoned-sender at /src/main.go:24; leaked abandoned-sender at /src/main.go:24", "TestB"]);
  assert.deepEqual(cases({ ...native, outcome: "failed", findings: [] }), ["example.com/q: failure: the test itself fails"]);
  assert.deepEqual(cases({ ...native, outcome: "no verdict", findings: [], limits: ["no verdict: it hung"] }), ["example.com/q: skipped: no verdict: it hung"]);
});

test("github: one annotation a finding, line breaks escaped", () => {
  assert.equal(
    reportGithub(report(), { cwd: "/src" }),
    "::error file=main.go,line=24,title=unpark%3A leaked (abandoned-sender)::2 goroutines: chan send%0A3 goroutines send on this channel, 1 value was received: 2 still send\n",
  );
});

test("steps: the user's own operations with who met whom; the library's own are left out; who hangs at the end", () => {
  const [main, one, two] = [goroutineName("1"), goroutineName("1.1"), goroutineName("1.2")];
  const c = objectId(7);
  const log = objectId(8);
  const start = (name: GoroutineName, startedAt: number) => ({ name, createdBy: { ...frame(23, "main.main"), name: main }, entry: "main.query", startedAt });
  const trace: Trace = {
    steps: [
      { choice: goChoice(two), acts: [{ goroutine: two, op: "lock", accesses: [{ object: log, op: "lock" }], stack: [frame(1, "log.(*Logger).output", "log.go"), frame(22)] }], time: nanos(0n) },
      {
        choice: meetChoice(two, undefined, main, undefined),
        acts: [
          { goroutine: two, op: "send", accesses: [{ object: c, op: "send" }], stack: [frame(24)] },
          { goroutine: main, op: "recv", accesses: [{ object: c, op: "recv" }], stack: [frame(30, "main.main")] },
        ],
        time: nanos(0n),
      },
      { choice: { kind: "clock" }, acts: [], time: nanos(2_000_000_000n) },
    ],
    lives: [{ name: main, entry: "main.main", startedAt: -1, endedAt: 2 }, start(one, -1), { ...start(two, -1), endedAt: 1 }],
  };
  const snapshot = {
    provenance: { source: "t", how: "run" },
    losses: [],
    goroutines: [
      { name: one, count: 1, state: "waiting" as const, waitReason: "chan send", stack: [frame(24)], createdBy: { ...frame(23, "main.main"), name: main }, blockedOn: { op: "send" as const, objects: [{ object: c, op: "send" as const }], nil: false } },
    ],
  };
  const source = (): readonly string[] => Array.from({ length: 40 }, (_, i) => (i === 23 ? "\t\tanswers <- query(i)" : ""));
  const steps = readableSteps({ trace, snapshot, finding: { ...LEAK, createdBy: frame(23, "main.main") }, lines: source });
  assert.deepEqual(
    steps.map(({ number, goroutine, text, line, source: text2 }) => [number ?? "", goroutine ?? "", text, line ?? "", text2 ?? ""].join("|")),
    [
      "|1|starts goroutine 1.1 (main.query)|23|",
      "|1|starts goroutine 1.2 (main.query)|23|",
      "2|1.2|sends on channel A to main, which receives at main.go:30|24|answers <- query(i)",
      "2|1.2|ends||",
      "3||clock: +2s (now 2s)||",
      "3|1|returns||",
      "|1.1|is blocked for ever (chan send on channel A)|24|answers <- query(i)",
    ],
  );
});

test("steps: `go wg.Done()` has no line of the user's on its stack, and stands at the go statement", () => {
  const [main, one] = [goroutineName("1"), goroutineName("1.1")];
  const group = objectId(7);
  const stack = [frame(428, "runtime.goexit", "/go/src/runtime/asm_wasm.s")];
  const trace: Trace = {
    steps: [{ choice: goChoice(one), acts: [{ goroutine: one, op: "wgadd", accesses: [{ object: group, op: "wgadd" }], detail: -1, stack }], time: nanos(0n) }],
    lives: [{ name: main, entry: "main.main", startedAt: -1 }, { name: one, entry: "sync.(*WaitGroup).Done", createdBy: { ...frame(23, "main.main"), name: main }, startedAt: -1 }],
  };
  const blockedOn = { op: "wgwait" as const, objects: [{ object: group, op: "wgwait" as const }], nil: false };
  const snapshot = { provenance: { source: "t", how: "run" }, losses: [], goroutines: [{ name: main, count: 1, state: "waiting" as const, waitReason: "sync.WaitGroup.Wait", stack: [frame(24)], blockedOn }] };
  const { createdBy: _, ...leak } = LEAK;
  const step = readableSteps({ trace, snapshot, finding: leak, lines: () => undefined }).find(({ number, goroutine, text }) => number === 1 && goroutine === one && text !== "ends");
  assert.deepEqual([step?.text, step?.file, step?.line], ["calls Done on waitgroup A", "/src/main.go", 23]);
});

test("steps: what WaitGroup.Go starts, and the Done that it calls, stand at the call", () => {
  const [main, one] = [goroutineName("1"), goroutineName("1.1")];
  const group = objectId(7);
  const go = { ...frame(238, "sync.(*WaitGroup).Go", "/go/src/sync/waitgroup.go"), name: main };
  const changed = (goroutine: GoroutineName, detail: number, stack: Finding["stack"]) => ({ choice: goChoice(goroutine), acts: [{ goroutine, op: "wgadd" as const, accesses: [{ object: group, op: "wgadd" as const }], detail, stack }], time: nanos(0n) });
  const trace: Trace = {
    steps: [changed(main, 1, [frame(23, "main.main")]), changed(one, -1, [frame(428, "runtime.goexit", "/go/src/runtime/asm_wasm.s")])],
    lives: [{ name: main, entry: "main.main", startedAt: -1 }, { name: one, entry: "main.main.func1", createdBy: go, startedFrom: [go, frame(23, "main.main")], startedAt: 0 }],
  };
  const blockedOn = { op: "wgwait" as const, objects: [{ object: group, op: "wgwait" as const }], nil: false };
  const snapshot = { provenance: { source: "t", how: "run" }, losses: [], goroutines: [{ name: main, count: 1, state: "waiting" as const, waitReason: "sync.WaitGroup.Wait", stack: [frame(24)], blockedOn }] };
  const { createdBy: _, ...leak } = LEAK;
  const steps = readableSteps({ trace, snapshot, finding: leak, lines: () => undefined });
  assert.deepEqual(steps.slice(0, 3).map(({ text, file, line }) => `${text} ${file}:${line}`), [
    "adds 1 to waitgroup A /src/main.go:23",
    "starts goroutine 1.1 (main.main.func1) /src/main.go:23",
    "calls Done on waitgroup A /src/main.go:23",
  ]);
});

test("steps: below three of many that are left alike stand the names of the others, in the short form too", () => {
  const names = Array.from({ length: 9 }, (_, index) => goroutineName(`1.${index + 1}`));
  const goroutines = names.map((name) => ({ name, count: 1, state: "waiting" as const, waitReason: "chan send", stack: [frame(24)], createdBy: { ...frame(23, "main.queryAll"), name: goroutineName("1") } }));
  const snapshot = { provenance: { source: "t", how: "run" }, losses: [], goroutines };
  const steps = readableSteps({ trace: { steps: [], lives: [] }, snapshot, finding: LEAK, lines: () => undefined });
  assert.deepEqual(steps.map(({ text, key }) => [text, key]), [...Array<[string, true]>(3).fill(["is blocked for ever (chan send)", true]), ["likewise 6 more: 1.4, 1.5, 1.6, 1.7, 1.8, 1.9", true]]);
});
