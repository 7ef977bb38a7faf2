import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, context, go, recv, select, sync, time, type RecvChan } from "../../index.js";
import type { Run } from "../../model/run/program.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import { ControlledProgram } from "./controlled-program.js";
import { unreachableGoroutines } from "./reachability.js";

/** Takes the first way that there is, until the run is over; who is left, and what the collector says of each. */
async function left(body: () => unknown): Promise<Readonly<Record<string, boolean | undefined>>> {
  const run: Run = await new ControlledProgram(body).start();
  while (run.outcome() === undefined) await run.take(run.pending().find((one) => one.alternatives.length > 0)!.alternatives[0]!);
  const { goroutines } = await run.goroutines();
  return Object.fromEntries(goroutines.map((one: Goroutine) => [one.stack.at(-1)!.function.replace("main.", ""), one.unreachable]));
}

/** Named functions that hold nothing but what they are given. */
const named = <A>(name: string, body: (on: A) => unknown): ((on: A) => unknown) => Object.defineProperty(body, "name", { value: name });
const locks = (name: string) => named(name, async (mu: sync.Mutex) => void (await mu.lock()));
const receives = (name: string) => named(name, async (ch: RecvChan<number>) => void (await ch.recv()));

/** What the module keeps, as a pool or a registry would. */
const kept: { channel?: Chan<number>; mutex?: sync.Mutex; wait?: () => void; done?: unknown } = {};

const CASES: readonly (readonly [name: string, body: () => unknown, unreachable: Readonly<Record<string, boolean>>])[] = [
  [
    "only the goroutine holds its channel",
    () => {
      const ch = new Chan<number>();
      go(async function lost() {
        await ch.send(1);
      });
    },
    { lost: true },
  ],
  [
    "a variable of the module holds it",
    () => {
      const ch = (kept.channel = new Chan<number>());
      go(async function idle() {
        await ch.recv();
      });
    },
    { idle: false },
  ],
  [
    "a closure of the module holds it",
    () => {
      const ch = new Chan<number>();
      kept.wait = () => void ch.close();
      go(async function idle() {
        await ch.recv();
      });
    },
    { idle: false },
  ],
  [
    "two that wait for each other keep nobody alive",
    () => {
      const a = new Chan<number>();
      const b = new Chan<number>();
      go(async function one() {
        await a.recv();
        await b.send(1);
      });
      go(async function other() {
        await b.recv();
        await a.send(1);
      });
    },
    { one: true, other: true },
  ],
  [
    "one that can be woken can wake another",
    () => {
      const outer = (kept.channel = new Chan<number>());
      const inner = new Chan<number>();
      go(async function waker() {
        await outer.recv();
        await inner.send(1);
      });
      go(async function woken() {
        await inner.recv();
      });
    },
    { waker: false, woken: false },
  ],
  [
    "a select is reached by any of its channels",
    () => {
      const mine = new Chan<number>();
      const theirs = (kept.channel = new Chan<number>());
      go(async function waiter() {
        await select(recv(mine), recv(theirs));
      });
    },
    { waiter: false },
  ],
  [
    "a mutex, held by the module and not",
    async () => {
      const own = new sync.Mutex();
      const shared = (kept.mutex = new sync.Mutex());
      await own.lock();
      await shared.lock();
      go(locks("lost"), own);
      go(locks("idle"), shared);
    },
    { lost: true, idle: false },
  ],
  [
    "nobody reaches a nil channel",
    () => {
      go(async function never() {
        await Chan.nil<number>().recv();
      });
    },
    { never: true },
  ],
  [
    "a context whose cancel is forgotten, and one whose cancel is kept",
    () => {
      const [mine] = context.withCancel(context.background());
      const [theirs, cancel] = context.withCancel(context.background());
      kept.done = cancel;
      go(receives("lost"), mine.done());
      go(receives("idle"), theirs.done());
    },
    { lost: true, idle: false },
  ],
  [
    "V8 keeps a variable for all closures of its function: one that lives on keeps those of the others",
    () => {
      const mine = new Chan<number>();
      const theirs = (kept.channel = new Chan<number>());
      go(async function lost() {
        await mine.recv();
      });
      go(async function idle() {
        await theirs.recv();
      });
    },
    { lost: false, idle: false },
  ],
  [
    "while another goroutine goes on for ever (the horizon)",
    () => {
      const ch = new Chan<number>();
      const shared = new Chan<number>();
      go(receives("lost"), ch);
      go(receives("idle"), shared);
      go(async function ticks() {
        for await (const _ of time.tick(time.minute)) if (shared.capacity > 0) await shared.send(1);
      });
    },
    { lost: true, idle: false },
  ],
];

describe("who can still be woken, by the engine's own collector", () => {
  for (const [name, body, expected] of CASES) {
    it(name, async () => {
      const found = await left(body);
      for (const [who, verdict] of Object.entries(expected)) assert.equal(found[who], verdict, who);
      for (const key of Object.keys(kept)) delete kept[key as keyof typeof kept];
    });
  }

  it("without a collector nothing is claimed", async () => {
    assert.equal(await unreachableGoroutines(() => [{ waitsFor: [{}], holds: {} }], undefined, () => Promise.resolve()), undefined);
  });
});
