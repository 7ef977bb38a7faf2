// Of two goroutines that meet at a channel, whose code goes on first? Nothing tells which variables they share, so that what production
// does must be among what is explored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chan, go, recv, select, sync } from "../../index.js";
import { explore } from "../../testing.js";

/** Ends when all have said their word. */
type Program = (says: (word: string) => void, all: sync.WaitGroup) => Promise<void>;

/** What is said, in each order that there is. */
const PROGRAMS: Readonly<Record<string, readonly [Program, readonly string[]]>> = {
  "a flag that the sender sets behind its send: the receiver comes last": [
    async (says, all) => {
      const jobs = new Chan<string>();
      let flag = false;
      go(async () => {
        await jobs.recv();
        says(flag ? "set" : "unset");
        all.done();
      });
      await jobs.send("one");
      flag = true;
      says("sent");
      all.done();
    },
    ["unset sent"],
  ],
  "the same, where the sender comes last": [
    async (says, all) => {
      const ready = new Chan<string>(1);
      const jobs = new Chan<string>();
      let flag = false;
      go(async () => {
        await ready.send("ready");
        await jobs.recv();
        says(flag ? "set" : "unset");
        all.done();
      });
      await ready.recv();
      await jobs.send("one");
      flag = true;
      says("sent");
      all.done();
    },
    ["sent set"],
  ],
  "a select meets a send": [
    async (says, all) => {
      const [a, b] = [new Chan<number>(), new Chan<number>()];
      go(async () => {
        await select(recv(b), recv(a));
        says("received");
        all.done();
      });
      await a.send(1);
      says("sent");
      all.done();
    },
    ["received sent"],
  ],
  "both have a step before: either comes last": [
    async (says, all) => {
      const start = new Chan<number>(2);
      const c = new Chan<number>();
      go(async () => {
        await start.send(1);
        await c.recv();
        says("received");
        all.done();
      });
      go(async () => {
        await start.send(2);
        await c.send(1);
        says("sent");
        all.done();
      });
    },
    ["received sent", "sent received"],
  ],
};

for (const [name, [program, wanted]] of Object.entries(PROGRAMS)) {
  test(name, async () => {
    const run = async (): Promise<string> => {
      const words: string[] = [];
      const all = new sync.WaitGroup();
      all.add(2);
      await program((word) => void words.push(word), all);
      await all.wait();
      return words.join(" ");
    };
    const seen = new Set<string>();
    const { coverage } = await explore(async () => void seen.add(await run()));
    assert.ok(coverage.complete);
    assert.deepEqual([...seen].sort(), wanted);
    const production = await run();
    assert.ok(wanted.includes(production), production);
  });
}
