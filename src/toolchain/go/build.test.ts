import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WASI } from "node:wasi";
import type { BuildOptions, BuildProgress, BuiltModule } from "./build.js";
import { buildMain, buildTests, userOverlay } from "./build.js";
import { MORE as more, machineGo, temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import type { Toolchain } from "./go-command.js";
import { findToolchain } from "./go-command.js";
import type { Overlay } from "../overlay/overlay.js";
import { makeOverlay } from "../overlay/overlay.js";
import { listPackages } from "./packages.js";

const root = temporaryFolder();
const cacheDir = join(root, "cache");

const module = writeFiles(join(root, "module"), {
  "go.mod": "module example.com/m\n\ngo 1.24\n",
  "count/count.go": `package main\n\nimport "sync/atomic"\n\nvar n atomic.Uintptr\n\nfunc main() { println("count", n.Swap(1)) }\n`,
  "tagged/a.go": `//go:build !loud\n\npackage main\n\nfunc main() { println("quiet") }\n`,
  "tagged/b.go": `//go:build loud\n\npackage main\n\nfunc main() { println("loud") }\n`,
  "bad/bad.go": "package main\n\nfunc main() {\n\tx := 1\n\tundefined()\n}\n",
  "here/here.go": `package main\n\nimport "syscall"\n\nfunc main() { println(syscall.Getpgrp()) }\n`,
  "tests/t.go": "package tests\n\nfunc two() int { return 2 }\n",
  "tests/t_test.go": `package tests\n\nimport "testing"\n\nfunc TestTwo(t *testing.T) {\n\tif two() != 2 {\n\t\tt.Fatal()\n\t}\n}\n`,
  "tests/x_test.go": `package tests_test\n\nimport "testing"\n\nfunc TestOutside(t *testing.T) {}\n`,
});

async function overlayFor(go: Toolchain): Promise<Overlay> {
  const overlay = makeOverlay(go, [more], { cacheDir });
  assert.ok(overlay.ok, overlay.ok ? "" : overlay.error.message);
  return overlay.value;
}

/** Builds the one package that `pattern` names; the module, or the error as "kind: message". */
async function build(go: Toolchain, pattern: string, purpose: "main" | "tests", options: Partial<BuildOptions> = {}): Promise<BuiltModule | string> {
  const cwd = options.cwd ?? module;
  const listed = await listPackages(go, { cwd, purpose, patterns: [pattern], ...(options.tags === undefined ? {} : { tags: options.tags }) });
  assert.ok(listed.ok, listed.ok ? "" : listed.error.message);
  const [pkg] = listed.value.packages;
  assert.ok(pkg, JSON.stringify(listed.value.problems));
  const built = await (purpose === "main" ? buildMain : buildTests)(go, pkg, await overlayFor(go), { cwd, ...options });
  return built.ok ? built.value : `${built.error.kind}: ${built.error.message}`;
}

function failureOf(built: BuiltModule | string): string {
  return typeof built === "string" ? built : "it was built";
}

function run(built: BuiltModule | string, args: readonly string[] = []): string {
  assert.ok(typeof built !== "string", failureOf(built));
  const out = join(root, "out");
  const fd = openSync(out, "w");
  const wasi = new WASI({ version: "preview1", args: ["p", ...args], stdout: fd, stderr: fd, returnOnExit: true });
  // Not WebAssembly.instantiate: its thread may still compile when Node ends, and Node can die of that (nodejs/node#56236). This file did once, by SIGSEGV.
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(built.wasm)), wasi.getImportObject() as WebAssembly.Imports);
  const status = wasi.start(instance);
  closeSync(fd);
  return `${readFileSync(out, "utf8").trim()} (${String(status)})`;
}

describe("a build with this machine's Go", () => {
  it("has the overlay in it, and is the same module while nothing has changed", async () => {
    const go = await machineGo(module, cacheDir);
    const events: BuildProgress[] = [];
    const onProgress = (event: BuildProgress): void => void events.push(event);
    const first = await build(go, "./count", "main", { onProgress });
    assert.equal(run(first), "count 41 (0)");
    const second = await build(go, "./count", "main", { onProgress });
    assert.deepEqual(second, first);
    assert.deepEqual(events.map((e) => (e.kind === "building" ? `building, first: ${String(e.first)}` : "built")), ["building, first: true", "built", "building, first: false", "built"]);
    assert.deepEqual(readdirSync(join(cacheDir, "tmp")), []);
  });

  it("keeps function names, in the name section, whatever GOFLAGS says", async () => {
    const go = await machineGo(module, cacheDir, { env: { ...process.env, GOFLAGS: "-ldflags=-s -race" } });
    const built = await build(go, "./count", "main");
    assert.ok(typeof built !== "string", failureOf(built));
    const names = WebAssembly.Module.customSections(new WebAssembly.Module(readFileSync(built.wasm)), "name");
    assert.match(Buffer.from(names[0] ?? new ArrayBuffer(0)).toString("latin1"), /wasm_pc_f_loop/);
  });

  it("compiles a package's own and external tests into one module", async () => {
    const built = await build(await machineGo(module, cacheDir), "./tests", "tests");
    assert.ok(typeof built !== "string", failureOf(built));
    assert.deepEqual([built.kind, built.package, built.dir, built.tests.map((t) => t.name)], ["tests", "example.com/m/tests", join(module, "tests"), ["TestTwo", "TestOutside"]]);
    assert.match(run(built, ["-test.v"]), /--- PASS: TestTwo.*--- PASS: TestOutside.*PASS \(0\)/s);
  });

  it("builds files, tags, workspaces and vendor folders", async () => {
    const go = await machineGo(module, cacheDir);
    assert.equal(run(await build(go, "count/count.go", "main")), "count 41 (0)");
    assert.equal(run(await build(go, "./tagged", "main")), "quiet (0)");
    assert.equal(run(await build(go, "./tagged", "main", { tags: "loud" })), "loud (0)");
    const dep = "package d\n\nfunc D() string { return ";
    const workspace = writeFiles(join(root, "workspace"), {
      "go.work": "go 1.24\n\nuse (\n\t./a\n\t./b\n)\n",
      "a/go.mod": "module example.com/a\n\ngo 1.24\n",
      "a/a.go": `package main\n\nimport "example.com/b"\n\nfunc main() { println(d.D()) }\n`,
      "b/go.mod": "module example.com/b\n\ngo 1.24\n",
      "b/b.go": `${dep}"from the workspace" }\n`,
    });
    assert.equal(run(await build(go, "./a", "main", { cwd: workspace })), "from the workspace (0)");
    const vendored = writeFiles(join(root, "vendored"), {
      "go.mod": "module example.com/v\n\ngo 1.24\n\nrequire dep.example/d v1.0.0\n",
      "v.go": `package main\n\nimport "dep.example/d"\n\nfunc main() { println(d.D()) }\n`,
      "vendor/modules.txt": "# dep.example/d v1.0.0\n## explicit; go 1.24\ndep.example/d\n",
      "vendor/dep.example/d/d.go": `${dep}"vendored" }\n`,
    });
    assert.equal(run(await build(go, ".", "main", { cwd: vendored })), "vendored (0)");
  });

  it("gives the compiler's words and nothing else, and leaves nothing behind", async () => {
    assert.equal(
      await build(await machineGo(module, cacheDir), "./bad", "main"),
      "compile: # example.com/m/bad\nbad/bad.go:4:2: declared and not used: x\nbad/bad.go:5:2: undefined: undefined",
    );
    assert.deepEqual(readdirSync(join(cacheDir, "tmp")), []);
  });

  it("says so when only wasip1 is at fault", async () => {
    const go = await machineGo(module, cacheDir);
    assert.match(failureOf(await build(go, "./here", "main")), /^compile: example\.com\/m\/here builds for \w+ but not for wasip1 .*:\n# example\.com\/m\/here\nhere\/here\.go:5:31: undefined: syscall\.Getpgrp$/);
  });

  it("ends when it is interrupted, and leaves nothing behind", async () => {
    const stop = new AbortController();
    const options = { signal: stop.signal, flags: ["-a"], onProgress: () => setImmediate(() => stop.abort()) }; // -a would compile everything
    const outcome = await build(await machineGo(module, cacheDir), "./count", "main", options);
    assert.equal(outcome, "cancelled: the build of example.com/m/count was interrupted");
    assert.deepEqual(readdirSync(join(cacheDir, "tmp")), []);
  });

  it("takes the user's own overlay from GOFLAGS", async () => {
    const cwd = writeFiles(join(root, "own"), { "mine.json": '{"Replace":{"a.go":"b.go","gone.go":""}}' });
    const overlayOf = async (file: string): Promise<unknown> => {
      const read = userOverlay(await machineGo(cwd, cacheDir, { env: { ...process.env, GOFLAGS: `-overlay=${file}` } }), cwd);
      return read.ok ? read.value : read.error.message;
    };
    assert.deepEqual(await overlayOf("mine.json"), { [join(cwd, "a.go")]: join(cwd, "b.go"), [join(cwd, "gone.go")]: "" });
    assert.match(String(await overlayOf("lost.json")), /cannot read the overlay that GOFLAGS names, .*lost\.json/);
  });
});

describe("every supported Go version builds with the overlay", () => {
  // Fetched by the machine's own go, as modules; one that cannot be had is skipped by name.
  for (const goVersion of ["1.24.10", "1.25.4", "1.26.8", "1.27.0"]) {
    it(`Go ${goVersion}`, async (t) => {
      const found = await findToolchain({ cwd: module, env: process.env, cacheDir, goVersion });
      if (!found.ok) return t.skip(`this machine cannot get Go ${goVersion} (run where the module proxy can be reached): ${found.error.message}`);
      assert.equal(found.value.version.text, goVersion);
      const built = await build(found.value, "./count", "main");
      assert.equal(run(built), "count 41 (0)");
      assert.equal(typeof built === "string" ? "" : built.goVersion, goVersion);
    });
  }
});
