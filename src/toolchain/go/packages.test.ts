import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { machineGo, temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import type { Toolchain } from "./go-command.js";
import type { ListOptions, Listing } from "./packages.js";
import { listPackages } from "./packages.js";

const root = temporaryFolder();
const main = "package main\n\nfunc main() {}\n";
const test = (pkg: string, name: string): string => `package ${pkg}\n\nimport "testing"\n\nfunc ${name}(t *testing.T) {}\n`;

const module = writeFiles(join(root, "module"), {
  "go.mod": "module example.com/m\n\ngo 1.24\n",
  "cmd/thing/main.go": main,
  "lib/lib.go": "package lib\n",
  "lib/lib_test.go": test("lib", "TestInside"),
  "lib/x_test.go": test("lib_test", "TestOutside"),
  "lib/os_linux_test.go": test("lib", "TestLinux"),
  "lib/os_darwin_test.go": test("lib", "TestDarwin"),
  "lib/os_windows_test.go": test("lib", "TestWindows"),
  "tagged/t.go": "package tagged\n",
  "tagged/t_test.go": `//go:build slow\n\n${test("tagged", "TestSlow")}`,
  "cgo/c.go": `package cgo\n\nimport "C"\n`,
  "cgo/c_test.go": test("cgo", "TestC"),
  "cgolib/c.go": `package cgolib\n\nimport "C"\n`,
  "mixed/c.go": `package mixed\n\nimport "C"\n`,
  "mixed/pure.go": "//go:build !cgo\n\npackage mixed\n",
  "native/n.go": "//go:build !wasip1\n\npackage native\n",
  "native/n_test.go": `//go:build !wasip1\n\n${test("native", "TestNative")}`,
  "above/a.go": `package above\n\nimport _ "example.com/m/native"\n`,
  "above/a_test.go": test("above", "TestAbove"),
  "broken/b.go": `package broken\n\nimport _ "nosuch.example/x"\n`,
  "brokentest/b.go": "package brokentest\n",
  "brokentest/b_test.go": `package brokentest\n\nimport _ "nosuch.example/y"\n`,
  "empty/README": "",
});

describe("listPackages", () => {
  let go: Toolchain;
  before(async () => {
    go = await machineGo(module, join(root, "cache"));
  });
  const list = async (purpose: ListOptions["purpose"], patterns: readonly string[], more: Partial<ListOptions> = {}): Promise<Listing> => {
    const listed = await listPackages(go, { cwd: module, purpose, patterns, ...more });
    assert.ok(listed.ok, listed.ok ? "" : listed.error.message);
    return listed.value;
  };
  const titles = (listing: Listing): readonly string[] => listing.packages.map((pkg) => pkg.title.replace("example.com/m/", ""));
  const problems = (listing: Listing): Readonly<Record<string, string>> =>
    Object.fromEntries(listing.problems.map((problem) => [problem.importPath.replace("example.com/m/", ""), `${problem.kind}: ${problem.message}`]));

  it("lists what can be done and says of the rest why not", async () => {
    const all = await list("tests", ["./..."]);
    assert.deepEqual(titles(all), ["above", "cmd/thing", "lib", "mixed", "tagged"]);
    const found = problems(all);
    assert.deepEqual(Object.keys(found).sort(), ["broken", "brokentest", "cgo", "native"]);
    assert.equal(found["cgo"], "needs-cgo: example.com/m/cgo needs cgo (c.go), which WebAssembly does not have; try the native mode");
    assert.deepEqual(all.problems.flatMap(({ importPath, onlyNatively }) => (onlyNatively === undefined ? [] : [importPath])), ["example.com/m/cgo", "example.com/m/native"]);
    assert.match(found["native"] ?? "", /^not-for-wasip1: example\.com\/m\/native does not build for wasip1: its build constraints exclude/);
    assert.match(found["broken"] ?? "", /^broken: broken\/b\.go:3:8: no required module provides package nosuch\.example\/x/);
    assert.match(found["brokentest"] ?? "", /^broken: brokentest\/b_test\.go:3:8: no required module provides package nosuch\.example\/y/);
  });

  it("knows the tests of a package and of its external test package, and those that wasip1 excludes", async () => {
    const [lib] = (await list("tests", ["./lib"])).packages;
    assert.deepEqual(lib?.tests.map((t) => t.name), ["TestInside", "TestOutside"]);
    assert.equal(lib?.module?.path, "example.com/m");
    assert.equal(lib?.dir, join(module, "lib"));
    const host = { linux: ["os_linux_test.go"], darwin: ["os_darwin_test.go"], windows: ["os_windows_test.go"] }[go.host.os] ?? [];
    assert.deepEqual(lib?.excludedTestFiles, host);
  });

  it("honours tags", async () => {
    const names = async (more: Partial<ListOptions>): Promise<readonly string[]> =>
      (await list("tests", ["./tagged"], more)).packages.flatMap((pkg) => pkg.tests.map((t) => t.name));
    assert.deepEqual(await names({}), []);
    assert.deepEqual(await names({ tags: "fast,slow" }), ["TestSlow"]);
  });

  it("marks a package whose cgo files have pure Go stand-ins", async () => {
    assert.deepEqual((await list("tests", ["./mixed", "./lib"])).packages.map((pkg) => pkg.usesCgo), [true, false]);
  });

  it("takes main packages, by pattern or as files", async () => {
    assert.deepEqual(titles(await list("main", ["./cmd/..."])), ["cmd/thing"]);
    const [file] = (await list("main", ["cmd/thing/main.go"])).packages;
    assert.deepEqual([file?.importPath, file?.title, file?.args], ["command-line-arguments", "main.go", ["cmd/thing/main.go"]]);
  });

  it("says what is no main package, no package, or no file", async () => {
    const found = problems(await list("main", ["./lib", "./nosuch", "./empty", "nosuch.example/z", "./cmd/thing"]));
    assert.equal(found["lib"], "not-main: example.com/m/lib is package lib, not a main package: there is nothing to run (for its tests: unpark test)");
    assert.match(found["./nosuch"] ?? "", /^not-found: .*directory not found/);
    assert.match(found["nosuch.example/z"] ?? "", /^not-found: no required module provides package nosuch\.example\/z/);
    assert.match(found["./empty"] ?? "", /^not-found: no Go files in /);
    const noFile = await listPackages(go, { cwd: module, purpose: "main", patterns: ["gone.go"] });
    assert.ok(!noFile.ok && noFile.error.message === `there is no file gone.go in ${module}`);
    const noModule = async (cwd: string): Promise<string> => {
      const listed = await listPackages(go, { cwd, purpose: "tests", patterns: ["./..."] });
      return listed.ok ? listed.value.problems[0]!.message : listed.error.message;
    };
    assert.match(await noModule(writeFiles(join(root, "bare"), { "x.txt": "" })), /does not contain main module.*\nrun unpark in the folder of a go\.mod or below it; where there is none, 'go mod init NAME' makes one$/s);
    assert.match(await noModule(writeFiles(join(root, "one"), { "api/go.mod": "module example.com/api\n" })), /\nrun unpark in api: the module is there$/);
    const many = writeFiles(join(root, "many"), { "api/go.mod": "module example.com/api\n", "lib/sub/go.mod": "module example.com/sub\n", "vendor/x/go.mod": "module x\n" });
    assert.match(await noModule(many), /\nrun unpark in one of the modules below \(api, lib\/sub\), or make them a workspace: go work init, then go work use \.\/api and the others$/);
    const folder = writeFiles(join(root, "workfolder"), { "go.work": "go 1.24\n\nuse ./a\n", "a/go.mod": "module example.com/a\n\ngo 1.24\n" });
    const above = await listPackages(go, { cwd: folder, purpose: "tests", patterns: ["./..."] });
    assert.match(above.ok ? above.value.problems[0]!.message : "", /listed in go\.work.*\nin a workspace name its modules by their folders/s);
    const noMain = await listPackages(go, { cwd: module, purpose: "main", patterns: ["./lib/..."] });
    assert.ok(!noMain.ok && noMain.error.message.startsWith("./lib/... matches no main packages in "));
  });

  it("lists the modules of a workspace", async () => {
    const cwd = writeFiles(join(root, "workspace"), {
      "go.work": "go 1.24\n\nuse (\n\t./a\n\t./b\n)\n",
      "a/go.mod": "module example.com/a\n\ngo 1.24\n",
      "a/a.go": `package main\n\nimport _ "example.com/b"\n\nfunc main() {}\n`,
      "b/go.mod": "module example.com/b\n\ngo 1.24\n",
      "b/b.go": "package b\n",
      "b/b_test.go": test("b", "TestB"),
    });
    assert.deepEqual(titles(await list("tests", ["./a/...", "./b/..."], { cwd })), ["example.com/a", "example.com/b"]);
    assert.deepEqual(titles(await list("main", ["example.com/a"], { cwd: join(cwd, "b") })), ["example.com/a"]);
  });

  it("uses a vendor folder, and passes on what go says when it does not fit", async () => {
    const cwd = writeFiles(join(root, "vendored"), {
      "go.mod": "module example.com/v\n\ngo 1.24\n\nrequire dep.example/d v1.0.0\n",
      "v.go": `package main\n\nimport _ "dep.example/d"\n\nfunc main() {}\n`,
      "vendor/modules.txt": "# dep.example/d v1.0.0\n## explicit; go 1.24\ndep.example/d\n",
      "vendor/dep.example/d/d.go": "package d\n",
    });
    assert.deepEqual(titles(await list("main", ["."], { cwd })), ["example.com/v"]);
    writeFiles(cwd, { "vendor/modules.txt": "" });
    const listed = await listPackages(go, { cwd, purpose: "main", patterns: ["."] });
    assert.ok(!listed.ok);
    assert.match(listed.error.message, /^go: inconsistent vendoring in /);
  });

  it("passes on what go says of a go.mod that it cannot read", async () => {
    const cwd = writeFiles(join(root, "badmod"), { "go.mod": "modul x\n", "x.go": main });
    const listed = await listPackages(go, { cwd, purpose: "main", patterns: ["."] });
    assert.ok(!listed.ok);
    assert.match(listed.error.message, /^go: errors parsing .*go\.mod:\n.*unknown directive: modul/s);
  });
});
