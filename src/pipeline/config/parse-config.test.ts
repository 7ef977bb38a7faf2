import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "./parse-config.js";

const read = (text: string): unknown => {
  const config = parseConfig(text, "f");
  return config.ok ? config.value.ignore : config.error;
};

describe("parseConfig", () => {
  it("reads ignore entries with the line of each", () => {
    assert.deepEqual(read("# known\nignore:\n  - function: a.b*\n    reason: ends with the process\n    expires: 2027-03-31\n    verdict: lingering\n"), [
      { function: "a.b*", reason: "ends with the process", expires: "2027-03-31", verdict: "lingering", line: 3 },
    ]);
    assert.deepEqual(read(""), []);
  });

  it("reads 20,000 entries without looking for each from the root", () => {
    const text = (n: number): string => `ignore:\n${"  - { function: a, reason: b, expires: 2027-03-31 }\n".repeat(n)}`;
    const found = read(text(20_000)) as { line: number }[];
    assert.deepEqual([found.length, found[19_999]!.line], [20_000, 20_001]);
    const cost = (n: number): number => {
      const before = process.cpuUsage();
      read(text(n));
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    assert.ok([1, 2, 3].some(() => cost(16_000) < 24 * Math.max(cost(2000), 2000)));
  });

  const entry = (more: string): string => `ignore:\n  - ${more}\n`;
  for (const [text, said] of [
    ["ignore: [", /^f:1: /],
    ["- a", /^f:1: expected settings .* holds a list$/],
    ["ignored: []", /^f: unknown setting 'ignored'; known is 'ignore'$/],
    ["ignore: yes", /^f: 'ignore' is a list, but it holds a string$/],
    [entry("x"), /^f:2: an entry of 'ignore' has fields .* but this is a string$/],
    [entry("{ function: a, reason: b }"), /^f:2: an entry of 'ignore' needs 'expires' \(the last day/],
    [entry("{ function: a, expires: 2027-01-01 }"), /^f:2: an entry of 'ignore' needs 'reason'$/],
    [entry("{ function: a, reason: b, expires: soon }"), /'expires' is a day such as 2027-03-31, but got 'soon'/],
    [entry("{ function: a, reason: b, expires: 2027-02-30 }"), /'expires' is a day such as 2027-03-31, but got '2027-02-30'/],
    [entry("{ function: a, reason: b, expires: 2027-13-01 }"), /but got '2027-13-01'/],
    [entry("{ function: a, reason: b, expires: 20270101 }"), /needs 'expires'/],
    [entry("{ function: a, reason: '  ', expires: 2027-01-01 }"), /needs 'reason'$/],
    [entry("{ function: a, reason: b, expires: 2027-01-01, test: 3 }"), /'test' is a text$/],
    [entry("{ function: a, reason: b, expires: 2027-01-01, verdict: lost }"), /unknown verdict "lost"; known are leaked, /],
    [entry("{ func: a }"), /unknown field 'func'; an entry has function, /],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => assert.match(String(read(text)), said));
  }
});
