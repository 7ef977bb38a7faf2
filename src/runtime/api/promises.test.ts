// No promise is left behind: once all goroutines have ended, every promise that was made on the way is settled. V8 tells
// of each that is made and each that is settled.
import assert from "node:assert/strict";
import { it } from "node:test";
import { promiseHooks } from "node:v8";
import { Chan, context, errgroup, go, otherwise, recv, runtime, select, send, sync, time } from "../../index.js";

async function everything(): Promise<void> {
  const wg = new sync.WaitGroup();
  const mu = new sync.RWMutex();
  const once = new sync.Once();
  const [ctx, cancel] = context.withTimeout(context.background(), time.hour);
  const channels = [new Chan<number>(), new Chan<number>(1)];
  for (let i = 0; i < 20; i++) {
    await wg.go(async () => {
      await once.do(() => runtime.gosched());
      await mu.lock();
      await mu.unlock();
      await select(send(channels[i % 2], i), recv(ctx.done()));
    });
    await wg.go(async () => {
      await select(recv(channels[0]), recv(channels[1]), recv(ctx.done()));
      await select(recv(channels[0]), otherwise);
    });
  }
  const group = new errgroup.ErrGroup();
  group.setLimit(2);
  for (let i = 0; i < 5; i++) await group.go(() => time.sleep(time.millisecond));
  await group.wait();
  await cancel();
  await wg.wait();
  const ranged = new Chan<number>(2);
  go(async () => {
    for (let i = 0; i < 5; i++) await ranged.send(i);
    await ranged.close();
  });
  for await (const _ of ranged) await runtime.gosched();
}

it("every promise that is made is settled once all goroutines have ended", async () => {
  let made = 0;
  const open = new Map<object, string>();
  const unhook = promiseHooks.createHook({
    init: (promise: object) => (made++, void open.set(promise, new Error("made").stack ?? "")),
    settled: (promise: object) => void open.delete(promise),
  }) as unknown as () => void;
  const before = made;
  await new Promise<void>((resolve) => void everything().then(resolve));
  await new Promise<void>((resolve) => setImmediate(resolve));
  unhook();
  const left = [...open.values()].filter((stack) => /runtime\/(?!api\/promises\.test)/.test(stack));
  assert.ok(made - before > 200);
  assert.deepEqual(left, []);
});
