// OpenTelemetry's context, by its own manager on AsyncLocalStorage, through goroutines: each sees the context that it was started
// in, whoever woke it, and by whatever.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { context as otel, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { Chan, context, errgroup, go, recv, runtime, select, semaphore, send, singleflight, sync, time } from "../src/index.js";

const USER = createContextKey("user");
const manager = new AsyncLocalStorageContextManager();
before(() => void otel.setGlobalContextManager(manager.enable()));
after(() => otel.disable());

const as = (user: string, body: () => void): void => otel.with(ROOT_CONTEXT.setValue(USER, user), body);

it("two goroutines that meet at every operation see their own", async () => {
  const seen = new Map<string, unknown[]>();
  const look = (what: string): void => void (seen.get(what) ?? seen.set(what, []).get(what)!).push(otel.active().getValue(USER));
  const [ch, buffered, mutex, rw] = [new Chan<number>(), new Chan<number>(1), new sync.Mutex(), new sync.RWMutex()];
  const [places, flights, over] = [new semaphore.Weighted(1), new singleflight.Singleflight<string, void>(), new sync.WaitGroup()];
  await over.add(4);

  async function work(sends: boolean): Promise<void> {
    look("begin");
    await time.sleep("1ms");
    look("sleep");
    await (sends ? ch.send(1) : ch.recv());
    look("unbuffered channel");
    await (sends ? buffered.send(1) : buffered.recv());
    look("buffered channel");
    await (sends ? select(send(ch, 1)) : select(recv(ch), recv(time.after("1h"))));
    look("select");
    await select(recv(time.after("1ms")));
    look("timer's channel");
    await mutex.lock();
    await time.sleep("1ms");
    look("mutex");
    await mutex.unlock();
    await rw.lock();
    await rw.unlock();
    look("rwmutex");
    await places.acquire(1);
    await runtime.gosched();
    look("semaphore");
    await places.release(1);
    await flights.do("k", () => time.sleep("1ms"));
    look("singleflight");
    await new Promise<void>((resolve) => {
      time.afterFunc("1ms", () => {
        look("afterFunc");
        resolve();
      });
    });
    const [ctx, cancel] = context.withTimeout(context.background(), "1ms");
    await ctx.done().recv();
    await cancel();
    look("context");
    await errgroup.scope(context.background(), (group) => group.go(async () => {
      await time.sleep("1ms");
      look("errgroup");
    }));
    look("scope");
    await runtime.outside(new Promise((resolve) => setTimeout(resolve, 1)));
    look("outside");
    go(async () => {
      await time.sleep("1ms");
      look("its own goroutine");
      await over.done();
    });
    await over.done();
  }

  as("alice", () => go(work, true));
  as("bob", () => go(work, false));
  await over.wait();
  assert.equal(seen.size, 16);
  for (const [what, users] of seen) assert.deepEqual([...users].sort(), ["alice", "bob"], what);
  assert.equal(otel.active().getValue(USER), undefined);
});
