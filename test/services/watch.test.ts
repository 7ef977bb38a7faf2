import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { WatchEvent, WatchSummary } from "../../src/model/results/watching.js";
import { openStore } from "../../src/pipeline/services/history.js";
import { watch } from "../../src/pipeline/services/watch.js";
import { buildServices, inspectOptions, lineOf, load, startService, named } from "./services.js";

/** Watches real services under a bounded load: leaking ones are named by line and cause, fixed ones stay quiet. */
let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => built.remove());

const store = async () => {
  const opened = await openStore(undefined);
  assert.ok(opened.ok);
  return opened.value;
};

/** 24 looks, 50 ms apart, with `step` before each; the window is 20 looks. */
async function watched(sources: readonly string[], step: (n: number) => Promise<void>): Promise<{ summary: WatchSummary; events: WatchEvent[] }> {
  const events: WatchEvent[] = [];
  const stop = new AbortController();
  const options = inspectOptions({ debug: 0, signal: stop.signal });
  let looks = 0;
  const summary = await watch(named(sources), {
    ...options, store: await store(), intervalMs: 50, keepMs: 1e9, onEvent: (event) => void events.push(event),
    growth: { window: 20, minRise: 10, minShare: 0.1, maxFalls: 0.1 }, alarm: "rise" as const,
    onView: () => {
      if (++looks >= 24 * sources.length) return stop.abort();
      void step(looks);
    },
  });
  return { summary, events };
}

const leaks = [
  { service: "sum", path: "/sum", fn: "main.add", cause: "send-without-receiver" },
  { service: "get", path: "/poll", fn: "main.poll", cause: "no-timeout" },
] as const;
for (const { service: name, path, fn, cause } of leaks) {
  test(`${name}: growing while it leaks, quiet once fixed`, async () => {
    await using leaking = await startService(built, name);
    const { summary, events } = await watched([leaking.url], () => load(leaking.url + path, 4));
    const named = summary.growing.map(({ group }) => ({ fn: group.frame.function, line: group.frame.line, cause: group.cause }));
    assert.deepEqual(named.filter((g) => g.fn === fn), [{ fn, line: lineOf(name, "// leak"), cause }]);
    // What else grows are the connections of the same calls: nothing of another place of the user's.
    assert.deepEqual(named.filter((g) => g.fn !== fn && g.fn.startsWith("main.")), []);
    assert.equal(events.filter((e) => e.kind === "growing" && e.group.frame.function === fn).length, 1, "told once, not at each look");

    await using fixed = await startService(built, name, "-fixed");
    const quiet = await watched([fixed.url], () => load(fixed.url + path, 4));
    assert.deepEqual(quiet.summary.growing, []);
  });
}

test("a target that is gone, one that answers rubbish and one that comes back are told of and asked again", async () => {
  let answer = "<html><title>maintenance</title>";
  const rubbish = createServer((_, response) => void response.end(answer)).listen(0, "127.0.0.1");
  await new Promise((done) => rubbish.once("listening", done));
  const address = `http://127.0.0.1:${(rubbish.address() as AddressInfo).port}/`;
  const gone = "http://127.0.0.1:1/";
  await using service = await startService(built, "stack");
  const { summary, events } = await watched([service.url, gone, address], async (n) => {
    if (n === 30) answer = "goroutine profile: total 1\n1 @ 0x1\n#\t0x1\tmain.main+0x1\t/m.go:1\n";
  });
  rubbish.close();
  const of = (target: string) => summary.targets.find((t) => t.target === target)!;
  assert.equal(of(service.url).failures, 0);
  assert.equal(of(gone).scrapes, 0);
  assert.match(of(gone).lastError!, /nothing listens there/);
  assert.ok(of(address).failures > 0 && of(address).scrapes > 0);
  const told = events.filter((e) => "target" in e && e.target === address);
  assert.ok(told.some((e) => e.kind === "failed" && /HTML page \('maintenance'\)/.test(e.error)));
  assert.ok(told.some((e) => e.kind === "recovered"));
});
