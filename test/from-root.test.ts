import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { BIN } from "../src/cli/testing/bin.js";

const main = fileURLToPath(new URL("../../examples/go/12-unread-adder/main.go", import.meta.url));

test("a main that is started from / sees its package's folder, not the whole machine, and that is said", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "run", main], { cwd: "/", encoding: "utf8" });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /leaked: .*\[send-without-receiver\]/);
  assert.match(stdout, /of the files below \/ the program sees \S+12-unread-adder$/m);
});

test("a main that is started from the home folder sees its module, not the keys beside it, and that is said", () => {
  const home = mkdtempSync(join(tmpdir(), "unpark-home-"));
  try {
    mkdirSync(join(home, ".ssh"));
    mkdirSync(join(home, "proj"));
    writeFileSync(join(home, ".ssh/id"), "secret");
    writeFileSync(join(home, "proj/data.txt"), "own");
    writeFileSync(join(home, "proj/go.mod"), "module proj\n\ngo 1.24\n");
    writeFileSync(join(home, "proj/main.go"), 'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {\n\t_, key := os.ReadFile(os.Args[1] + "/.ssh/id")\n\town, _ := os.ReadFile(os.Args[1] + "/proj/data.txt")\n\tfmt.Println(key != nil, string(own))\n}\n');
    const { stdout, stderr } = spawnSync(process.execPath, [BIN, "run", "-v", "proj/main.go", "--", home], { cwd: home, encoding: "utf8", env: { ...process.env, HOME: home, UNPARK_CACHE: process.env["UNPARK_CACHE"] ?? join(homedir(), ".cache/unpark"), GOCACHE: process.env["GOCACHE"] ?? join(homedir(), ".cache/go-build"), GOPATH: process.env["GOPATH"] ?? join(homedir(), "go") } });
    assert.match(stdout, /^true own$/m, stdout + stderr);
    assert.match(stdout, /of the files below \S+ the program sees \S+proj$/m, stdout + stderr);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
