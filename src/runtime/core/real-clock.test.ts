import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";

const UNPARK = new URL("../../index.js", import.meta.url).href;

/** A program of its own, which has to end by itself. */
function ends(body: string): string {
  const source = `import { Chan, go, otherwise, recv, select, time, context } from ${JSON.stringify(UNPARK)};
    const say = (text) => console.log(text);
    const { millisecond: ms, hour } = time;
    ${body}`;
  const { signal, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8", timeout: 60_000 });
  return signal === null ? stdout + stderr : `still there: ${signal}`;
}

const ready = "const ch = new Chan(1); await ch.send(7);";

describe("a process stays alive for what acts, and for channels that are waited at", () => {
  const cases: readonly [string, string, string][] = [
    ["time.after(hour) lost its select", `${ready} const got = await select(recv(ch), recv(time.after(hour))); say(got.index);`, "0\n"],
    ["waited for, then lost", "const ch = new Chan(); go(() => ch.send(7)); say((await select(recv(ch), recv(time.after(hour)))).index);", "0\n"],
    ["a ticker that nobody reads", "time.newTicker(ms); say(1);", "1\n"],
    ["a timer that nobody reads", "time.newTimer(hour); say(1);", "1\n"],
    ["one that waits", "await time.after(20 * ms).recv(); say(1);", "1\n"],
    ["a select that waits", "say((await select(recv(new Chan()), recv(time.after(20 * ms)))).index);", "1\n"],
    ["behind one that nobody reads", "time.newTimer(ms); await time.after(20 * ms).recv(); say(1);", "1\n"],
    ["before one that nobody reads", "time.newTimer(hour); await time.after(20 * ms).recv(); say(1);", "1\n"],
    ["two at one ticker", "const t = time.newTicker(20 * ms); for (let i = 0; i < 2; i++) go(async () => { await t.c.recv(); say(1); });", "1\n1\n"],
    ["a goroutine that sleeps", "go(async () => { await time.sleep(20 * ms); say(1); });", "1\n"],
    ["a function to come", "time.newTimer(ms); time.afterFunc(20 * ms, () => say(1));", "1\n"],
    ["a function that was stopped", "const t = time.afterFunc(hour, () => say(1)); await t.stop(); time.newTimer(hour); say(2);", "2\n"],
    ["reset while it is waited for", "const t = time.newTimer(hour); go(async () => { await t.c.recv(); say(1); }); await time.sleep(20 * ms); await t.reset(20 * ms);", "1\n"],
    ["a deadline", "const [ctx] = context.withTimeout(context.background(), 20 * ms); await ctx.done().recv(); say(1);", "1\n"],
  ];
  for (const [title, body, said] of cases) it(title, () => assert.equal(ends(body), said));
});
