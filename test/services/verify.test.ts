import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { buildServices, load, type Service, startService } from "./services.js";

/** The gate as a shell script or CI uses it: the real command, one line, exit code 0, 1 or 2. */
const UNPARK = fileURLToPath(new URL("../../../bin/unpark.js", import.meta.url));
const unpark = (...argv: string[]) => spawnSync(process.execPath, [UNPARK, ...argv], { encoding: "utf8", cwd: built.bin });

let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => built.remove());

test("row 17: verify --absent fails while handlers stay, and passes once the context ends their read", async () => {
  const gate = (service: Service, wait: string) => unpark("verify", service.url, "--absent", "(*Server).logsContainer", "--wait", wait, "--junit", "report.xml", "--sarif", "report.sarif");
  {
    await using service = await startService(built, "logs");
    await followAndLeave(`${service.url}/logs`, 3);
    const { status, stdout } = gate(service, "500ms");
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^FAIL .*asked \d+ times/);
    assert.match(stdout, /3 goroutines with '\(\*Server\)\.logsContainer' on their stack, but there must be none/);
    assert.match(stdout, /main\.\(\*Server\)\.logsContainer .*logs\/main\.go:\d+/);
    const junit = readFileSync(join(built.bin, "report.xml"), "utf8");
    assert.match(junit, /tests="1" failures="1"/);
    const sarif = JSON.parse(readFileSync(join(built.bin, "report.sarif"), "utf8")) as { runs: { results: { ruleId: string; locations: unknown[] }[] }[] };
    assert.ok(sarif.runs[0]!.results.length >= 1);
    assert.ok(sarif.runs[0]!.results.every((r) => r.ruleId === "absent" && r.locations.length === 1));
  }
  await using fixed = await startService(built, "logs", "-fixed");
  await followAndLeave(`${fixed.url}/logs`, 3);
  const { status, stdout } = gate(fixed, "5s");
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ok /);
  assert.match(readFileSync(join(built.bin, "report.xml"), "utf8"), /failures="0"/);
});

test("--baseline: quiet after load that leaves nothing, names what a leak left; --max counts", async () => {
  for (const [flags, expected] of [[["-fixed"], 0], [[], 1]] as const) {
    await using service = await startService(built, "sum", ...flags);
    await load(`${service.url}/sum`, 4); // so that the connections of the load are in the baseline
    assert.equal(unpark("inspect", service.url, "--save", "before.pb.gz").status, 0);
    await load(`${service.url}/sum`, 8);
    const { status, stdout } = unpark("verify", service.url, "--baseline", "before.pb.gz", "--wait", "300ms");
    assert.equal(status, expected, stdout);
    if (expected === 1) assert.match(stdout, /8 goroutines more than in before\.pb\.gz: 0 new and 1 grown group/);
    assert.equal(unpark("verify", service.url, "--max", "5", "--only", "main.add").status, expected);
    const difference = unpark("diff", "before.pb.gz", service.url);
    assert.equal(difference.status, expected, difference.stdout);
    if (expected === 1) assert.match(difference.stdout, /\+8 {2}4 → 12 {2}chan send {2}main\.add/);
  }
});

/** `n` clients read the first line, then go away. */
async function followAndLeave(url: string, n: number): Promise<void> {
  await Promise.all(
    Array.from({ length: n }, async () => {
      const abort = new AbortController();
      const response = await fetch(url, { signal: abort.signal });
      await response.body!.getReader().read();
      abort.abort();
    }),
  );
}
