import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkArguments } from "./arguments.js";
import { bounded, FINDING_CUTS, INSPECTION_CUTS, REPORT_CUTS } from "./bounded.js";
import { Explorations } from "./explorations.js";
import { TOOLS } from "./tools.js";
import { allowedSource } from "./tools/inspect-dump.js";

describe("what inspect_dump may ask", () => {
  const ALLOWED = ["http://127.0.0.1:6060", "http://127.0.0.1:6060/debug/pprof/", "127.0.0.1:6060", "http://[::1]:6060", "[::1]:6060", "https://127.8.9.1/", "http://2130706433/", "dump.txt", "/tmp/dump.gz", "http", "C:\\dumps\\a.txt", "logs/http.txt"];
  const REFUSED = [
    "http://169.254.169.254/latest/meta-data/", "http://example.com", "https://10.0.0.1:6060", "10.0.0.1:6060", "http://0.0.0.0:6060", "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://127.0.0.1.example.com/", "http://127.0.0.1@example.com/",
    "http://localhost.example.com", "http://xn--localhost-x/", "HTTP://EXAMPLE.COM", "http:/example.com", "http:\\\\example.com", "ftp://127.0.0.1/", "file:///etc/passwd", "pid:1", "gops:127.0.0.1:6060", "unix:/run/docker.sock", "-", "--json=x", "1.2.3.4:80/x",
  ];
  for (const source of ALLOWED) it(`${source}: yes`, () => assert.deepEqual(allowedSource(source), { ok: true, value: source }));
  for (const source of REFUSED) it(`${source}: no, with the reason`, () => assert.match((allowedSource(source) as { error: string }).error, /refused: (only|ftp|file)|is not a URL|standard input/));
  it("localhost is asked by its number, whatever a name server says", () => {
    assert.deepEqual(["http://localhost:6060/x", "localhost:1"].map(allowedSource), [{ ok: true, value: "http://127.0.0.1:6060/x" }, { ok: true, value: "http://127.0.0.1:1" }]);
  });
});

describe("arguments", () => {
  const [explore] = TOOLS;
  const ROWS: readonly (readonly [args: Record<string, unknown>, answer: RegExp | true])[] = [
    [{ package: "./..." }, true],
    [{ package: "./...", run: "-x", budget: "1.5s", faults: 1, strict: true }, true],
    [{}, /^'package' is missing: a package pattern/],
    [{ package: "--html=x" }, /^'package' must match/],
    [{ package: "" }, /^'package' must be a text/],
    [{ package: "a\0b" }, /^'package' must be a text/],
    [{ package: 1 }, /^'package' must be a string/],
    [{ package: ".", budget: "soon" }, /^'budget' must match/],
    [{ package: ".", faults: 1.5 }, /^'faults' must be a whole number from 0 to 3/],
    [{ package: ".", strict: "yes" }, /^'strict' must be a boolean/],
    [{ package: ".", __proto__x: 1 }, /^there is no argument '__proto__x'; there are package, run/],
    [{ package: ".", "a\u001b[31m": 1 }, /^there is no argument 'a\\x1b\[31m'/],
  ];
  for (const [args, answer] of ROWS) {
    it(JSON.stringify(args), () => {
      const checked = checkArguments(explore!, args);
      if (answer === true) assert.equal(checked.ok, true);
      else assert.match((checked as { error: string }).error, answer);
    });
  }
});

describe("the size of an answer", () => {
  const step = fc.record({ number: fc.nat(), text: fc.string({ minLength: 20, maxLength: 60 }), key: fc.boolean() });
  const frame = fc.record({ function: fc.string(), file: fc.string(), line: fc.nat() });
  const finding = fc.record({ verdict: fc.constant("leaked"), schedule: fc.constant("u1 1*9"), steps: fc.array(step, { maxLength: 40 }), stack: fc.array(frame, { maxLength: 20 }) });
  const report = fc.record({ schema: fc.constant("x"), programs: fc.array(fc.record({ name: fc.string(), output: fc.string({ maxLength: 2000 }), findings: fc.array(finding, { maxLength: 15 }) }), { maxLength: 15 }), failures: fc.constant([]) });
  it("is kept, what is left is unchanged, and what was left out is said", () => {
    let cutRuns = 0;
    fc.assert(
      fc.property(report, fc.integer({ min: 9_000, max: 40_000 }), (value, most) => {
        const kept = bounded(value, REPORT_CUTS, most);
        if (kept === undefined) return JSON.stringify(value).length > most;
        if (kept.leftOut.length > 0) cutRuns++;
        const verdicts = (of: unknown): number => [...JSON.stringify(of).matchAll(/"verdict":"leaked"/g)].length;
        const saysFindings = kept.leftOut.some((what) => /^(findings|programs) beyond/.test(what));
        return JSON.stringify(kept.value).length <= most && (kept.leftOut.length > 0) === (JSON.stringify(kept.value) !== JSON.stringify(value)) && (saysFindings || verdicts(kept.value) === verdicts(value));
      }),
      { numRuns: 150 },
    );
    assert.ok(cutRuns > 10, `${cutRuns} of 150 had to be cut`);
  });
  it("a single step, group or sentence of any length does not break it", () => {
    const huge = "x".repeat(50_000);
    assert.equal(bounded({ programs: [{ findings: [{ verdict: huge }] }] }, REPORT_CUTS), undefined);
    assert.deepEqual(bounded({ verdict: "leaked", schedule: huge }, FINDING_CUTS), { value: { verdict: "leaked" }, leftOut: ["the schedule"] });
    const snapshot = { groups: Array.from({ length: 500 }, (_, i) => ({ count: i, ids: [1, 2, 3], stack: [{ function: "f".repeat(200) }] })), suspects: [] };
    const kept = bounded({ snapshots: [snapshot] }, INSPECTION_CUTS)!;
    assert.deepEqual(kept.leftOut, ["goroutines' numbers (ids)", "groups beyond the first 100 of each snapshot"]);
    assert.equal((kept.value as { snapshots: readonly { groups: readonly unknown[] }[] }).snapshots[0]!.groups.length, 100);
  });
});

it("explorations are numbered, and the oldest of more than 20 are forgotten in words", () => {
  const explorations = new Explorations();
  assert.match((explorations.find() as { error: string }).error, /^nothing was explored/);
  for (let i = 1; i <= 21; i++) assert.equal(explorations.add(`{"n":${i}}`), i);
  assert.deepEqual(explorations.find(), { ok: true, value: { number: 21, json: '{"n":21}' } });
  assert.deepEqual(explorations.find(2), { ok: true, value: { number: 2, json: '{"n":2}' } });
  assert.match((explorations.find(1) as { error: string }).error, /^there is no exploration 1 any more; there are 2, 3/);
});
