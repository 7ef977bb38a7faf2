// What the native mode costs where it could hurt most: 20,000 parallel subtests that each start a goroutine, plainly, in
// the light form, with --deep and with --each (wanted: --each at most 1.5 times the plain run). Median of five.
//   node bench/native-each.mjs > bench/native-each.txt
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const unpark = fileURLToPath(new URL("../bin/unpark.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "unpark-bench-"));
writeFileSync(join(folder, "go.mod"), "module example.com/bench\n\ngo 1.24\n");
writeFileSync(
  join(folder, "bench_test.go"),
  `package bench

import "testing"

func TestMany(t *testing.T) {
	for range 20_000 {
		t.Run("sub", func(t *testing.T) {
			t.Parallel()
			done := make(chan bool)
			go func() { close(done) }()
			<-done
		})
	}
}
`,
);
const seconds = (text) => Number(/^ok {2}\t\S+\t([\d.]+)s/m.exec(text)?.[1] ?? NaN);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[2];
const forms = {
  plain: () => spawnSync("go", ["test", "-count=1", "."], { cwd: folder, encoding: "utf8" }),
  ...Object.fromEntries([[], ["--deep"], ["--each"]].map((flags) => [["light", ...flags].at(-1), () => spawnSync(process.execPath, [unpark, "test", "--native", ...flags, "-count=1", "."], { cwd: folder, encoding: "utf8" })])),
};
const times = Object.fromEntries(Object.keys(forms).map((name) => [name, []]));
for (const run of Object.values(forms)) run(); // builds
for (let i = 0; i < 5; i++) for (const [name, run] of Object.entries(forms)) times[name].push(seconds(run().stdout));
rmSync(folder, { recursive: true, force: true });
console.log(`20,000 parallel subtests, seconds as go test says, median of five; ${cpus().length} cores (${cpus()[0].model.trim()}), ${spawnSync("go", ["version"], { encoding: "utf8" }).stdout.trim()}, Node ${process.version}`);
for (const [name, list] of Object.entries(times)) console.log(`${name.padEnd(8)} ${median(list).toFixed(2)} s  ${(median(list) / median(times.plain)).toFixed(2)}`);
