import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { buildServices, load, type Service, startService } from "./services.js";

/** The gate as a shell script or CI uses it: the real command, one line, exit code 0, 1 or 2. */
const unpark = (...argv: string[]) => spawnSync(process.execPath, [BIN, ...argv], { encoding: "utf8", cwd: built.bin });

let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => built.remove());

test("row 17: verify --absent fails while handlers stay, and passes once the context ends their read", async () => {
  const gate = (service: Service, wait: string) => unpark("verify", service.url, "--absent", "(*Server).logsContainer", "--wait", wait, "--junit", "report.xml", "--sarif", "report.sarif");
  {
    await using service = await startService(built, "logs");
    await followAndLeave(`${service.url}/logs`, 3);
    const { status, stdout } = gate(service, "3s");
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

test("inspect: exit code 0, 1 or 2; stdout is data, stderr is talk, nothing half-written", async () => {
  await using service = await startService(built, "sum");
  const quiet = unpark("inspect", service.url, "--json");
  assert.equal(quiet.status, 0, quiet.stdout);
  assert.equal((JSON.parse(quiet.stdout) as { kind: string }).kind, "inspect");
  await load(`${service.url}/sum`, 12);
  const leaking = unpark("inspect", service.url, "--web=page.html", "--save", "profile.pb.gz");
  assert.equal(leaking.status, 1);
  assert.match(leaking.stdout, /12 × main\.add .*main\.go:\d+\n.*\[send-without-receiver, confidence high\]\n.*result <- sum/);
  assert.match(readFileSync(join(built.bin, "page.html"), "utf8"), /<!doctype html>/);

  writeFileSync(join(built.bin, "empty"), "");
  const table: readonly (readonly [string[], RegExp])[] = [
    [["empty"], /^unpark: empty: no goroutines in it: it is empty\n$/],
    [["sum"], /^unpark: sum: no goroutines in it: it is binary, but no pprof profile\n$/],
    [[`${service.url}/debug/pprof/cmdline`], /no goroutines in it: its one line does not begin a goroutine|it is binary/],
    [[`${service.url}/debug/pprof/heap`], /no goroutines in it: it is a profile of .*space.*, not of goroutines\n$/],
    [[`${service.url}/nothing`], /the server answered 404/],
    [[service.url, "--leaks"], /it has no goroutineleak profile/],
    [["http://127.0.0.1:1"], /nothing listens there/],
    [["nope", "--web=half.html"], /^unpark: nope: there is no such file\n$/],
    [[], /nothing to inspect/],
    [["x", "--debug", "7"], /--debug: '7' is not 0, 1 or 2/],
    [["--", join(built.bin, "nope")], /there is no such program/],
  ];
  for (const [argv, error] of table) {
    const { status, stdout, stderr } = unpark("inspect", ...argv);
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
    assert.match(stderr, error);
    assert.equal(stderr.trim().split("\n").length, 1, "one sentence");
  }
  assert.ok(!existsSync(join(built.bin, "half.html")));
});

test("inspect -- PROGRAM: runs it, and asks it by SIGQUIT", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "inspect", "--after", "300ms", "--json", "--", join(built.bin, "stack")], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const [snapshot] = (JSON.parse(stdout) as { snapshots: { message: string; provenance: { how: string }; goroutines: number }[] }).snapshots;
  assert.match(snapshot!.message, /^SIGQUIT: quit/);
  assert.equal(snapshot!.provenance.how, "SIGQUIT");
  assert.ok(snapshot!.goroutines >= 2);
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

test("of a file with several dumps the last is checked, and compared with another's, and it is said which", () => {
  const dump = (goroutines: number): string => Array.from({ length: goroutines }, (_, i) => `goroutine ${i + 1} [select (no cases)]:\nmain.wait()\n\t/srv/main.go:7 +0x1d\n`).join("\n");
  const file = join(built.bin, "two.txt");
  writeFileSync(file, `${dump(9)}\n2026/11/30 10:00:00 a line of the log\n\n${dump(4)}`);
  const { status, stdout } = unpark("verify", file, "--max", "5");
  assert.deepEqual([status, stdout], [0, `ok ${file}: 4 goroutines (the last of 2 dumps); at most 5\n`]);
  const title = (...sources: string[]): string => unpark("diff", ...sources).stdout.split("\n")[0]!;
  assert.equal(title(file), `${file} (the first of 2 dumps) → ${file} (the last of 2 dumps): 9 → 4 goroutines (-5)`);
  const other = join(built.bin, "one.txt");
  writeFileSync(other, dump(6));
  assert.equal(title(file, other), `${file} (the last of 2 dumps) → ${other}: 4 → 6 goroutines (+2)`);
});
