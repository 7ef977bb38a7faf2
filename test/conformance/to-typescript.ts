import { atomic, Chan, context, func, go, otherwise, panic, recv, runtime, select, send, sync, time } from "../../src/index.js";
import type { SelectCase as RuntimeCase } from "../../src/index.js";
import { Labels, type Body, type Description, type SelectCase, type Stmt } from "./program.js";

/** Made anew for each run. */
interface World {
  readonly chans: Map<string, Chan<number>>;
  readonly mutexes: Map<string, sync.Mutex>;
  readonly rwmutexes: Map<string, sync.RWMutex>;
  readonly waitgroups: Map<string, sync.WaitGroup>;
  readonly onces: Map<string, sync.Once>;
  readonly conds: Map<string, sync.Cond>;
  readonly contexts: Map<string, readonly [context.Context, context.CancelFunc]>;
  readonly atomics: Map<string, atomic.Int>;
  readonly timers: Map<string, time.Timer>;
}

/** The description as a function to be explored. */
export const typescript = (d: Description) => async (): Promise<void> => {
  const world = makeWorld(d);
  const labels = new Labels();
  await run(d.body, labels, world);
  out(labels, "end");
};

const named = <T>(names: readonly string[] | undefined, make: () => T): Map<string, T> => new Map((names ?? []).map((n) => [n, make()]));

function makeWorld(d: Description): World {
  const mutexes = named(d.mutexes, () => new sync.Mutex());
  const contexts = new Map<string, readonly [context.Context, context.CancelFunc]>();
  for (const [name, { timeout, parent }] of Object.entries(d.contexts ?? {})) {
    const above = parent === undefined ? context.background() : contexts.get(parent)![0];
    contexts.set(name, timeout === undefined ? context.withCancel(above) : context.withTimeout(above, timeout * time.millisecond));
  }
  return {
    chans: new Map(Object.entries(d.chans ?? {}).map(([n, size]) => [n, size === "nil" ? Chan.nil<number>() : new Chan<number>(size)])),
    mutexes,
    rwmutexes: named(d.rwmutexes, () => new sync.RWMutex()),
    waitgroups: named(d.waitgroups, () => new sync.WaitGroup()),
    onces: named(d.onces, () => new sync.Once()),
    conds: named(d.conds, () => new sync.Cond(mutexes.get("m0")!)),
    contexts,
    atomics: named(d.atomics, () => new atomic.Int()),
    timers: new Map(),
  };
}

const out = (labels: Labels, ...words: readonly unknown[]): void => console.log(labels.label, ...words);

async function run(body: Body, labels: Labels, world: World): Promise<void> {
  for (const stmt of body) await step(stmt, labels, world);
}

async function step(s: Stmt, labels: Labels, world: World): Promise<void> {
  switch (s.do) {
    case "send":
      await world.chans.get(s.ch)!.send(s.value);
      return out(labels, `sent ${s.ch}`);
    case "recv": {
      const [value, ok] = await world.chans.get(s.ch)!.recvOk();
      return out(labels, `recv ${s.ch}`, value ?? 0, ok);
    }
    case "close":
      return world.chans.get(s.ch)!.close();
    case "range":
      for await (const value of world.chans.get(s.ch)!) out(labels, `range ${s.ch}`, value);
      return out(labels, `ranged ${s.ch}`);
    case "select":
      return choose(s.cases, s.otherwise, labels, world);
    case "lock":
      await lockOf(s.mu, world).lock();
      return out(labels, `locked ${s.mu}`);
    case "unlock":
      return lockOf(s.mu, world).unlock();
    case "trylock":
      return out(labels, `trylock ${s.mu}`, await lockOf(s.mu, world).tryLock());
    case "rlock":
      await world.rwmutexes.get(s.mu)!.rlock();
      return out(labels, `rlocked ${s.mu}`);
    case "runlock":
      return world.rwmutexes.get(s.mu)!.runlock();
    case "tryrlock":
      return out(labels, `tryrlock ${s.mu}`, await world.rwmutexes.get(s.mu)!.tryRLock());
    case "add":
      return world.waitgroups.get(s.wg)!.add(s.delta);
    case "wait":
      await world.waitgroups.get(s.wg)!.wait();
      return out(labels, `waited ${s.wg}`);
    case "once":
      await world.onces.get(s.once)!.do(() => run(s.body, labels, world));
      return out(labels, `once ${s.once}`);
    case "cwait":
      await world.conds.get(s.cond)!.wait();
      return out(labels, `woken ${s.cond}`);
    case "signal":
      return world.conds.get(s.cond)!.signal();
    case "broadcast":
      return world.conds.get(s.cond)!.broadcast();
    case "sleep":
      return time.sleep(s.ms * time.millisecond);
    case "go":
      return void go(goroutine(s.body, labels.child(), world));
    case "cancel":
      return world.contexts.get(s.ctx)![1]();
    case "awaitctx": {
      const [ctx] = world.contexts.get(s.ctx)!;
      await ctx.done().recv();
      return out(labels, `over ${s.ctx}`, ctx.err()!.message);
    }
    case "panic":
      return panic(s.text);
    case "goexit":
      return runtime.goexit();
    case "guarded":
      return guarded(s.body, labels, world);
    case "deferring":
      await func(async ({ defer }) => {
        defer(() => run(s.deferred, labels, world));
        await run(s.body, labels, world);
      });
      return;
    case "load":
      return out(labels, `load ${s.a}`, await world.atomics.get(s.a)!.load());
    case "store":
      return world.atomics.get(s.a)!.store(s.value);
    case "addint":
      return out(labels, `add ${s.a}`, await world.atomics.get(s.a)!.add(s.value));
    case "swap":
      return out(labels, `swap ${s.a}`, await world.atomics.get(s.a)!.swap(s.value));
    case "cas":
      return out(labels, `cas ${s.a}`, await world.atomics.get(s.a)!.compareAndSwap(s.old, s.value));
    case "timer":
      return void world.timers.set(s.t, time.newTimer(s.ms * time.millisecond));
    case "trecv":
      await world.timers.get(s.t)!.c.recv();
      return out(labels, `fired ${s.t}`);
    case "tstop":
      return out(labels, `stop ${s.t}`, await world.timers.get(s.t)!.stop());
    case "treset":
      return out(labels, `reset ${s.t}`, await world.timers.get(s.t)!.reset(s.ms * time.millisecond));
    case "afterfunc":
      return void time.afterFunc(s.ms * time.millisecond, goroutine(s.body, labels.timer(), world));
    case "log":
      return out(labels, s.text);
  }
}

const goroutine = (body: Body, labels: Labels, world: World) => async (): Promise<void> => {
  await run(body, labels, world);
  out(labels, "end");
};

const lockOf = (name: string, world: World): sync.Mutex | sync.RWMutex => world.mutexes.get(name) ?? world.rwmutexes.get(name)!;

async function guarded(body: Body, labels: Labels, world: World): Promise<void> {
  await func(async ({ defer, recover }) => {
    defer(() => {
      const reason = recover();
      if (reason !== undefined) out(labels, "recovered", reason instanceof Error ? reason.message : reason);
    });
    await run(body, labels, world);
  });
}

async function choose(cases: readonly SelectCase[], hasDefault: boolean, labels: Labels, world: World): Promise<void> {
  const all: RuntimeCase[] = cases.map((one) => {
    if ("send" in one) return send(world.chans.get(one.send), one.value);
    if ("recv" in one) return recv(world.chans.get(one.recv));
    return recv<unknown>("after" in one ? time.after(one.after * time.millisecond) : world.contexts.get(one.done)![0].done());
  });
  const got = await select(...all, ...(hasDefault ? [otherwise] : []));
  const { index, value, ok } = got as { readonly index: number; readonly value: unknown; readonly ok: boolean };
  const chosen = cases[index];
  if (chosen !== undefined && "recv" in chosen) out(labels, "select", index, value ?? 0, ok);
  else out(labels, "select", index);
}
