import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";

/** Runs a program in a process of its own. */
function run(body: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const index = new URL("../../index.js", import.meta.url).href;
  const source = `import { Chan, FatalError, go, panic, runtime, sync, time } from ${JSON.stringify(index)};\n${body}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8", timeout: 20_000 });
}

it("a panic that nobody recovers ends the process as in Go: text on stderr, exit code 2", () => {
  const { status, stderr } = run(`go(async function worker() { panic("boom"); }); await time.sleep(time.second);`);
  assert.equal(status, 2);
  assert.match(stderr, /^panic: boom\n\ngoroutine 2 \[running\]:\n/);
});

it("unless the caller chose otherwise", () => {
  const { status, stdout } = run(`
    runtime.onPanic(({ goroutine, value }) => console.log(goroutine.id, value.message));
    const ch = new Chan(1);
    await ch.close();
    go(() => ch.send(1));
    await time.sleep(time.millisecond);
    console.log("alive");`);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "2 send on closed channel\nalive\n" });
});

it("main's return ends the program: a goroutine that sleeps is not waited for", () => {
  const { status, stdout } = run(`
    await runtime.main(() => {
      go(async () => {
        await time.sleep(time.hour);
        console.log("goroutine exit");
      });
      console.log("main exit");
    });`);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "main exit\n" });
});

it("main blocked with nothing left to run is Go's fatal error", () => {
  const { status, stderr } = run(`await runtime.main(() => new Chan().recv());`);
  assert.equal(status, 2);
  assert.match(stderr, /^fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \[chan receive\]:\n/);
});

it("goroutines that pass values for ever do not starve timers and input", () => {
  const { status, stdout } = run(`
    const a = new Chan(), b = new Chan();
    go(async () => { for (;;) { await a.send(1); await b.recv(); } });
    go(async () => { for (;;) { await a.recv(); await b.send(1); } });
    const mu = new sync.Mutex();
    go(async () => { for (;;) { await mu.lock(); await mu.unlock(); } });
    setTimeout(() => { console.log("timer"); process.exit(0); }, 20);
    await new Promise(() => {});`);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "timer\n" });
});

it("who listens for uncaught exceptions hears of a panic, who only watches, too", () => {
  const panics = `go(async function worker() { panic("boom"); }); await time.sleep(10 * time.millisecond); console.log("alive");`;
  const heard = run(`process.on("uncaughtException", (error, origin) => console.log(error.message, origin));\n${panics}`);
  assert.deepEqual({ status: heard.status, stdout: heard.stdout }, { status: 0, stdout: "boom uncaughtException\nalive\n" });
  const watched = run(`process.on("uncaughtExceptionMonitor", (error, origin) => console.log(error.message, origin));\n${panics}`);
  assert.deepEqual({ status: watched.status, stdout: watched.stdout }, { status: 2, stdout: "boom uncaughtException\n" });
  assert.match(watched.stderr, /^panic: boom\n/);
});

it("a panic in a worker thread is the worker's error", () => {
  const index = new URL("../../index.js", import.meta.url).href;
  const worker = `import { go, panic } from ${JSON.stringify(index)}; go(async function inner() { panic("boom"); });`;
  const { status, stdout } = run(`
    const { Worker } = await import("node:worker_threads");
    const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(${JSON.stringify(worker)})));
    worker.on("error", (error) => console.log("error", error.message));
    worker.on("exit", (code) => console.log("exit", code));`);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "error boom\nexit 1\n" });
});
