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
