import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isFinding, type Suspect } from "../../src/model/finding/suspect.js";
import { inspect } from "../../src/pipeline/services/inspect.js";
import { buildServices, inspectOptions, lineOf, load, startService, until } from "./services.js";

/** Rows 11, 13, 14, 17 and 23 of the seeds on real Go services: the right function, line and cause; the fixed are quiet. */
let built: ReturnType<typeof buildServices>;
before(() => void (built = buildServices()));
after(() => built.remove());

async function findings(source: string, debug: 0 | 1 | 2 = 2): Promise<readonly Suspect[]> {
  const result = await inspect([source], inspectOptions({ debug }));
  assert.ok(result.ok, result.ok ? "" : result.error);
  return result.value[0]!.suspects.filter(isFinding);
}

const named = (s: Suspect): object => ({ fn: s.blamed.function, line: s.blamed.line, cause: s.cause, count: s.group.count, confidence: s.confidence });

test("13: 40 requests leave 40 adders in their send; 14, fixed, leaves none", async () => {
  await using service = await startService(built, "sum");
  await load(`${service.url}/sum`, 40);
  const expected = { fn: "main.add", line: lineOf("sum", "// leak"), cause: "send-without-receiver", count: 40, confidence: "high" };
  const [first, ...rest] = await findings(service.url);
  assert.deepEqual(named(first!), expected);
  assert.deepEqual(rest, []);
  assert.match(first!.evidence.join("\n"), /40 goroutines wait at this one place/);
  // From the profile: no creators, so one piece of evidence less.
  assert.deepEqual((await findings(service.url, 0)).map(named), [{ ...expected, confidence: "medium" }]);

  await using fixed = await startService(built, "sum", "-fixed");
  await load(`${fixed.url}/sum`, 40);
  assert.deepEqual(await findings(fixed.url), []);
});

test("11: a handler that answers with its own stack and a dump", async () => {
  await using service = await startService(built, "stack");
  const result = await inspect([`${service.url}/stack`], inspectOptions());
  assert.ok(result.ok);
  // debug.Stack gives goroutine N alone, WriteTo all of them with N once more: two snapshots.
  const [own, all] = result.value;
  assert.equal(own!.total, 1);
  assert.ok(own!.groups[0]!.stack.some((f) => f.function === "main.dump"));
  assert.ok(all!.groups.some((g) => g.stack.some((f) => f.function === "main.main")));
  assert.deepEqual(all!.suspects.filter(isFinding), []);
});

test("17: handlers whose clients went away are named; with the request's context they end", async () => {
  for (const flags of [[], ["-fixed"]]) {
    await using service = await startService(built, "logs", ...flags);
    await followAndLeave(`${service.url}/logs`, 5);
    if (flags.length > 0) {
      await until(async () => !(await dumpText(service.url)).includes("logsContainer"), "fixed handlers end");
      assert.deepEqual(await findings(service.url), []);
      continue;
    }
    // The server notices each client's end on its own: a dump that was taken in between counts fewer.
    const allLeft = /5 of 5 handlers at work have no connection left/;
    await until(async () => (await findings(service.url)).some(({ evidence }) => allLeft.test(evidence.join("\n"))), "the server notices that the clients left");
    const [first, ...rest] = await findings(service.url);
    assert.deepEqual(named(first!), { fn: "main.(*Server).logsContainer", line: lineOf("logs", "// leak"), cause: "missing-cancel", count: 5, confidence: "high" });
    assert.match(first!.evidence.join("\n"), allLeft);
    assert.deepEqual(rest, []);
  }
});

test("23: http.Get of a server that never answers; with a timeout it gives up", async () => {
  await using service = await startService(built, "get");
  await load(`${service.url}/poll`, 12);
  const expected = { fn: "main.poll", line: lineOf("get", "// leak"), cause: "no-timeout", count: 12 };
  await until(async () => (await findings(service.url)).some((s) => s.group.count === 12), "12 calls wait");
  const [first, ...rest] = await findings(service.url);
  const { confidence, ...got } = named(first!) as { confidence: string };
  assert.deepEqual(got, expected);
  assert.equal(confidence, "high");
  assert.deepEqual(rest, []);

  await using fixed = await startService(built, "get", "-fixed");
  await load(`${fixed.url}/poll`, 12);
  await until(async () => !(await dumpText(fixed.url)).includes("main.poll"), "all calls gave up");
  assert.deepEqual(await findings(fixed.url), []);
});

async function dumpText(url: string): Promise<string> {
  return (await fetch(`${url}/debug/pprof/goroutine?debug=2`)).text();
}

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
