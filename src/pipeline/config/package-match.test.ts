import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_CLOCK, LAZY_CLOCK } from "../../explore/fairness.js";
import { matchesPackage, settingsOfPackage } from "./package-match.js";

describe("matchesPackage", () => {
  const at = (path: string) => ({ importPath: `example.com/m${path === "" ? "" : `/${path}`}`, dir: `/r${path === "" ? "" : `/${path}`}` });
  const ROWS: readonly (readonly [match: string, path: string, fits: boolean])[] = [
    ["./...", "", true], ["./...", "a/b", true], ["...", "a", true], [".", "", true], [".", "a", false], ["./a", "a", true], ["./a/", "a", true], ["./a", "a/b", false], ["./a", "ab", false],
    ["./a/...", "a", true], ["./a/...", "a/b/c", true], ["./a/...", "ab", false], ["./a...", "ab", true], ["./.../b", "a/b", true], ["./.../b", "a/c/b", true], ["./x/../a", "a", true],
    ["example.com/m/a", "a", true], ["example.com/m/...", "", true], ["example.com/m/...", "a", true], ["example_com/m/a", "a", false], ["example.com/m", "a", false], ["a", "a", false], ["../...", "a", false],
  ];
  for (const [match, path, fits] of ROWS) it(`${match} ${fits ? "fits" : "does not fit"} ${path === "" ? "the module's own package" : path}`, () => assert.equal(matchesPackage(match, "/r", at(path)), fits));
  it("./ is the folder of the settings, wherever the package lies", () => {
    assert.equal(matchesPackage("./a", "/r/sub", at("sub/a")), true);
    assert.equal(matchesPackage("../...", "/r/sub", at("a")), true);
    assert.equal(matchesPackage("./...", "/r/sub", at("a")), false);
  });
});

it("settingsOfPackage: of several that match the later one's values hold, field by field", () => {
  const usual = { budget: 3_000, workers: 2, seed: 1, clock: DEFAULT_CLOCK, faults: 0 };
  const pkg = { importPath: "example.com/m/a", dir: "/r/a" };
  const overrides = [{ match: "./...", root: "/r", settings: { faults: 1, budget: 5_000 } }, { match: "./a", root: "/r", settings: { faults: 2, clock: "lazy" as const } }, { match: "./b", root: "/r", settings: { faults: 3 } }];
  assert.deepEqual(settingsOfPackage(usual, overrides, pkg), { ...usual, budget: 5_000, faults: 2, clock: LAZY_CLOCK });
  assert.equal(settingsOfPackage(usual, overrides, { importPath: "other", dir: "/s" }), usual);
});
