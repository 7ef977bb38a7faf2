import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { lineEdits } from "../../fix/line-edits.js";
import { unifiedDiff } from "../../fix/unified-diff.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixOutcome, FixReport } from "../../model/results/fix.js";
import { lineChanges } from "./hunks.js";
import { fixReview } from "./review.js";
import { fixSarif } from "./sarif.js";

/** A report of one finding whose one proved patch makes `after` of `before`. */
function reportOf(before: string, after: string, text = "p.f"): FixReport {
  const file = "/repo/sub/a.go";
  const diff = unifiedDiff("sub/a.go", before, after);
  const finding: Finding = { verdict: "leaked", cause: "send-without-receiver", evidence: [], goroutines: 1, stack: [], package: "p", blocked: { reason: "chan send", function: text, file, line: 3 } };
  const candidate = { way: "buffer", edits: lineEdits({ file, before, after }), facts: { channel: text, room: "1" } } as const;
  const proof = { schedules: 3, complete: true, before: { schedules: 2, complete: true }, programs: 1, checked: "vet" } as const;
  const outcome: FixOutcome = { findings: [finding], seen: 1, schedules: 2, proved: [{ candidate, diff, proof }], missed: [], refused: [] };
  const origin = { command: "test", unpark: "0", packages: ["."], args: [] } as unknown as FixReport["origin"];
  return { origin, explored: { programs: 1, complete: 1 }, outcomes: [outcome], together: { diff, files: [{ file, before, after }], mends: [outcome] }, failures: [], written: [] };
}

interface Sarif {
  readonly runs: readonly [{ readonly results: readonly { readonly fixes: readonly { readonly artifactChanges: readonly { readonly artifactLocation: { readonly uri: string }; readonly replacements: readonly Replacement[] }[] }[] }[] }];
}
interface Replacement {
  readonly deletedRegion: { readonly startLine: number; readonly startColumn: number; readonly endLine: number; readonly endColumn: number };
  readonly insertedContent: { readonly text: string };
}
interface Review {
  readonly comments: readonly { readonly path: string; readonly line: number; readonly start_line?: number; readonly body: string }[];
}

const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/).filter((line) => line !== "");

/** What a viewer makes of the replacements: each of the places in the text as it was. */
function replaced(text: string, replacements: readonly Replacement[]): string {
  const lines = linesOf(text);
  const offset = (line: number, column: number): number => lines.slice(0, line - 1).join("").length + column - 1;
  return [...replacements].reverse().reduce((now, { deletedRegion: r, insertedContent }) => now.slice(0, offset(r.startLine, r.startColumn)) + insertedContent.text + now.slice(offset(r.endLine, r.endColumn)), text);
}

/** What GitHub makes of the suggestions: each in the place of the lines that it stands at. */
function suggested(text: string, { comments }: Review): string {
  const lines: string[] = [...linesOf(text)];
  for (const { line, start_line: first = line, body } of [...comments].reverse()) {
    const [, , inner] = /(`{3,})suggestion\n([^]*?)(?:\n)?\1$/.exec(body)!;
    lines.splice(first - 1, line - first + 1, ...(inner === "" ? [] : [`${inner}\n`]));
  }
  return lines.join("");
}

const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(new URL("../../../../fixtures/sarif/sarif-schema-2.1.0.json", import.meta.url), "utf8")) as Record<string, unknown>; // draft 4's own two words
const isSarif = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

describe("patches in SARIF and in a review", () => {
  const CASES = [
    ["one line", "a\nb\nc\n", "a\nB\nc\n"],
    ["a line more", "a\nb\n", "a\nx\nb\n"],
    ["a line more at the beginning", "a\n", "x\na\n"],
    ["a line less", "a\nb\nc\n", "a\nc\n"],
    ["two places", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nz\n", "A\n1\n2\n3\n4\n5\n6\n7\n8\n9\nZ\ny\n"],
    ["what looks like a header", "-- a/x\nb\n", "++ b/y\nb\n"],
    ["a fence in the code", "a\nb\n", "a\n````\nb\n"],
  ] as const;
  for (const [name, before, after] of CASES) {
    it(`${name}: both make the patched file of the file`, () => {
      const log = JSON.parse(fixSarif(reportOf(before, after), { cwd: "/repo" })) as Sarif;
      assert.ok(isSarif(log), JSON.stringify(isSarif.errors));
      const [change] = log.runs[0].results[0]!.fixes[0]!.artifactChanges;
      assert.equal(change!.artifactLocation.uri, "sub/a.go");
      assert.equal(replaced(before, change!.replacements), after);
      const review = JSON.parse(fixReview(reportOf(before, after))) as Review;
      assert.equal(suggested(before, review), after);
      assert.deepEqual([...new Set(review.comments.map(({ path }) => path))], ["sub/a.go"]);
    });
  }

  it("of any lines, with or without a line end at the file's end, too", () => {
    const text = fc.tuple(fc.array(fc.constantFrom("a\n", "b\n", "--- a/x\n", "@@ -1 +1 @@\n", "\n"), { maxLength: 9 }), fc.constantFrom("", "z")).map(([lines, last]) => lines.join("") + last);
    fc.assert(fc.property(text, text, (before, after) => {
      fc.pre(before !== after);
      const log = JSON.parse(fixSarif(reportOf(before, after))) as Sarif;
      assert.ok(isSarif(log));
      assert.equal(replaced(before, log.runs[0].results[0]!.fixes[0]!.artifactChanges[0]!.replacements), after);
    }), { numRuns: 300 });
  });

  it("a program's names are no mark-up and call nobody in a review", () => {
    const [comment] = (JSON.parse(fixReview(reportOf("a\n", "b\n", "@everyone ![x](http://e) `c` \u001b]0;t\u0007"))) as Review).comments;
    assert.doesNotMatch(comment!.body, /@everyone|!\[x\]|\u001b|[^\\`]`c/);
  });

  it("of no patch there is no comment", () => assert.deepEqual((JSON.parse(fixReview({ ...reportOf("a\n", "b\n"), together: undefined } as unknown as FixReport)) as Review).comments, []));
  it("of nothing is nothing", () => assert.deepEqual(lineChanges(""), []));
});
