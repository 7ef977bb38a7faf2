// `unpark soak` as a process, by itself and over a real nats-server: what it learned survives a kill, and is added to.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BIN } from "../../src/cli/testing/bin.js";
import type { LearnedTest } from "../../src/model/results/learned.js";
import { fixtureFolder } from "../guest-fixture.js";
import { NatsServer, noServer } from "./nats-server.js";

let server: NatsServer | undefined;
let folder: string;

/** Of its own, so that the cache of the machine knows nothing of it. */
const SEED = String(Date.now() % 1e9);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

function unpark(args: readonly string[], heard: (stderr: string, stdout: string) => void = () => undefined, cwd = fixtureFolder("many-schedules")): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...process.env, UNPARK_QUEUE: "" } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes) => heard(stderr, (stdout += String(bytes))));
  child.stderr.on("data", (bytes) => heard((stderr += String(bytes)), stdout));
  return { child, ended: new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, stdout }))) };
}

const soak = (store: string, ...more: readonly string[]): readonly string[] => ["soak", "--store", join(folder, store), "--budget", "300ms", "--workers", "1", "--seed", SEED, ...more, "."];

async function learned(store: string): Promise<ReadonlyMap<string, LearnedTest>> {
  const { stdout } = await unpark(["soak", "--status", "--json", "--store", join(folder, store)]).ended;
  return new Map(stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as LearnedTest).map((one) => [one.name, one]));
}

/** Until its third round is over, and `news` was told where it is given (a machine that others use may need more rounds), then the signal. */
async function rounds(args: readonly string[], signal: NodeJS.Signals, news = ""): Promise<Ended> {
  const { child, ended } = unpark(args, (stderr, stdout) => {
    if (stderr.includes("round 3,") && stdout.includes(news)) child.kill(signal);
  });
  return ended;
}

before(() => void (folder = mkdtempSync(join(tmpdir(), "unpark-soak-"))));
after(() => rmSync(folder, { recursive: true }));

it("coverage of choices: two that lock one mutex are one pair, tried both ways when all is explored", async () => {
  const module = join(folder, "pair");
  mkdirSync(module);
  writeFileSync(join(module, "go.mod"), "module example.com/pair\n\ngo 1.24\n");
  writeFileSync(join(module, "pair_test.go"), `package pair

import ("sync"; "testing")

func TestOnePair(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			mu.Lock()
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait()
}

func TestNone(t *testing.T) {
	ch := make(chan int, 1)
	ch <- ${SEED}
	<-ch
}
`);
  const store = join(folder, "pair.jsonl");
  const { code, stdout } = await unpark(["soak", "--store", store, "--workers", "1", "."], undefined, module).ended;
  assert.equal(code, 0, stdout);
  const status = (await unpark(["soak", "--status", "--store", store], undefined, module).ended).stdout;
  assert.match(status, /\n {2}TestOnePair \(example\.com\/pair\): explored completely \(2 schedules\); 1 of 1 pair of choices tried both ways\n/);
  assert.match(status, /\n {2}TestNone \(example\.com\/pair\): explored completely \(1 schedule\)\n/);
});

it("a soak that is killed has kept what it learned; the next one adds to it, and Ctrl-C ends it with the last word", async () => {
  const killed = await rounds(soak("alone.jsonl"), "SIGKILL", "panics: ");
  assert.equal(killed.signal, "SIGKILL");
  const first = await learned("alone.jsonl");
  assert.equal(first.size, 7);
  const ended = await rounds(soak("alone.jsonl"), "SIGINT");
  assert.equal(ended.code, 1); // a panic was found
  assert.match(ended.stdout, /7 tests: \d explored completely/);
  assert.match(ended.stdout, /TestClosing .*\n +panics: /);
  const second = await learned("alone.jsonl");
  assert.equal(second.get("TestClosing")!.findings[0]!.at, first.get("TestClosing")!.findings[0]!.at);
  const [before, now] = [first, second].map((tests) => [...tests.values()].filter(({ name }) => !second.get(name)!.complete).map(({ schedules }) => schedules));
  assert.ok(before!.every((schedules, i) => now![i]! >= schedules) && now!.some((schedules, i) => schedules > before![i]!), `${before!.join(" ")} then ${now!.join(" ")}`);
});

describe("over a queue", { skip: noServer }, () => {
  before(async () => void (server = await NatsServer.start()));
  after(() => server?.close());

  it("workers take part, and what they find is learned", async () => {
    const url = `nats://127.0.0.1:${server!.port}`;
    let most = 0;
    let ready = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const worker = unpark(["worker", "--queue", url, "--workers", "1"], (text) => {
      if (text.includes(" works on ")) ready();
      most = Math.max(most, Number(/(\d+) tasks?,[^\n]*\n$/.exec(text)?.[1] ?? 0));
    });
    await Promise.race([isReady, worker.ended]);
    const { code } = await rounds(soak("shared.jsonl", "--queue", url), "SIGINT", "panics: ");
    assert.equal(code, 1);
    assert.ok(most > 0, "the worker did nothing");
    const tests = await learned("shared.jsonl");
    assert.match(tests.get("TestClosing")!.findings[0]!.words, /^panics: /);
    assert.ok([...tests.values()].every(({ choices }) => choices !== undefined && choices.both <= choices.pairs));
    worker.child.kill("SIGTERM");
    await worker.ended;
  });
});
