// `npm run demo`: `unpark test` on the example tests that leak, and on two that do not. Builds the standard library for
// WebAssembly the first time (about a minute on two cores). Findings are what it is here to show: they are no failure.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../examples/go", import.meta.url));
const unpark = fileURLToPath(new URL("../bin/unpark.js", import.meta.url));
const packages = ["./13-sum-server", "./14-sum-server-fixed", "./17-log-stream", "./18-count-compare"];
const { status } = spawnSync(process.execPath, [unpark, "test", ...packages], { cwd: examples, stdio: "inherit" });
process.exit(status === 1 ? 0 : (status ?? 2));
