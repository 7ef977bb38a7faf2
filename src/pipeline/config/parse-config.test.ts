import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig, type SettingTables } from "./parse-config.js";

const TABLES: SettingTables = {
  shared: {
    budget: { type: "string", kind: "time" }, faults: { type: "string", kind: "count" }, schedules: { type: "string", kind: "positive" }, strict: { type: "boolean", kind: "text" },
    clock: { type: "string", kind: ["any", "lazy"] }, memory: { type: "string", kind: "size" }, tags: { type: "string", kind: "text" }, baseline: { type: "optional", kind: "output" },
  },
  commands: ["test", "inspect"],
  command: (name) => Promise.resolve(name === "inspect" ? { where: { type: "list", kind: "text" }, user: { type: "string", kind: "text", refused: "it is a secret" } } : { junit: { type: "optional", kind: "output" }, json: { type: "optional", kind: "output" }, strict: { type: "boolean", kind: "text" } }),
};

const read = async (text: string, part: "ignore" | "flags" | "packages" | "severity" | "skip" = "ignore"): Promise<unknown> => {
  const config = await parseConfig(text, "f", TABLES);
  return config.ok ? config.value[part] : config.error;
};

describe("parseConfig", () => {
  it("reads ignore entries with the line of each", async () => {
    assert.deepEqual(await read("# known\nignore:\n  - function: a.b*\n    reason: ends with the process\n    expires: 2027-03-31\n    verdict: lingering\n"), [
      { function: "a.b*", reason: "ends with the process", expires: "2027-03-31", verdict: "lingering", line: 3 },
    ]);
    assert.deepEqual(await read(""), []);
    assert.deepEqual(await read("# nothing yet\n"), []);
    assert.deepEqual(await read("ignore:\n"), []);
  });

  it("reads 20,000 entries without looking for each from the root", async () => {
    const text = (n: number): string => `ignore:\n${"  - { function: a, reason: b, expires: 2027-03-31 }\n".repeat(n)}`;
    const found = (await read(text(20_000))) as { line: number }[];
    assert.deepEqual([found.length, found[19_999]!.line], [20_000, 20_001]);
    const cost = async (n: number): Promise<number> => {
      const before = process.cpuUsage();
      await read(text(n));
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ratios: number[] = [];
    for (let i = 0; i < 3; i++) ratios.push((await cost(16_000)) / Math.max(await cost(2000), 2000));
    assert.ok(Math.min(...ratios) < 24, ratios.join(", "));
  });

  const entry = (more: string): string => `ignore:\n  - ${more}\n`;
  for (const [text, said] of [
    ["ignore: [", /^f:1: /],
    ["- a", /^f:1: expected settings .* holds a list$/],
    ["ignored: []", /^f:1: unknown setting 'ignored'; did you mean 'ignore'\?$/],
    ["ignore: yes", /^f:1: 'ignore' is a list, but it holds the text 'yes'$/],
    [entry("x"), /^f:2: an entry of 'ignore' has fields .* but this is the text 'x'$/],
    ["ignore:\n  - function: a\n    reason: b\n    expires: soon\n", /^f:4: 'expires' is a day/],
    ["packages:\n  - match: ./a\n    budget: 2x\n", /^f:3: 'budget' is a time such as 10s or 1m30s, but got '2x'$/],
    [entry("{ function: a, reason: b }"), /^f:2: an entry of 'ignore' needs 'expires' \(the last day/],
    [entry("{ function: a, expires: 2027-01-01 }"), /^f:2: an entry of 'ignore' needs 'reason' \(why/],
    [entry("{ function: a, reason: b, expires: soon }"), /'expires' is a day such as 2027-03-31, but got 'soon'/],
    [entry("{ function: a, reason: b, expires: 2027-02-30 }"), /'expires' is a day such as 2027-03-31, but got '2027-02-30'/],
    [entry("{ function: a, reason: b, expires: 2027-13-01 }"), /but got '2027-13-01'/],
    [entry("{ function: a, reason: b, expires: 20270101 }"), /needs 'expires'/],
    [entry("{ function: a, reason: '  ', expires: 2027-01-01 }"), /needs 'reason' \(why/],
    [entry("{ function: a, reason: b, expires: 2027-01-01, test: 3 }"), /'test' is a text, but this is 3$/],
    [entry("{ function: a, reason: b, expires: 2027-01-01, verdict: lost }"), /^f:2: unknown verdict 'lost'; known are leaked, /],
    [entry("{ func: a }"), /unknown field 'func'; an entry has function, /],
    [entry("{ functoin: a }"), /unknown field 'functoin'; did you mean 'function'\?/],
    ["budget: 5s\nbudget: 6s", /^f:2: this name is there twice in one group: keep one of the two$/],
    ["test:\n\tstrict: true", /^f:2: a tab cannot indent: write blanks in its place$/],
    ["budget: 1s\n---\nbudget: 2s", /^f:\d: a line of --- begins a second document/],
    ["\nbudgte: 5s", /^f:2: unknown setting 'budgte'; did you mean 'budget'\?$/],
    ["junit: a.xml", /^f:1: 'junit' is a flag of single commands: write it below the command's name, as 'test: \{ junit: … \}'$/],
    ["colour: red", /^f:1: unknown setting 'colour'; there are ignore, skip, severity, packages, budget, .* and the commands' names$/],
    ["budget: 5", /^f:1: 'budget' is a time such as 10s or 1m30s, but this is 5$/],
    ["budget: [5s]", /^f:1: 'budget' is a time .* but this is a list$/],
    ["budget:", /^f:1: 'budget' is a time .* but this is nothing$/],
    ["faults: -1", /^f:1: 'faults' is a whole number from 0, but this is -1$/],
    ["faults: 1.5", /but this is 1\.5$/],
    ["schedules: 0", /'schedules' is a whole number from 1, but this is 0$/],
    ["clock: fast", /^f:1: 'clock' is one of any, lazy, but this is the text 'fast'$/],
    ["memory: much", /'memory' is a size such as 512MiB or 2GiB/],
    ["strict: 'true'", /^f:1: 'strict' is true or false, but this is the text 'true'$/],
    ["test: yes", /^f:1: expected flags of 'unpark test', but it holds the text 'yes'$/],
    ["test:\n  junti: a.xml", /^f:2: 'unpark test' has no flag 'junti'; did you mean 'junit'\?$/],
    ["test:\n  listen: a", /^f:2: 'unpark test' has no flag 'listen'; unpark test --help lists them$/],
    ["test: { junit: ../x.xml }", /^f:1: 'junit' is true, or the name of a file inside of this project, but this is the text '\.\.\/x\.xml'$/],
    ["test: { junit: /etc/x }", /inside of this project/],
    ["test: { junit: a/../../x }", /inside of this project/],
    ["test: { junit: 'C:\\x' }", /inside of this project/],
    ["test: { junit: ~/x }", /inside of this project/],
    ["inspect: { user: me }", /^f:1: 'user' cannot be set here: it is a secret$/],
    ["inspect:\n  where:\n    - a\n    - [b]", /^f:4: 'where' is a list of texts, .* but this is a list$/],
    ["packages:\n  - match: ./a", /^f:2: an entry of 'packages' sets something .* budget, schedules/],
    ["packages:\n  - { match: ./a, budget: soon }", /^f:2: 'budget' is a time/],
    ["packages:\n  - { budget: 1s }", /^f:2: an entry of 'packages' needs 'match' \(packages, as/],
    ["packages:\n  - { match: ./a, strict: true }", /^f:2: unknown field 'strict'; an entry has match, budget/],
    ["skip:\n  - test: TestX", /^f:2: an entry of 'skip' needs 'reason' \(why/],
    ["severity:\n  leeked: note", /^f:2: unknown verdict 'leeked'; did you mean 'leaked'\?$/],
    ["severity:\n  leaked: warning", /^f:2: a severity is error, note, off, but this is the text 'warning'$/],
    ["severity: note", /^f:1: expected a severity for verdicts/],
    ["a: &a [*a]", /^f:1: unknown setting 'a'/],
    ["{".repeat(5000), /^f:1: this is not YAML|^f:1: it is nested too deeply|^f:1: it is nested too deeply|^f:1: unknown|^f:1: expected/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text.slice(0, 100))}`, async () => assert.match(String(await read(text)), said));
  }

  for (const [text, part, expected] of [
    ["budget: 5s\nfaults: 2\nstrict: true\ntags: a,b\nbaseline: true\ntest:\n  strict: false\n  junit: out/x.xml\n", "flags", [
      { command: undefined, flag: "budget", value: "5s", line: 1 }, { command: undefined, flag: "faults", value: "2", line: 2 }, { command: undefined, flag: "strict", value: true, line: 3 },
      { command: undefined, flag: "tags", value: "a,b", line: 4 }, { command: undefined, flag: "baseline", value: true, line: 5 }, { command: "test", flag: "strict", value: false, line: 7 }, { command: "test", flag: "junit", value: "out/x.xml", line: 8 },
    ]],
    ["inspect:\n  where: [a=b, c=d]", "flags", [{ command: "inspect", flag: "where", value: ["a=b", "c=d"], line: 2 }]],
    ["inspect:\n  where: a=b", "flags", [{ command: "inspect", flag: "where", value: ["a=b"], line: 2 }]],
    ["packages:\n  - match: ./a/...\n    faults: 2\n    budget: 1m", "packages", [{ match: "./a/...", root: ".", values: { faults: "2", budget: "1m" }, line: 2 }]],
    ["severity: { lingering: error, flaky: off, panics: false }", "severity", [{ verdict: "lingering", severity: "error", line: 1 }, { verdict: "flaky", severity: "off", line: 1 }, { verdict: "panics", severity: "off", line: 1 }]],
    ["skip:\n  - { test: TestNet*, reason: needs docker }", "skip", [{ test: "TestNet*", reason: "needs docker", root: ".", line: 2 }]],
    ["x-1: &b 5s\n", "flags", "f:1: unknown setting 'x-1'"],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, async () => {
      const got = await read(text, part);
      if (typeof expected === "string") assert.ok(String(got).startsWith(expected), String(got));
      else assert.deepEqual(got, expected);
    });
  }
});
