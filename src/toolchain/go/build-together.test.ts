import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, it } from "node:test";
import { MORE, machineGo, temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import { makeOverlay } from "../overlay/overlay.js";
import { buildTests, type BuiltModule } from "./build.js";
import { buildTogether } from "./build-together.js";
import { listPackages, type GoPackage } from "./packages.js";

const root = temporaryFolder();
const cacheDir = join(root, "cache");
const testOf = (name: string, wanted: number): string => `package ${name}\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {\n\tif it() != ${wanted} {\n\t\tt.Fatal()\n\t}\n}\n`;
const module = writeFiles(join(root, "module"), {
  "go.mod": "module example.com/m\n\ngo 1.24\n\nrequire github.com/gofrs/flock v0.0.0\n\nreplace github.com/gofrs/flock => ./flock\n",
  "a/a.go": "package a\n\nfunc it() int { return 1 }\n", "a/a_test.go": testOf("a", 1),
  "b/b.go": "package b\n\nfunc it() int { return 2 }\n", "b/b_test.go": testOf("b", 2),
  "other/b/b.go": "package b\n\nfunc it() int { return 3 }\n", "other/b/b_test.go": testOf("b", 3),
  // A stand-in for other systems than linux (borrow/stand-ins.ts).
  "flock/go.mod": "module github.com/gofrs/flock\n\ngo 1.24\n",
  "flock/f_linux.go": "package flock\n\n//go:noinline\nfunc Which() int { return 1 }\n",
  "flock/f_other.go": "//go:build !linux\n\npackage flock\n\n//go:noinline\nfunc Which() int { return -1 }\n",
  "v2/v.go": "package v\n\nfunc it() int { return 4 }\n", "v2/v_test.go": testOf("v", 4),
});

describe("packages that were built before, by one call of Go", async () => {
  const go = await machineGo(module, cacheDir);
  const overlay = makeOverlay(go, [MORE], { cacheDir });
  assert.ok(overlay.ok);
  const packages = async (): Promise<readonly GoPackage[]> => {
    const listed = await listPackages(go, { cwd: module, purpose: "tests", patterns: ["./..."] });
    assert.ok(listed.ok);
    return listed.value.packages;
  };
  const built = async (pkg: GoPackage, together?: ReadonlyMap<string, string>): Promise<BuiltModule> => {
    const one = await buildTests(go, pkg, overlay.value, { cwd: module, ...(together === undefined ? {} : { together }) });
    assert.ok(one.ok, one.ok ? "" : one.error.message);
    return one.value;
  };
  const together = async (all: readonly GoPackage[]): ReturnType<typeof buildTogether> => buildTogether(go, all, overlay.value, { cwd: module });
  const leftBehind = (): readonly string[] => (existsSync(join(cacheDir, "tmp")) ? readdirSync(join(cacheDir, "tmp")) : []);

  beforeEach(() => writeFileSync(join(module, "a/a.go"), "package a\n\nfunc it() int { return 1 }\n"));

  it("nothing was built before: nothing is built so", async () => {
    assert.equal((await together(await packages())).modules.size, 0);
    assert.deepEqual(leftBehind(), []);
  });

  it("the same modules as each alone; of two binaries of one name the first, and none that is named by a version", async () => {
    const all = await packages();
    const alone = new Map<string, string>();
    for (const pkg of all) alone.set(pkg.importPath, (await built(pkg)).wasm);
    const again = await together(all);
    assert.deepEqual([...again.modules.values()].map((path) => path.split("/").at(-1)).sort(), ["a.test", "b.test"]);
    for (const pkg of all) assert.equal((await built(pkg, again.modules)).wasm, alone.get(pkg.importPath), pkg.importPath);
    assert.deepEqual([...again.modules.values()].filter((path) => existsSync(path)), [], "taken");
    again.close();
    assert.deepEqual(leftBehind(), []);
  });

  it("what changed is built anew, also where its last module is gone", async () => {
    const all = await packages();
    const [a, b] = all.filter(({ importPath }) => /m\/[ab]$/.test(importPath));
    const before = await built(a!);
    writeFileSync(join(module, "a/a.go"), "package a\n\nfunc it() int { return 0 + 1 + len(\"\") }\n");
    rmSync((await built(b!)).wasm);
    const again = await together(all);
    assert.equal(again.modules.size, 2);
    const [newA, newB] = [await built(a!, again.modules), await built(b!, again.modules)];
    assert.notEqual(newA.wasm, before.wasm);
    assert.equal(newA.wasm, (await built(a!)).wasm);
    assert.equal(newB.wasm, (await built(b!)).wasm);
    again.close();
  });

  it("one that has a stand-in since its last build is built alone, with linux' files in its place; the others are taken (T2)", async () => {
    const all = (await packages()).filter(({ importPath }) => /m\/[ab]$/.test(importPath));
    for (const pkg of all) await built(pkg);
    writeFileSync(join(module, "a/a.go"), "package a\n\nimport \"github.com/gofrs/flock\"\n\nfunc it() int { return flock.Which() }\n");
    const again = await together(all);
    assert.deepEqual([...again.modules.values()].map((path) => path.split("/").at(-1)), ["b.test"]);
    const { borrowed } = await built(all[0]!, again.modules);
    assert.deepEqual(borrowed, [{ package: "github.com/gofrs/flock", files: ["f_linux.go"], stubs: [] }]);
    again.close();
    assert.deepEqual(leftBehind(), []);
  });

  it("one that does not compile: none is taken, and each says for itself what is wrong", async () => {
    writeFileSync(join(module, "a/a.go"), "package a\n\nfunc it() int { return x }\n");
    const all = await packages();
    const again = await together(all);
    assert.equal(again.modules.size, 0);
    assert.deepEqual(leftBehind(), []);
    const broken = await buildTests(go, all.find(({ importPath }) => importPath.endsWith("/a"))!, overlay.value, { cwd: module, together: again.modules });
    assert.match(broken.ok ? "" : broken.error.message, /undefined: x/);
  });
});
