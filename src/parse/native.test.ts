import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Census } from "../model/results/census.js";
import { parseCensus } from "./native.js";

const block = (header: string, name: string, line: number): string => `goroutine ${header}:\np.${name}()\n\t/p/a_test.go:${line} +0x1d\ncreated by p.Test in goroutine 5\n\t/p/a_test.go:3 +0x2a\n`;
const file = (head: readonly string[], stacks: readonly string[], end = "\nend\n"): string =>
  `unpark-native 1\npackage p\ngo go1.26.8\npid 7\nproof true\n${head.map((line) => `${line}\n`).join("")}stacks\n${stacks.join("\n")}${end}`;
const parse = (text: string) => parseCensus(Buffer.from(text), "7.unpark");
const read = (head: readonly string[], stacks: readonly string[]): Census => {
  const census = parse(file(head, stacks));
  assert.ok(census.ok, census.ok ? "" : census.error);
  return census.value;
};
const owners = ({ ownerOf }: Census) => [...ownerOf].map(([id, { test, over }]) => [id, test, over]);

describe("parseCensus", () => {
  it("reads owners from labels as Go 1.26 and 1.27 print them, and takes the label out", () => {
    const census = read(
      ["over 1 TestA/with space", "running 2 TestB"],
      [block('8 [chan receive (leaked) labels:{"unpark": "1 TestA/with space", "user": "x"}]', "f", 4), block('9 [select] {unpark: "2 TestB"}', "g", 5)],
    );
    assert.deepEqual(owners(census), [[8, "TestA/with space", true], [9, "TestB", false]]);
    assert.deepEqual(census.snapshot.goroutines.map(({ labels, unreachable }) => [labels, unreachable]), [[{ user: "x" }, true], [undefined, undefined]]);
    assert.deepEqual([census.package, census.goVersion, census.pid, census.proof], ["p", "go1.26.8", 7, true]);
  });

  it("finds owners by stacks where labels are not shown, as many as there are (Go 1.24, 1.25)", () => {
    const head = ["over 1 TestA", "over 2 TestB", "owned 1 TestA\tp.f:4", "owned 2 TestB\tp.f:4"];
    const census = read(head, [block("8 [chan receive]", "f", 4), block("9 [chan receive]", "f", 4), block("10 [chan receive]", "f", 4)]);
    assert.deepEqual(owners(census), [[8, "TestA", true], [9, "TestB", true]]);
  });

  it("reads the deep form's lists and what outlived its test", () => {
    const gone = block('6 [select labels:{"unpark": "1 TestA"}]', "h", 6);
    const there = block('8 [select labels:{"unpark": "1 TestA"}]', "f", 4);
    const census = read(["over 1 TestA", "leaked 8", "abandoned 9", "missed 3", `outlived\n${gone}\n${there}`], [there, block("9 [IO wait]", "g", 5)]);
    assert.deepEqual(census.outlived.map(({ id }) => id), [6]); // 8 is still there
    assert.equal(census.snapshot.goroutines[0]!.unreachable, true);
    assert.deepEqual([...census.abandoned], [9]);
    assert.equal(census.unseen, 3);
  });

  for (const [title, text, said] of [
    ["another file", "hello\n", /is not a report of this version/],
    ["one that was cut", file([], [block("8 [select]", "f", 4)], ""), /ends too early: the test process died/],
    ["one without stacks", "unpark-native 1\npackage p\n\nend\n", /has no stacks/],
  ] as const) {
    it(`refuses ${title}`, () => {
      const result = parse(text);
      assert.ok(!result.ok);
      assert.match(result.error, said);
    });
  }
});
