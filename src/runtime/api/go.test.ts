import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, errgroup, go, runtime, sync, time } from "../../index.js";
import { examineTs } from "../../pipeline/typescript/examine-ts.js";

/** Verdict, cause, evidence and consequences, without places. */
async function told(body: () => Promise<void>, schedules?: number): Promise<readonly string[]> {
  const { findings } = await examineTs(body, { name: "t", ...(schedules === undefined ? {} : { schedules }) });
  const plain = (line: string): string => line.replace(/ at go\.test\.[jt]s:\d+( \([^)]*;\))?/g, "").replace(/ \((step \d+)\)/g, "");
  return findings.map(({ verdict, cause, message, evidence, consequences = [] }) =>
    [`${verdict} ${cause}`, ...(message === undefined ? [] : [message]), ...evidence.map(plain), ...consequences.map(({ why }) => `-> ${plain(why)}`)].join("; "));
}

describe("the handle that go gives", () => {
  it("join gives what the goroutine returns, result is there once it has ended", async () => {
    const worker = go(async (n: number) => {
      await time.sleep("1ms");
      return n * 2;
    }, 21);
    assert.equal(worker.result, undefined);
    assert.equal(await worker.join(), 42);
    assert.deepEqual(worker.result, { value: 42 });
    assert.equal(await worker.join(), 42, "again, when it is long over");
  });

  it("who joins before the end gets the error, and it is no panic", async () => {
    const panics: string[] = [];
    runtime.onPanic(({ value }) => void panics.push((value as Error).message));
    try {
      const joined = go(() => Promise.reject(new Error("joined")));
      await assert.rejects(joined.join(), /joined/);
      const alone = go(() => Promise.reject(new Error("alone")));
      await time.sleep("1ms");
      assert.deepEqual(panics, ["alone"]);
      await assert.rejects(alone.join(), /alone/, "too late to keep it from panicking; the error is told all the same");
    } finally {
      runtime.onPanic(undefined);
    }
  });

  it("cancel aborts the handle's signal; a goroutine that ends by its reason does not panic", async () => {
    const panics: unknown[] = [];
    runtime.onPanic(({ value }) => void panics.push(value));
    try {
      const jobs = new Chan<number>();
      const worker = go((signal) => jobs.recv({ signal }));
      await time.sleep("1ms");
      const reason = new Error("enough");
      worker.cancel(reason);
      await time.sleep("1ms");
      assert.deepEqual(worker.result, { error: reason });
      assert.deepEqual(panics, []);
    } finally {
      runtime.onPanic(undefined);
    }
  });

  it("goexit ends it with nothing", async () => assert.equal(await go(() => runtime.goexit()).join(), undefined));

  const rows: readonly [what: string, body: () => Promise<void>, expected: readonly string[]][] = [
    ["joined, it has ended in every schedule", async () => {
      const counts = [1, 2, 3].map((n) => go(async () => {
        await runtime.gosched();
        return n;
      }));
      let sum = 0;
      for (const one of counts) sum += await one.join();
      assert.equal(sum, 6);
      for (const one of counts) assert.ok(one.result !== undefined && "value" in one.result);
    }, []],
    ["its error is the joiner's", async () => {
      await assert.rejects(go(() => Promise.reject(new Error("boom"))).join(), /boom/);
    }, []],
    ["an error that is joined too late in some schedule is a panic there", async () => {
      const gate = new Chan<never>();
      await gate.close();
      const worker = go(async () => {
        await gate.recv();
        throw new Error("boom");
      });
      await gate.recv();
      await worker.join().catch(() => undefined);
    }, ["panics unknown; panic: boom"]],
    ["cancelled, it ends", async () => {
      const jobs = new Chan<number>();
      const worker = go((signal) => jobs.recv({ signal }));
      worker.cancel();
    }, []],
    ["never cancelled, it leaks", async () => {
      const jobs = new Chan<number>();
      go((signal) => jobs.recv({ signal }));
    }, ["leaked receive-without-sender; nobody ever sent on this channel; nobody closed it; nothing aborted its AbortSignal"]],
    ["who joins one that hangs is its consequence", async () => {
      const jobs = new Chan<number>();
      const worker = go(async function worker() {
        await jobs.recv();
      });
      await worker.join();
    }, ["deadlock receive-without-sender; nobody ever sent on this channel; nobody closed it; -> waits for the end of goroutine 1.1 (worker)"]],
    ["two that join each other", async () => {
      const both: { join(): Promise<void> }[] = [];
      both.push(go(async function first() {
        await both[1]!.join();
      }), go(async function second() {
        await both[0]!.join();
      }));
    }, ["leaked receive-without-sender; it waits for the end of goroutine 1.2; it waits in a circle: it waits for the end of goroutine 1.2 (second), and that goroutine waits, directly or through others, for this one; -> waits for the end of goroutine 1.1 (first)"]],
    ["two errgroups that wait for each other", async () => {
      const [a, b] = [new errgroup.ErrGroup(), new errgroup.ErrGroup()];
      await a.go(async function first() {
        await b.wait();
      });
      await b.go(async function second() {
        await a.wait();
      });
    }, ["leaked waitgroup-mismatch; 1 of the errgroup's 1 goroutine is not over; started; goroutine 1.2 (second) is one of them and is itself blocked (errgroup.Wait); it waits in a circle: it waits for the errgroup, of which goroutine 1.2 (second) is, and that goroutine waits, directly or through others, for this one; -> waits for the errgroup, of which goroutine 1.1 (first) is"]],
    ["two WaitGroups that wait for each other", async () => {
      const [a, b] = [new sync.WaitGroup(), new sync.WaitGroup()];
      await a.go(async function first() {
        await b.wait();
      });
      await b.go(async function second() {
        await a.wait();
      });
    }, ["leaked waitgroup-mismatch; the WaitGroup's counter is 1: 1 added, 0 done, 1 short; added; goroutine 1.2 (second) has not called Done and is itself blocked (sync.WaitGroup.Wait); it waits in a circle: it waits for Done, which goroutine 1.2 (second) has not called, and that goroutine waits, directly or through others, for this one; -> waits for Done, which goroutine 1.1 (first) has not called"]],
  ];
  for (const [what, body, expected] of rows) it(what, async () => assert.deepEqual(await told(body), expected));
});

describe("what a step does is told by the names that the program knows", () => {
  it("contexts, errgroups, signals and goroutines", async () => {
    const { findings } = await examineTs(async () => {
      const group = new errgroup.ErrGroup();
      const controller = new AbortController();
      await group.go(async function member() {
        await new Chan<number>().recv({ signal: controller.signal }).catch(() => undefined);
      });
      const aborter = go(function aborts() {
        controller.abort();
      });
      await aborter.join();
      await group.wait();
      await new Chan<number>().recv();
    }, { name: "t" });
    const steps = (findings[0]?.steps ?? []).map(({ text }) => text);
    for (const words of ["adds a goroutine to errgroup A", "joins goroutine 1.2", "has waited for errgroup A"]) assert.ok(steps.includes(words), `${words}: ${steps.join(" | ")}`);
    assert.ok(steps.some((text) => /^sees that AbortSignal [A-Z] has aborted$/.test(text)), steps.join(" | "));
  });
});
