// Timers and tickers in production, as Go 1.23 and later have them (package time, "Timer channels"): no stale tick can be
// received after stop or reset. Nothing here depends on how long anything takes, only on what comes before what.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { realClock } from "../core/current-clock.js";
import { Chan, go, otherwise, recv, select, time } from "../../index.js";

const { millisecond, hour } = time;
const expire = (timer: time.Timer): Promise<void> => time.sleep(2 * millisecond).then(() => void timer);
const empty = async (timer: time.Timer): Promise<boolean> => (await select(recv(timer.c), otherwise)).index === -1;

describe("time.Timer", () => {
  it("stop of one that runs: true, and it never fires; a second stop: false", async () => {
    const timer = time.newTimer(hour);
    assert.equal(await timer.stop(), true);
    assert.equal(await timer.stop(), false);
    assert.equal(await empty(timer), true);
  });

  it("one that has fired and was not read: stop says true, and the tick is gone (Go 1.23)", async () => {
    const timer = time.newTimer(millisecond);
    await expire(timer);
    assert.equal(await timer.stop(), true);
    assert.equal(await empty(timer), true);
  });

  it("one that has fired and was read: stop says false", async () => {
    const timer = time.newTimer(0);
    assert.ok((await timer.c.recv()) instanceof time.Time);
    assert.equal(await timer.stop(), false);
  });

  it("reset leaves no stale tick, and it fires again once", async () => {
    const timer = time.newTimer(millisecond);
    await expire(timer);
    assert.equal(await timer.reset(hour), true);
    assert.equal(await empty(timer), true);
    await timer.reset(millisecond);
    assert.ok(await timer.c.recv());
    assert.equal(await empty(timer), true);
    assert.equal(await timer.reset(hour), false); // it had fired, and was read
    await timer.stop();
  });

  it("len and cap of its channel are 0, fired or not", async () => {
    const timer = time.newTimer(0);
    await expire(timer);
    assert.deepEqual([timer.c.length, timer.c.capacity], [0, 0]);
    await timer.stop();
  });

  it("afterFunc runs in a goroutine of its own; stop before that keeps it from running", async () => {
    const ran = new Chan<string>(2);
    const timer = time.afterFunc(millisecond, () => ran.send("ran"));
    assert.equal(await ran.recv(), "ran");
    assert.equal(await timer.stop(), false);
    const stopped = time.afterFunc(hour, () => assert.fail("stopped"));
    assert.equal(await stopped.stop(), true);
    await timer.reset(millisecond);
    assert.equal(await ran.recv(), "ran");
  });

  it("they fire in the order of their times, however they were set", async () => {
    const order: number[] = [];
    const done = new Chan<void>(3);
    for (const n of [3, 1, 2]) {
      go(async () => {
        await time.sleep(n * 5 * millisecond);
        order.push(n);
        await done.send();
      });
    }
    for (let i = 0; i < 3; i++) await done.recv();
    assert.deepEqual(order, [1, 2, 3]);
  });
});

describe("time.Ticker", () => {
  it("keeps one tick for a slow reader and drops the rest; after stop none comes, and its channel stays open", async () => {
    const ticker = time.newTicker(millisecond);
    await time.sleep(10 * millisecond);
    assert.ok(await ticker.c.recv());
    await ticker.stop();
    assert.equal((await select(recv(ticker.c), otherwise)).index, -1);
  });

  it("reset sets another period, and leaves no stale tick", async () => {
    const ticker = time.newTicker(millisecond);
    await time.sleep(3 * millisecond);
    await ticker.reset(hour);
    assert.equal((await select(recv(ticker.c), otherwise)).index, -1);
    await ticker.reset(millisecond);
    assert.ok(await ticker.c.recv());
    assert.ok(await ticker.c.recv());
    await ticker.stop();
  });

  it("ticks are in order, and no goroutine stands behind a timer", async () => {
    const before = realClock.size;
    const ticker = time.newTicker(millisecond);
    const first = (await ticker.c.recv())!;
    const second = (await ticker.c.recv())!;
    assert.ok(first.before(second));
    await ticker.stop();
    assert.equal(realClock.size, before);
  });
});

describe("time.Time", () => {
  it("sub, add, before and after by the monotonic reading; the wall clock beside it", () => {
    const t = time.now();
    const later = t.add(90 * time.minute);
    assert.equal(later.sub(t), 5_400e9);
    assert.ok(t.before(later) && later.after(t) && !t.before(t));
    assert.equal(later.toDate().getTime() - t.toDate().getTime(), 5_400_000);
    assert.ok(time.since(t) >= 0 && time.until(later) <= 5_400e9);
  });
});
