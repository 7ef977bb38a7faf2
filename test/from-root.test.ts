import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/unpark.js", import.meta.url));
const main = fileURLToPath(new URL("../../examples/go/12-unread-adder/main.go", import.meta.url));

test("a main that is started from / sees its package's folder, not the whole machine, and that is said", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "run", main], { cwd: "/", encoding: "utf8" });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /leaked: .*\[send-without-receiver\]/);
  assert.match(stdout, /of the files below \/ the program sees \S+12-unread-adder$/m);
});
