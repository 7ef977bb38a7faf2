import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { Chan, go, recv, select, sync, time } from "./index.js";
import { explore, Explored, leak, matchers } from "./testing.js";

const lateAnswer = async (): Promise<void> => {
  const answer = new Chan<number>();
  go(async function ask() {
    await time.sleep(time.second / 10);
    await answer.send(42);
  });
  await select(recv(answer), recv(time.after(time.second)));
};

describe("explore", () => {
  it("passes what cannot leak, and says that it tried every schedule", async () => {
    const { coverage } = await explore(async () => {
      const ch = new Chan<number>(2);
      for (let i = 0; i < 2; i++) go(() => ch.send(i));
      await ch.recv();
      await ch.recv();
    });
    assert.equal(coverage.complete, true);
  });

  it("throws what leaks only when the timeout wins, with the steps that lead there", async () => {
    await assert.rejects(explore(lateAnswer), (error: Explored) => {
      assert.ok(error instanceof Explored);
      assert.deepEqual(error.examination.findings.map((f) => f.verdict), ["leaked"]);
      assert.match(error.message, /clock +\+900ms/);
      assert.match(error.message, /testing\.test\.ts:11 {3}chan send/);
      return true;
    });
  });

  it("throws a test's own assertion that fails in some schedule", async () => {
    const racy = async (): Promise<void> => {
      const order: number[] = [];
      const wg = new sync.WaitGroup();
      const mu = new sync.Mutex();
      for (const i of [1, 2]) {
        await wg.go(async () => {
          await mu.lock();
          order.push(i);
          await mu.unlock();
        });
      }
      await wg.wait();
      assert.deepEqual(order, [1, 2]);
    };
    await assert.rejects(explore(racy), (error: Explored) => {
      assert.deepEqual(error.examination.findings.map((f) => f.verdict), ["flaky"]);
      return true;
    });
  });

  it("as a matcher: pass says that it leaks", async () => {
    const bad = await matchers.toLeak(lateAnswer);
    assert.equal(bad.pass, true);
    assert.match(bad.message(), /--- FAIL: lateAnswer.*\n {4}leaked: /);
    const good = await matchers.toLeak(() => undefined);
    assert.equal(good.pass, false);
    assert.match(good.message(), /none does in all 1 schedules that differ/);
  });

  it("as a matcher: what is no leak is thrown, whichever answer is expected", async () => {
    await assert.rejects(matchers.toLeak(() => assert.fail("own")), Explored);
    await assert.rejects(matchers.toLeak(async () => void (await readFile(import.meta.filename ?? "."))), /awaits a promise at .*testing\.test\.ts:\d+/);
    await assert.rejects(matchers.toLeak(42), /toLeak takes a function/);
  });

  it("two at once: one after the other", async () => {
    const [a, b] = await Promise.all([explore(() => undefined), explore(() => go(() => undefined))]);
    assert.deepEqual([a.coverage.complete, b.coverage.complete], [true, true]);
  });
});

describe("leak.verifyNone", () => {
  it("passes once all have ended, those that only sleep included", async () => {
    go(() => time.sleep(5 * time.millisecond));
    await leak.verifyNone();
  });

  it("names who is left, and not who was there before", async () => {
    const stop = new Chan<void>();
    go(async function older() {
      await stop.recv();
    });
    const before = leak.baseline();
    await leak.verifyNone({ since: before });
    go(async function forgotten() {
      await stop.recv();
    });
    await assert.rejects(leak.verifyNone({ since: before }), /1 goroutine is left over:\n\ngoroutine \d+ \[chan receive\]:\nmain\.forgotten/);
    await leak.verifyNone({ since: before, ignore: ["forgotten"] });
    await stop.close();
    await leak.verifyNone();
  });
});

describe("what happens only on a machine that stalls is a note, as in unpark test", () => {
  const body = async (): Promise<void> => {
    const gate = new Chan<never>();
    await gate.close();
    let isDone = false;
    go(async () => {
      await gate.recv();
      isDone = true;
    });
    await time.sleep("1ms");
    assert.ok(isDone, "it had a millisecond");
  };

  it("explore lets it pass, and gives it", async () => {
    const { findings } = await explore(body);
    assert.deepEqual(findings.map(({ verdict, needsStall }) => [verdict, needsStall]), [["flaky", true]]);
  });

  for (const options of [{ stalls: true }, { strict: true }]) {
    it(`unless ${JSON.stringify(options)}`, async () => assert.rejects(explore(body, options), /it had a millisecond/));
  }
});
