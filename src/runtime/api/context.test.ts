// context beyond what the conformance programs cover: causes, afterFunc, values, and AbortSignal in both directions.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { realClock } from "../core/current-clock.js";
import { Chan, context, go, recv, runtime, select, time } from "../../index.js";

const { background } = context;

describe("causes", () => {
  it("withCancelCause: err says that it was cancelled, cause says why; the first cancel counts", async () => {
    const [ctx, cancel] = context.withCancelCause(background());
    const [child] = context.withCancel(ctx);
    assert.equal(context.cause(ctx), undefined);
    const why = new Error("shut down");
    await cancel(why);
    await cancel(new Error("again"));
    assert.ok(ctx.err() instanceof context.Canceled);
    assert.equal(context.cause(ctx), why);
    assert.equal(context.cause(child), why);
  });

  it("without a cause it is err, and a child that was over before keeps its own", async () => {
    const [parent, cancelParent] = context.withCancelCause(background());
    const [child, cancelChild] = context.withCancelCause(parent);
    await cancelChild();
    await cancelParent(new Error("late"));
    assert.ok(context.cause(child) instanceof context.Canceled);
    const [timed] = context.withTimeout(background(), 0);
    await timed.done().recv();
    assert.ok(context.cause(timed) instanceof context.DeadlineExceeded);
  });
});

describe("afterFunc", () => {
  it("runs in a goroutine of its own once the context is over; each registration by itself", async () => {
    const [ctx, cancel] = context.withCancel(background());
    const ran = new Chan<string>(4);
    const body = (): Promise<void> => ran.send("ran");
    context.afterFunc(ctx, body);
    context.afterFunc(ctx, body);
    const stop = context.afterFunc(ctx, () => assert.fail("stopped"));
    assert.equal(stop(), true);
    assert.equal(stop(), false);
    await cancel();
    assert.deepEqual([await ran.recv(), await ran.recv()], ["ran", "ran"]);
    const late = context.afterFunc(ctx, body); // over already: at once
    assert.equal(late(), false);
    assert.equal(await ran.recv(), "ran");
    assert.equal(context.afterFunc(background(), () => assert.fail("never over"))(), true);
  });
});

describe("deadlines", () => {
  it("the parent's, where it is sooner; a deadline that has passed is over at once", async () => {
    const [parent, cancel] = context.withTimeout(background(), time.hour);
    const [child] = context.withTimeout(parent, 2 * time.hour);
    assert.equal(child.deadline(), parent.deadline());
    await cancel();
    assert.ok(child.err() instanceof context.Canceled);
    const [past] = context.withDeadline(background(), time.now().add(-1 * time.second));
    await past.done().recv();
    assert.ok(past.err() instanceof context.DeadlineExceeded);
  });

  it("cancel takes the timer away", async () => {
    const before = realClock.size;
    const [, cancel] = context.withTimeout(background(), time.hour);
    assert.equal(realClock.size, before + 1);
    await cancel();
    assert.equal(realClock.size, before);
  });
});

describe("values", () => {
  it("the nearest of the same key; cancellation passes through; withoutCancel stops it and keeps them", async () => {
    const key = Symbol("user");
    const [top, cancel] = context.withCancel(context.withValue(background(), key, "ann"));
    const inner = context.withValue(top, key, "bob");
    const detached = context.withoutCancel(inner);
    await cancel();
    assert.deepEqual([top.value(key), inner.value(key), detached.value(key), inner.value("other")], ["ann", "bob", "bob", undefined]);
    assert.ok(inner.err() instanceof context.Canceled);
    assert.equal(detached.err(), undefined);
    assert.equal((await select(recv(inner.done()))).ok, false);
  });
});

describe("AbortSignal", () => {
  it("ctx.signal aborts when the context is over, with the cause as its reason; one that is asked for late is aborted", async () => {
    const [ctx, cancel] = context.withCancelCause(background());
    const { signal } = ctx;
    assert.equal(signal.aborted, false);
    const why = new Error("shut down");
    await cancel(why);
    assert.equal(signal.aborted, true);
    assert.equal(signal.reason, why);
    const [late, cancelLate] = context.withCancel(background());
    await cancelLate();
    assert.equal(late.signal.aborted, true);
    assert.equal(background().signal.aborted, false);
    assert.equal(context.withValue(ctx, "k", 1).signal, ctx.signal);
  });

  it("what takes a signal is ended by it: a listener of the platform's own", async () => {
    const [ctx, cancel] = context.withTimeout(background(), time.hour);
    const waiting = new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason as Error)));
    go(() => cancel());
    await assert.rejects(runtime.outside(waiting), context.Canceled);
  });

  it("fromSignal: over when the signal aborts, with its reason as cause; also when it has aborted before", async () => {
    const controller = new AbortController();
    const [ctx] = context.fromSignal(background(), controller.signal);
    const waits = new Chan<Error | undefined>(1);
    go(async () => {
      await ctx.done().recv();
      await waits.send(context.cause(ctx));
    });
    const why = new Error("client left");
    controller.abort(why);
    assert.equal(await waits.recv(), why);
    assert.ok(ctx.err() instanceof context.Canceled);
    const [already] = context.fromSignal(background(), AbortSignal.abort("gone"));
    assert.equal(context.cause(already)?.message, "gone");
  });

  it("cancel takes the listener away, and the parent's end ends it too", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    const [ctx, cancel] = context.fromSignal(background(), signal);
    assert.equal(listeners, 1);
    await cancel();
    assert.equal(listeners, 0);
    assert.ok(ctx.err() instanceof context.Canceled);
    const [parent, end] = context.withCancel(background());
    const [child] = context.fromSignal(parent, signal);
    await end();
    assert.ok(child.err() instanceof context.Canceled);
  });
});
