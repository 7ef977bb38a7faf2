import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PackageFiles } from "./package-files.js";
import { standInDecisions } from "./stand-ins.js";

const NONE = { name: "", dir: "", files: [], tests: [], lenders: [], own: [], module: undefined, testLenders: [], ownTests: [] };

describe("what a package that stands in for others takes of linux", () => {
  const packages: readonly PackageFiles[] = [
    { ...NONE, path: "m/z", lenders: ["b_linux.go", "a_unix.go"], own: ["other.go"], testLenders: ["a_linux_test.go"], ownTests: ["other_test.go"] },
    { ...NONE, path: "m/z_test", testLenders: ["x_linux_test.go"] },
    // Its name is as much longer as that of an external test package.
    { ...NONE, path: "m/z/simd", lenders: ["search_amd64.go"], own: ["search.go"] },
    { ...NONE, path: "m/same", lenders: [], own: ["only.go"] },
  ];
  it("is its own files, its tests' and its external tests', and nobody else's", () => {
    assert.deepEqual(standInDecisions(packages, (path) => path !== "m/z/simd"), {
      "m/z": { borrowed: ["a_linux_test.go", "a_unix.go", "b_linux.go"], emptied: ["other.go", "other_test.go"] },
      "m/z_test": { borrowed: ["x_linux_test.go"], emptied: [] },
    });
  });
});
