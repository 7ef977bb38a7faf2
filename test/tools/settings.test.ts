// `.unpark.yaml` with real Go: what a package's own settings find is found there alone, and replays without them.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { dispatch } from "../../src/cli/dispatch.js";
import { fakeIo } from "../../src/cli/testing/run-cli.js";

/** Leaks where the dial is refused, which only --faults shows. */
const test = (name: string): string => `package ${name}

import (
	"net"
	"testing"
)

func TestDial(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ready := make(chan bool)
	go func() { ready <- true }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return
	}
	c.Close()
	<-ready
}

func TestDocker(t *testing.T) {}
`;

describe("a project's settings", () => {
  const folder = mkdtempSync(join(tmpdir(), "unpark-settings-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("go.mod", "module example.com/p\n\ngo 1.24\n");
  write("a/a_test.go", test("a"));
  write("b/b_test.go", test("b"));
  const settings = (severity: string): string => `schedules: 200\npackages:\n  - { match: ./b/..., faults: 1 }\nskip:\n  - { test: TestDocker, package: ./a, reason: needs a daemon }\nseverity: { leaked: ${severity}, deadlock: ${severity} }\n`;

  const unpark = async (...argv: string[]) => {
    const io = fakeIo({ cwd: folder, env: process.env });
    const code = await dispatch(argv, io);
    return { code, out: io.out(), err: io.err() };
  };

  it("hold by package; the report says so, and a replay needs no file", async () => {
    write(".unpark.yaml", settings("error"));
    const { code, err } = await unpark("test", "--no-native", "--json=r.json", "./...");
    assert.equal(code, 1, err);
    interface Program { readonly name: string; readonly package: string; readonly outcome: string; readonly findings: readonly { readonly schedule: string }[] }
    const report = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")) as { readonly origin: { readonly faults?: number; readonly packageFaults?: object }; readonly programs: readonly Program[] };
    assert.deepEqual([report.origin.faults, report.origin.packageFaults], [undefined, { "example.com/p/b": 1 }]);
    assert.deepEqual(report.programs.map(({ name, package: path, outcome, findings }) => [path.slice(-1), name, outcome, findings.length > 0]), [["a", "TestDial", "passed", false], ["a", "TestDocker", "no verdict", false], ["b", "TestDial", "passed", true], ["b", "TestDocker", "passed", false]]);
    const { schedule } = report.programs[2]!.findings[0]!;
    assert.equal((await unpark("replay", schedule, "--test=TestDial", "./b")).code, 1, "the file's faults, of a schedule alone");
    rmSync(join(folder, ".unpark.yaml"));
    assert.equal((await unpark("replay", "r.json")).code, 1);
    const without = await unpark("replay", schedule, "--test=TestDial", "./b");
    assert.equal(without.code, 2, without.out);
  });

  it("a severity decides the exit code, and is not mistaken for no leak", async () => {
    write(".unpark.yaml", settings("note"));
    const noted = await unpark("test", "--no-native", "./b");
    assert.equal(noted.code, 0);
    assert.match(noted.out, /^No finding that counts.* 1 note \(-v\)\.$/m);
    write(".unpark.yaml", settings("off"));
    const off = await unpark("test", "--no-native", "./b");
    assert.equal(off.code, 0);
    assert.match(off.out, /^No finding but the one that is accepted/m);
    assert.match(off.err, /1 finding not shown: severity of '(leaked|deadlock)' is off \(line 6 of the settings\)/);
  });
});
