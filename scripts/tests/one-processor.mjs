// Loaded into each file's process by `npm test`: it and whatever it starts keep to one processor, the one with the fewest files
// (Linux, taskset(1)). Without it each `unpark` and each `go` of a test starts threads for all processors, which other files keep
// busy: a second thread of `unpark test` loads and compiles everything again for nothing (bench/suite/README.md).
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { keepsToOne, processorsIn, takePlace } from "./places.mjs";

const { TESTS_PLACES: folder, NODE_TEST_CONTEXT: runner } = process.env;
const file = process.argv[1] ?? "";
if (isMainThread && folder !== undefined && runner !== undefined && file.endsWith(".test.js") && keepsToOne(file)) {
  const processors = processorsIn(readFileSync("/proc/self/status", "utf8"));
  const taken = processors.length > 1 ? takePlace(folder, processors) : undefined;
  if (taken !== undefined) {
    spawnSync("taskset", ["-a", "-c", "-p", String(taken.processor), String(process.pid)]);
    process.on("exit", () => rmSync(taken.place, { force: true }));
  }
}
