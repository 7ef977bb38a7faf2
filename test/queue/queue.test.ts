// `unpark test --queue` and `unpark worker` as processes, over a real nats-server (scripts/nats.mjs): the report is the one of a machine
// alone, with workers that are killed and a server that goes away and comes back.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import { openNats } from "../../src/queue/nats/open-nats.js";
import { fixtureFolder } from "../guest-fixture.js";
import { NatsServer, noServer } from "./nats-server.js";

const PASSWORD = "s3cret-word";
let server: NatsServer;
const workers = new Set<ChildProcess>();

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const url = (password = PASSWORD): string => `nats://unpark:${password}@127.0.0.1:${server.port}`;

function unpark(args: readonly string[], onStderr: (text: string) => void = () => undefined): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: fixtureFolder("many-schedules"), env: { ...process.env, UNPARK_QUEUE: "" } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes) => (stdout += String(bytes)));
  child.stderr.on("data", (bytes) => {
    stderr += String(bytes);
    onStderr(stderr);
  });
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr }))) };
}

/** `did` is told how many tasks it says that it has done. */
async function worker(did: (tasks: number) => void = () => undefined): Promise<ChildProcess> {
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => (ready = resolve));
  const { child } = unpark(["worker", "--queue", url(), "--workers", "1"], (text) => {
    if (text.includes(" works on ")) ready();
    did(Number(/(\d+) tasks,[^\n]*\n$/.exec(text)?.[1] ?? 0));
  });
  workers.add(child);
  await isReady;
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  workers.delete(child);
  const gone = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await gone;
}

const explored = (tests: string, ...more: readonly string[]): Promise<Ended> =>
  unpark(["test", "--no-native", "--no-cache", "--budget", "500s", "--workers", "1", "-run", tests, "--json", ...more, "."]).ended;

/** All that a report says, apart from what it cost. */
const told = ({ stdout, stderr }: Ended): unknown => {
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout, (key, value: unknown) => (key === "milliseconds" || key === "repeated" ? undefined : value));
};

describe("a queue that many machines share", { skip: noServer }, () => {
  before(async () => {
    server = await NatsServer.start(["--user", "unpark", "--pass", PASSWORD]);
  });
  after(async () => {
    for (const child of workers) await killed(child);
    await server?.close();
  });

  it("a report is the one of this machine alone, though a worker is killed and the server is, too", async () => {
    const tests = "^(TestLocks|TestClosing)$";
    const alone = told(await explored(tests));
    const events: string[] = [];
    const survivor = worker();
    const first = worker((tasks) => {
      if (tasks < 2 || events.length > 0) return;
      events.push("a worker is killed");
      void first.then(killed).then(() => server.kill()).then(() => {
        events.push("the server is killed");
        return server.start();
      }).then(() => events.push("the server is back"));
    });
    await Promise.all([first, survivor]);
    const shared = await explored(tests, "--queue", url());
    assert.deepEqual(told(shared), alone);
    assert.equal(shared.code, 1); // TestClosing panics
    assert.deepEqual(events, ["a worker is killed", "the server is killed", "the server is back"]);
    assert.ok(!shared.stderr.includes(PASSWORD), shared.stderr);
    await killed(await survivor);
  });

  it("whole tests are explored by workers; what they find is explained by the command", async () => {
    const tests = "^(TestTimeout|TestClosing|TestSpins|TestDraws)$";
    const alone = told(await explored(tests));
    let most = 0;
    const child = await worker((tasks) => (most = Math.max(most, tasks)));
    assert.deepEqual(told(await explored(tests, "--queue", url())), alone);
    assert.ok(most > 0, "the worker did nothing");
    await killed(child);
  });

  it("without a worker the command does all by itself", async () => {
    const { code, stdout } = await explored("^TestTimeout$", "--queue", url());
    assert.equal(code, 0); // what it finds is a note
    assert.match(stdout, /"complete": ?true/);
  });

  it("a worker of another Unpark gets no work, and both say so", async () => {
    const other = await openNats(url(), {}, "0.0.1 other");
    assert.ok(other.ok);
    const beat = setInterval(() => other.value.tell({ kind: "worker", worker: "w", host: "old-machine", threads: 1, version: "0.0.1 other", shown: "0.0.1" }), 200);
    const { stderr } = await explored("^TestTimeout$", "--queue", url());
    clearInterval(beat);
    await other.value.close();
    assert.match(stderr, /the worker on old-machine is of another Unpark \(0\.0\.1; this one is .*\): it gets no work; install the same version on both/);
  });

  it("says what is wrong with a queue, without its secrets", async () => {
    const wrong = await explored("^TestTimeout$", "--queue", url("wr0ng-word"));
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout + wrong.stderr, new RegExp(`cannot reach the queue nats://127\\.0\\.0\\.1:${server.port}: .*uthorization`));
    assert.ok(!(wrong.stdout + wrong.stderr).includes("wr0ng-word"));
    const none = await unpark(["worker", "--queue", "nats://127.0.0.1:1"]).ended;
    assert.equal(none.code, 2);
    assert.match(none.stderr, /cannot reach the queue nats:\/\/127\.0\.0\.1:1: /);
    const bad = await unpark(["worker", "--queue", "http://user:s3cret@host"]).ended;
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /'http:\/\/host' is no queue: expected nats:\/\/host:4222/);
  });
});
