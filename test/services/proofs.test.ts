import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { unpark as commandLine } from "../../src/cli/testing/command-line.js";
import type { Suspect } from "../../src/model/finding/suspect.js";
import { buildServices, lineOf, load, startService } from "./services.js";

/** The runtime's own proofs, to the end: captured dumps and a real service with the goroutineleak profile. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const unpark = (...argv: string[]) => commandLine(["inspect", "--json", ...argv]);

/** Go 1.26's, which is what the tests run with; Go 1.27 has the profile anyway. */
let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices({ GOEXPERIMENT: "goroutineleakprofile", GOTOOLCHAIN: "go1.26.8" })));
after(() => built.remove());

interface Shown {
  readonly goroutines: number;
  readonly suspects: readonly (Pick<Suspect, "rule" | "cause" | "confidence" | "blamed" | "evidence"> & { readonly count: number })[];
}

async function shown(...argv: string[]): Promise<Shown> {
  const { status, stdout, stderr } = await unpark(...argv);
  assert.equal(status, 1, stderr);
  return (JSON.parse(stdout) as { snapshots: [Shown] }).snapshots[0];
}
const proved = ({ suspects }: Shown): string[] =>
  suspects.filter((s) => s.confidence === "proved").map((s) => `${s.count} ${s.cause} ${s.blamed.function}:${s.blamed.line}`).sort();

// What fixtures/programs/leaks leaves behind, by hand from its source: eight goroutines; the ninth is reachable.
const LEAKS = [
  "1 mutex-never-unlocked main.lockTwice:36",
  "1 receive-without-sender main.receive:25",
  "1 waitgroup-mismatch main.waitFor:39",
  "2 select-without-ready-case main.choose:29",
  "3 send-without-receiver main.send:22",
];

for (const version of ["go1.26.8", "go1.27.0"]) {
  test(`${version}: (leaked) in a dump, and the leak profile in both its other forms`, async () => {
    const text = await shown(`${ROOT}/fixtures/dumps/${version}/leaks.debug2.txt`);
    assert.deepEqual(proved(text), LEAKS);
    assert.equal(text.goroutines, 10, "with main, and the one that is reachable and is not said to have leaked");
    assert.deepEqual(proved(await shown(`${ROOT}/fixtures/dumps/${version}/leaks.pb.gz`)), LEAKS);
    // debug=1 hides what would tell a send from a receive: the proof stays, of channels the cause is not known.
    const counts = await shown(`${ROOT}/fixtures/dumps/${version}/leaks.debug1.txt`);
    assert.deepEqual(proved(counts), ["1 mutex-never-unlocked main.lockTwice:36", "1 unknown main.receive:25", "1 waitgroup-mismatch main.waitFor:39", "2 unknown main.choose:29", "3 unknown main.send:22"]);
    assert.equal(counts.goroutines, 8);
  });
}

for (const version of ["go1.25.4", "go1.26.8", "go1.27.0"]) {
  test(`${version}: a deadlocked synctest bubble: its own goroutines are proved, the runner's are not blamed`, async () => {
    const file = `${ROOT}/fixtures/dumps/${version}/bubble.txt`;
    const bubble = await shown(file);
    assert.deepEqual(proved(bubble), [
      "1 receive-without-sender example.com/bubble.TestDeadlock.func1:21",
      "1 select-without-cases example.com/bubble.TestDeadlock.func1.2:19",
      "2 send-without-receiver example.com/bubble.TestDeadlock.func1.1:15",
    ]);
    assert.match(bubble.suspects[0]!.evidence[0]!, /the runtime ended the synctest bubble/);
  });
}

test("inspect URL --leaks asks the running service's leak collection, in all three forms", async () => {
  await using service = await startService(built, "sum");
  await load(`${service.url}/sum`, 7);
  const leak = `7 send-without-receiver main.add:${lineOf("sum", "// leak")}`;
  for (const [debug, expected] of [["0", leak], ["1", leak.replace("send-without-receiver", "unknown")], ["2", leak]] as const) {
    assert.deepEqual(proved(await shown(service.url, "--leaks", "--debug", debug)), [expected], `debug=${debug}`);
  }
  await using fixed = await startService(built, "sum", "-fixed");
  await load(`${fixed.url}/sum`, 7);
  const { status, stdout } = await unpark(fixed.url, "--leaks");
  assert.equal(status, 0, stdout);
});

test("verify --leaks: of two real services the one that leaks, in all three forms", async () => {
  await using service = await startService(built, "sum");
  await using fixed = await startService(built, "sum", "-fixed");
  for (const { url } of [service, fixed]) await load(`${url}/sum`, 7);
  for (const debug of ["0", "1", "2"]) {
    const { status, stdout, stderr } = await commandLine(["verify", "--leaks", "--debug", debug, service.url, fixed.url]);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^leaking +\S+: 7 goroutines that nothing can wake\n +7 × [^]*main\.add[^]*\nclean +\S+\n\n2 targets: 1 clean, 1 leaking, 0 unchecked\n$/, `debug=${debug}`);
  }
});
