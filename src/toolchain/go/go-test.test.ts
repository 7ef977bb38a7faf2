import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goflagsValue } from "./goflags.js";
import { linkerFlags, readTestArgs, wordsForBuild } from "./go-test.js";

describe("readTestArgs", () => {
  for (const [words, args, overlay, ldflags] of [
    [["./..."], ["./..."], undefined, undefined],
    [["-overlay=o.json", "-v", "."], ["-v", "."], "/w/o.json", undefined],
    [["--overlay", "/abs.json", "."], ["."], "/abs.json", undefined],
    [["-ldflags", "-X a=b -s", "."], ["."], undefined, "-X a=b -s"],
    [["-ldflags=-s", "-ldflags=-w"], [], undefined, "-w"], // the last wins, as with go
    [[".", "-args", "-overlay=mine", "-ldflags=mine"], [".", "-args", "-overlay=mine", "-ldflags=mine"], undefined, undefined],
  ] as const) {
    it(words.join(" "), () => assert.deepEqual(readTestArgs(words, "/w"), { dir: "/w", args, overlay, ldflags }));
  }
});

it("-C is where go runs, and what other words are relative to", () => {
  assert.deepEqual(readTestArgs(["-C", "sub", "-overlay=o.json", "."], "/w"), { dir: "/w/sub", args: ["."], overlay: "/w/sub/o.json", ldflags: undefined });
});

it("wordsForBuild keeps what says which sources are built, and the test binary's own words", () => {
  assert.deepEqual(wordsForBuild(["-tags", "a,b", "-race", "-mod=vendor", "-overlay=o.json", "-short", "./x", "-args", "-tags=mine"], "/w"), {
    dir: "/w", tags: "a,b", short: true, flags: ["-mod=vendor", "-overlay=/w/o.json"], args: ["-tags=mine"],
  });
  assert.deepEqual(wordsForBuild([".", "-args", "-short"], "/w"), { dir: "/w", tags: undefined, short: false, flags: [], args: ["-short"] });
});

it("linkerFlags adds to the user's own, but not to those of a pattern", () => {
  assert.equal(linkerFlags(undefined), "-ldflags=-checklinkname=0");
  assert.equal(linkerFlags("-X a=b -s"), "-ldflags=-X a=b -s -checklinkname=0");
  assert.equal(linkerFlags("./x=-s"), undefined);
});

it("goflagsValue takes the last, with its quotes off", () => {
  assert.equal(goflagsValue("-race '-ldflags=-X a=b' -v", "ldflags"), "-X a=b");
  assert.equal(goflagsValue("-ldflags=-s -ldflags=-w", "ldflags"), "-w");
  assert.equal(goflagsValue("-race", "ldflags"), undefined);
});
