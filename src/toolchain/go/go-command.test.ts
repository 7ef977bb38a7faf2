import assert from "node:assert/strict";
import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { temporaryFolder, writeFiles } from "../testing/go-fixture.js";
import { gokerKernels } from "../testing/goker-kernels.js";
import { findToolchain, leakExperiment } from "./go-command.js";
import type { GoVersion } from "./go-version.js";
import { parseGoVersion } from "./go-version.js";

const folder = temporaryFolder();
const cacheDir = join(folder, "cache");

/** A `go` that says it is of that version, or prints something else altogether. */
function fakeGo(name: string, script: string): string {
  writeFiles(folder, { [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(join(folder, name), 0o755);
  return join(folder, name);
}

const fakeVersion = (version: string): string =>
  fakeGo(`go-${version.replace(/\W/g, "_")}`, `echo '{"GOVERSION":"${version}","GOROOT":"/opt/go","GOMODCACHE":"/mod","GOFLAGS":"","GOHOSTOS":"linux","GOHOSTARCH":"amd64"}'`);

const messageOf = async (go: string): Promise<string> => {
  const found = await findToolchain({ cwd: folder, go, env: process.env, cacheDir });
  return found.ok ? `ok ${found.value.version.text}` : `${found.error.kind}: ${found.error.message}`;
};

describe("findToolchain", () => {
  for (const [version, expected] of [
    ["go1.23.12", /^unsupported-go: Go 1\.23\.12 is too old: Unpark works with Go 1\.24 to 1\.27; install one of those, or set GOTOOLCHAIN/],
    ["go1.24rc1", /^ok 1\.24rc1$/],
    ["go1.24", /^ok 1\.24$/],
    ["go1.26.8 X:nodwarf5", /^ok 1\.26\.8 X:nodwarf5$/],
    ["go1.27.9", /^ok 1\.27\.9$/],
    ["go1.28rc1", /^unsupported-go: Go 1\.28rc1 is newer than this Unpark knows/],
    ["devel go1.28-abc", /^unsupported-go: 'devel go1\.28-abc' is not a released Go version/],
  ] as const) {
    it(version, async () => assert.match(await messageOf(fakeVersion(version)), expected));
  }

  it("says that there is no go, in words", async () => {
    const nowhere = await findToolchain({ cwd: folder, env: { PATH: join(folder, "nothing") }, cacheDir });
    assert.ok(!nowhere.ok && nowhere.error.kind === "no-go");
    assert.match(nowhere.error.message, /no `go` command on PATH: install Go 1\.24 or later/);
    assert.match(await messageOf("/nowhere/go"), /^no-go: cannot run \/nowhere\/go: .*ENOENT/);
    const cwd = join(folder, "gone");
    const lost = await findToolchain({ cwd, env: process.env, cacheDir });
    assert.ok(!lost.ok && lost.error.message === `there is no folder ${cwd}`);
  });

  it("passes on what a failing go says, and refuses what is no go", async () => {
    assert.match(await messageOf(fakeGo("broken", "echo 'go: downloading go1.99'; echo 'go: toolchain not available' >&2; exit 1")), /^no-go: .*failed:\ngo: toolchain not available$/);
    assert.match(await messageOf(fakeGo("game", "echo Black to move")), /printed no JSON: is it the Go command\?/);
  });

  it("is cancelled by its signal", async () => {
    const found = await findToolchain({ cwd: folder, env: process.env, cacheDir, signal: AbortSignal.abort() });
    assert.ok(!found.ok && found.error.kind === "cancelled");
  });

  it("reaches a GOROOT in the module cache through a symlink", async () => {
    const go = fakeGo("go-mod", `echo '{"GOVERSION":"go1.25.4","GOROOT":"/mod/golang.org/toolchain@1","GOMODCACHE":"/mod","GOFLAGS":"-race -v","GOHOSTOS":"linux","GOHOSTARCH":"amd64"}'`);
    const found = await findToolchain({ cwd: folder, go, env: { PATH: "/bin" }, cacheDir });
    assert.ok(found.ok);
    assert.equal(found.value.goroot, join(cacheDir, "goroot", readdirSync(join(cacheDir, "goroot"))[0] ?? ""));
    assert.equal(found.value.env["GOROOT"], found.value.goroot);
    assert.equal(found.value.env["GOTOOLCHAIN"], "local");
    assert.equal(found.value.go, join(found.value.goroot, "bin", "go"));
    assert.deepEqual(found.value.goflags.dropped, ["-race"]);
  });
});

describe("what a version has", () => {
  it("the leak collection is behind an experiment in 1.26 alone", () => {
    const experiments = ["1.24.10", "1.25.4", "1.26.8", "1.27.0"].map((v) => leakExperiment(parseGoVersion(v) as GoVersion));
    assert.deepEqual(experiments, [undefined, undefined, "goroutineleakprofile", undefined]);
  });

  it("GoKer's folder lists its Go files, and a GOROOT without it has none", () => {
    assert.equal(gokerKernels(folder), undefined);
    const goker = "root/src/runtime/testdata/testgoroutineleakprofile/goker";
    writeFiles(folder, { [`${goker}/moby2.go`]: "", [`${goker}/etcd1.go`]: "", [`${goker}/README.md`]: "" });
    assert.deepEqual(gokerKernels(join(folder, "root")), { folder: join(folder, goker), files: ["etcd1.go", "moby2.go"] });
  });
});
