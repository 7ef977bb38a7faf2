// What `npm run release` makes, used as a person would: in an empty home folder, the single executable without any Node
// in the PATH, the Go launcher through a module proxy of files, the npm package in a project of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { blocksOf } from "../docs/blocks.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const OUT = join(ROOT, "release");
const LEAK = `package shop

import "testing"

func TestLeak(t *testing.T) {
	c := make(chan int)
	go func() {
		c <- 1
	}()
}
`;
/** Single executables are built for this system here; others are made, and checked for structure, by the script itself. */
const skip = process.platform === "linux" && process.arch === "x64" ? false : "the release is built on linux x64";

describe("a release", { skip }, () => {
  const scratch = mkdtempSync(join(tmpdir(), "unpark-release-"));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  const module = join(scratch, "shop");
  const home = join(scratch, "home");
  const bin = join(scratch, "bin");
  const goEnv = (name: string): string => spawnSync("go", ["env", name], { encoding: "utf8" }).stdout.trim();
  /** No Node in the PATH: only go, and what go needs. */
  const env = (): Record<string, string> => ({
    HOME: home, PATH: bin, GOCACHE: goEnv("GOCACHE"), GOMODCACHE: goEnv("GOMODCACHE"), GOPROXY: goEnv("GOPROXY"), GOFLAGS: "",
    ...(process.env["UNPARK_CACHE"] === undefined ? {} : { UNPARK_CACHE: process.env["UNPARK_CACHE"] }),
  });
  const run = (command: string, args: readonly string[], more: Record<string, string> = {}, cwd = module): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: { ...env(), ...more }, encoding: "utf8", timeout: 300_000 });
    return { status, text: `${stdout}${stderr}` };
  };

  before(() => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/release/release.mjs", "linux-x64"], { cwd: ROOT, encoding: "utf8", timeout: 600_000 });
    assert.equal(status, 0, `${stdout}${stderr}`);
    for (const folder of [module, home, bin]) mkdirSync(folder);
    symlinkSync(spawnSync("which", ["go"], { encoding: "utf8" }).stdout.trim(), join(bin, "go"));
    writeFileSync(join(module, "go.mod"), "module example.com/shop\n\ngo 1.24\n");
    writeFileSync(join(module, "shop_test.go"), LEAK);
  });

  const only = (suffix: RegExp): string => {
    const found = readdirSync(OUT).filter((name) => suffix.test(name));
    assert.equal(found.length, 1, found.join(", "));
    return join(OUT, found[0]!);
  };

  it("the single executable explores a test with worker threads and the overlay, without Node", () => {
    const { status, text } = run(only(/linux-x64$/), ["test", "--no-native", "--workers", "2", "."]);
    assert.match(text, /shop_test\.go:8/);
    assert.match(text, /leaked/i);
    assert.equal(status, 1);
  });

  it("the single executable holds what unpark mcp needs of its SDK", () => {
    const hello = { jsonrpc: "2.0", id: 1, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } } };
    const { status, stdout } = spawnSync(only(/linux-x64$/), ["mcp"], { cwd: module, env: env(), encoding: "utf8", input: `${JSON.stringify(hello)}\n` });
    assert.equal(status, 0);
    assert.deepEqual((JSON.parse(stdout) as { result: { serverInfo: { name: string } } }).result.serverInfo.name, "unpark");
  });

  it("the Go launcher runs as `go run` of a module: with a Node of the PATH, or with the single executable by its checksum", () => {
    const served = { GOPROXY: `file://${join(OUT, "goproxy")},${goEnv("GOPROXY")}`, GONOSUMDB: "example.com/unpark/launcher", GOFLAGS: "-modcacherw", GOMODCACHE: join(scratch, "modules") };
    const launcher = ["run", "example.com/unpark/launcher/cmd/unpark@latest"];
    const withNode = { ...served, PATH: `${bin}:${dirname(process.execPath)}` };
    assert.match(run(join(bin, "go"), [...launcher, "--version"], withNode).text, /^unpark \d+\.\d+\.\d+$/m);
    assert.match(run(join(bin, "go"), [...launcher, "--version"], served).text, /there is no node in the PATH; install Node 20 or later, or set UNPARK_SINGLE_FILE/);
    assert.match(run(join(bin, "go"), [...launcher, "--version"], { ...served, UNPARK_SINGLE_FILE: only(/linux-x64$/) }).text, /^unpark \d/m);
    assert.match(run(join(bin, "go"), [...launcher, "--version"], { ...served, UNPARK_SINGLE_FILE: join(module, "go.mod") }).text, /is not a file of this release/);
  });

  it("the npm package holds no test, no helper and no map, at most 600 KB", () => {
    const tarball = only(/\.tgz$/);
    assert.ok(statSync(tarball).size <= 600 * 1024, `${statSync(tarball).size} bytes`);
    const names = spawnSync("tar", ["-tzf", tarball], { encoding: "utf8" }).stdout.split("\n");
    assert.deepEqual(names.filter((name) => /\.test\.|\.map$|\/src\/[^/]+\/(.*\/)?testing\//.test(name)), []);
    for (const needed of ["package/dist/src/cli/main.js", "package/dist/src/testing/explore-ts.js", "package/go/runtime/unpark.go", "package/docs/typescript.md"]) {
      assert.ok(names.includes(needed), needed);
    }
  });

  it("installed by npm in a Go module, `./...` is that module's, and not the package's own Go", () => {
    const project = join(scratch, "with-npm");
    mkdirSync(project);
    for (const name of ["go.mod", "shop_test.go"]) writeFileSync(join(project, name), readFileSync(join(module, name)));
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
    const installed = spawnSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--save-dev", only(/\.tgz$/)], { cwd: project, encoding: "utf8", timeout: 300_000 });
    assert.equal(installed.status, 0, installed.stderr);
    const sizes = readdirSync(join(project, "node_modules"), { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => statSync(join(one.parentPath, one.name)).size);
    const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
    assert.ok(megabytes <= 5, `${megabytes} MB with its dependencies`);
    const { status, text } = run(process.execPath, [join(project, "node_modules/unpark/bin/unpark.js"), "test", "--no-native", "./..."], {}, project);
    assert.doesNotMatch(text, /CANNOT/);
    assert.match(text, /^1 finding in 1 test: 1 leaked\.$/m);
    assert.equal(status, 1);
  });

  it("README's three lines, as they stand there: each finds the leak", () => {
    const block = blocksOf("README.md", readFileSync(join(ROOT, "README.md"), "utf8")).find(({ commands }) => commands[0]!.startsWith("release/"));
    assert.equal(block?.commands.length, 3);
    const project = join(scratch, "from-readme");
    mkdirSync(project);
    for (const name of ["go.mod", "shop_test.go"]) writeFileSync(join(project, name), readFileSync(join(module, name)));
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
    symlinkSync(OUT, join(project, "release"));
    for (const command of block.commands) {
      const more = { PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`, GOFLAGS: "-modcacherw", GOMODCACHE: join(scratch, "modules") };
      const { status, text } = run("bash", ["-c", command], more, project);
      assert.match(text, /^1 finding in 1 test: 1 leaked\.$/m, command);
      assert.equal(status, 1, command);
    }
  });

  it("the npm package's pages have scripts that an engine takes: what is minified there is a page's script, too", () => {
    const cli = join(OUT, "npm", "bin", "unpark.js");
    const dump = join(scratch, "dump.txt");
    writeFileSync(dump, "goroutine 1 [chan receive, 9 minutes]:\nmain.main()\n\t/m.go:3 +0x1\n");
    const pages = { findings: ["test", "--no-native", "--html=findings.html", "."], dump: ["inspect", "--web=dump.html", dump] };
    for (const [name, args] of Object.entries(pages)) {
      run(process.execPath, [cli, ...args]);
      const page = readFileSync(join(module, `${name}.html`), "utf8");
      const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script!);
      assert.equal(scripts.length, 1, page.slice(0, 2000));
      assert.doesNotThrow(() => new Script(scripts[0]!), name);
    }
  });

  it("the .deb and the folder hold the man page, which man reads", () => {
    const listed = spawnSync("dpkg-deb", ["-c", only(/_amd64\.deb$/)], { encoding: "utf8" });
    assert.match(listed.stdout, /\.\/usr\/share\/man\/man1\/unpark\.1\.gz$/m);
    const page = gunzipSync(readFileSync(only(/^unpark\.1\.gz$/))).toString();
    assert.match(page, /^\.TH UNPARK 1 "\d{4}\\-\d\d\\-\d\d" "unpark 0\.1\.0" /);
    assert.match(page, /^\.SS unpark test$/m);
  });

  it("the checksums are those of the files", () => {
    const { status, stdout } = spawnSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: OUT, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });
});
