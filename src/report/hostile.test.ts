import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { spellOut } from "../base/spell-out.js";
import type { Report } from "../model/results/examination.js";
import type { Finding } from "../model/finding/finding.js";
import { groupGoroutines } from "../model/goroutine/goroutine-group.js";
import type { Verification } from "../model/results/verification.js";
import { reportGithub } from "./exploration/github.js";
import { reportJson } from "./exploration/json.js";
import { reportJunit } from "./exploration/junit.js";
import { reportMarkdown } from "./exploration/markdown.js";
import { reportSarif } from "./exploration/sarif.js";
import { reportText } from "./exploration/text.js";
import { artifactLocation } from "./shared/file-uri.js";
import { withoutCommands } from "./shared/safe-text.js";
import { coloured } from "./shared/style.js";
import { xml } from "./shared/xml.js";
import { verificationJunit } from "./verify/junit.js";
import { verificationSarif } from "./verify/sarif.js";
import { verificationText } from "./verify/text.js";

/** Every form of a report, of every string that there can be: all of Unicode, halves of surrogate pairs, what terminals and CI obey. */
const EVIL = ["\u001b]0;title\u0007", "\r::error::x", "\n  ::stop-commands::x\n", "##[error]x", "\u009b31m", "\u202eabc", "\ufffe\uffff", "\ud800", "\udc00x", "| `a` |", "<script>", "]]>", "&#0;", "@everyone", "![x](http://e)", "\u2028", "\u007f", "\ufeff::warning::x", "%0A::error::", "a#b?c%.go"];
const anyString = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)), fc.array(fc.constantFrom(...EVIL), { maxLength: 4 }).map((parts) => parts.join("")));

const report = (s: string, line: number): Report => {
  const blocked = { reason: s, function: s, file: s, line };
  const finding: Finding = {
    verdict: "leaked", cause: "unknown", evidence: [s], goroutines: 2, stack: [], test: s, package: s, blocked, createdBy: { function: s, file: s, line }, message: s,
    steps: [{ goroutine: s as NonNullable<Finding["steps"]>[number]["goroutine"] & string, text: s, file: s, line, source: s }],
  };
  return {
    examinations: [{ name: s, package: s, outcome: "failed", output: s, limits: [s], findings: [finding], coverage: { schedules: 1, complete: false, bounds: [s], depth: 0, milliseconds: 0 } }],
    failures: [{ package: s, test: s, message: s }],
  };
};

const verification = (s: string): Verification => {
  const name = spellOut(s); // as the parsers do
  const [group] = groupGoroutines({ provenance: { source: name, how: "" }, losses: [], goroutines: [{ count: 1, state: "waiting", waitReason: name, stack: [{ function: `main.${name}`, file: name, line: 1 }] }] });
  const demand = { kind: "absent", pattern: s } as const;
  return { source: name, demands: [demand], violations: [{ demand, text: name, groups: [group!], count: 1 }], total: 1, attempts: 1, milliseconds: 1 };
};

const OWN_COLOURS = new RegExp("\\u001b\\[\\d+m", "g");
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function isSafe(text: string): void {
  const plain = text.replace(OWN_COLOURS, "");
  assert.ok(!UNSEEN.test(plain), JSON.stringify(plain));
  assert.ok(!LONE.test(plain), JSON.stringify(plain));
  for (const line of plain.split("\n")) {
    assert.ok(!line.replace(/^[\s\ufeff]+/, "").startsWith("::"), line);
    assert.ok(!line.includes("##["), line);
  }
}

/** XML 1.0, as far as a document without DTD goes: characters, tags that match, attributes in quotes, references. */
function isXml(text: string): void {
  assert.ok(!/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text), JSON.stringify(text));
  const open: string[] = [];
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  const left = body.replace(/<(\/?)([a-z-]+)((?: [a-z]+="(?:[^<&"]|&#\d+;)*")*)(\/?)>|[^<&]+|&#\d+;/g, (_, close: string, name: string | undefined, __, empty: string) => {
    if (name === undefined) return "";
    if (close === "/") assert.equal(open.pop(), name);
    else if (empty !== "/") open.push(name);
    return "";
  });
  assert.equal(left, "");
  assert.deepEqual(open, []);
}

test("text forms show control characters and send none; no line is a CI command", () => {
  fc.assert(fc.property(anyString, fc.boolean(), (s, colour) => {
    isSafe(reportText(report(s, 3), colour ? { style: coloured, cwd: "/w" } : {}));
    isSafe(verificationText(verification(s), { colour, cwd: "/w" }));
  }), { numRuns: 1000 });
  assert.equal(withoutCommands("  \u001b[31m::error::x\na ::b\n##[group]"), "  \u001b[31m\\::error::x\na ::b\n#\\#[group]");
});

test("annotations are one command a line, of the kinds that are ours", () => {
  fc.assert(fc.property(anyString, (s) => {
    const lines = reportGithub(report(s, 3)).trimEnd().split("\n");
    assert.equal(lines.length, 2);
    for (const line of lines) assert.match(line, /^::(error|notice) [^\r\n]*$/);
    assert.ok(!UNSEEN.test(lines.join("")));
  }), { numRuns: 500 });
});

test("JUnit is XML", () => {
  fc.assert(fc.property(anyString, (s) => {
    isXml(reportJunit(report(s, 3)));
    isXml(verificationJunit(verification(s), "/w"));
    assert.ok(!/[<"]/.test(xml(s)));
  }), { numRuns: 1000 });
});

test("JSON reads back as the same value, and shows control characters", () => {
  fc.assert(fc.property(anyString, (s) => {
    const text = reportJson(report(s, 3));
    assert.ok(!UNSEEN.test(text) && !LONE.test(text));
    assert.ok(JSON.stringify(JSON.parse(text)).includes(JSON.stringify(s)));
  }), { numRuns: 500 });
});

/** OASIS's own schema of SARIF 2.1.0, errata 01 (fixtures/sarif/README.md). Draft 4 and 7 differ, of what it uses, only in two names. */
const { $schema: _draft, id: _id, ...SARIF } = JSON.parse(readFileSync(new URL("../../../fixtures/sarif/sarif-schema-2.1.0.json", import.meta.url), "utf8")) as Record<string, unknown>;
const reference = (text: string): boolean => /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/.test(text);
const sarif = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats: { uri: (text: string) => URL.canParse(text), "uri-reference": reference, "date-time": (text: string) => !Number.isNaN(Date.parse(text)) } }).compile(SARIF);

test("SARIF is valid by the standard's own schema, whatever it holds", () => {
  const valid = (text: string): void => assert.ok(sarif(JSON.parse(text)), JSON.stringify(sarif.errors?.slice(0, 3)));
  fc.assert(fc.property(anyString, fc.oneof(fc.integer(), fc.double(), fc.constantFrom(NaN, Infinity, -1, 0, 2 ** 40)), (s, line) => {
    valid(reportSarif(report(s, line), { cwd: "/w" }));
    valid(verificationSarif(verification(s), "1", "/w"));
  }), { numRuns: 500 });
  valid(reportSarif({ examinations: [], failures: [] }, { cwd: "/w" }));
  assert.ok(!sarif({ version: "2.1.0", runs: [{}] })); // it can say no
});

test("SARIF: locations are URIs with lines that exist", () => {
  fc.assert(fc.property(anyString, fc.oneof(fc.integer(), fc.double(), fc.constantFrom(NaN, Infinity, -1, 0, 2 ** 40)), (s, line) => {
    const texts = [reportSarif(report(s, line), { cwd: "/w" }), reportSarif(report(`/w/${s}`, line), { cwd: "/w" }), verificationSarif(verification(s), "1", "/w")];
    for (const text of texts) {
      for (const [, uri] of text.matchAll(/"uri": "([^"]*)"/g)) assert.match(uri!, /^[A-Za-z0-9\-._~:/@!$&'()*+,;=%]*$/);
      for (const [, number] of text.matchAll(/"startLine": ([^,\n]*)/g)) assert.match(number!, /^[1-9]\d{0,9}$/);
    }
  }), { numRuns: 500 });
  assert.deepEqual(artifactLocation("/w/a#b?é.go", "/w"), { uri: "a%23b%3F%C3%A9.go", uriBaseId: "%SRCROOT%" });
  assert.deepEqual(artifactLocation("C:\\src\\a b.go", "/w"), { uri: "file:///C:/src/a%20b.go" });
  assert.deepEqual(artifactLocation("example.com/p/a.go", "/w"), { uri: "example.com/p/a.go" });
});

test("Markdown: a name ends no cell, no row and no code span, and is no mention, link or image", () => {
  fc.assert(fc.property(anyString, (s) => {
    const lines = reportMarkdown(report(s, 3)).split("\n");
    const rows = lines.filter((line) => line.startsWith("| leaked"));
    assert.equal(rows.length, 1);
    assert.equal(rows[0]!.replace(/\\\|/g, "").split("|").length, 7, rows[0]);
    const outside = rows[0]!.replace(/`[^`]*`/g, "");
    assert.ok(!/[`@<[\]!*_~\\]/.test(outside), outside);
    assert.ok(!UNSEEN.test(lines.join("")));
    assert.equal(lines.length, 8, JSON.stringify(lines));
  }), { numRuns: 1000 });
});
