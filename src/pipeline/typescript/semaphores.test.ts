import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { context, errgroup, go, semaphore, Chan } from "../../index.js";
import { examineTs } from "./examine-ts.js";

/** The program's findings: verdict, cause, what is waited for, and the first sentence of evidence without places. */
async function found(body: () => Promise<void>): Promise<readonly string[]> {
  const { findings, coverage } = await examineTs(body, { name: "t", budget: 300_000 });
  assert.equal(coverage.complete, true);
  return findings.map(({ verdict, cause, blocked, evidence }) => {
    assert.match(blocked.file, /semaphores\.test/, "it is told at the line of the program");
    return `${verdict} ${cause}: ${(evidence[0] ?? "").replace(/ at semaphores\.test\.[jt]s:\d+/g, "").replace(/ \(step \d+\)| step \d+/g, "")}`;
  });
}

describe("who waits for a semaphore is told by its name, its line, and who has what it waits for", () => {
  const rows: readonly [what: string, body: () => Promise<void>, expected: readonly string[]][] = [
    ["never released", async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      go(async function worker() {
        await places.acquire(1);
      });
    }, ["leaked mutex-never-unlocked: t acquired 1 of the semaphore, has not released it, and ended at"]],
    ["released by half", async () => {
      const places = new semaphore.Weighted(3);
      await places.acquire(3);
      await places.release(1);
      go(async function worker() {
        await places.acquire(2);
      });
    }, ["leaked mutex-never-unlocked: t acquired 2 of the semaphore, has not released them, and ended at"]],
    ["acquired again by the same goroutine", async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      await places.acquire(1);
    }, ["deadlock recursive-lock: t waits for the semaphore, of which it itself acquired 1 and has not released it"]],
    ["a group whose place is not given back", async () => {
      const group = new errgroup.ErrGroup();
      group.setLimit(1);
      const never = new Chan<void>();
      await group.go(async function first() {
        await never.recv();
      });
      await group.go(() => undefined);
    }, ["deadlock receive-without-sender: nobody ever sent on this channel"]],
    ["given back in time", async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      go(async function worker() {
        await places.acquire(1);
        await places.release(1);
      });
      await places.release(1);
    }, []],
    ["left when its context is over", async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      const [ctx, cancel] = context.withCancel(context.background());
      go(async function worker() {
        await places.acquire(1, ctx).catch(() => undefined);
      });
      await cancel();
    }, []],
    ["its context is never over, and is held by nobody", async () => {
      const places = new semaphore.Weighted(1);
      await places.acquire(1);
      go(async function worker() {
        const [ctx] = context.withCancel(context.background());
        await places.acquire(1, ctx);
      });
    }, ["leaked mutex-never-unlocked: t acquired 1 of the semaphore, has not released it, and ended at"]],
  ];
  for (const [what, body, expected] of rows) it(what, async () => assert.deepEqual(await found(body), expected));
});

describe("a place is found below what drives a run", () => {
  it("an operation that an async helper does after an await is told at its caller's line, too", async () => {
    const deep = async (n: number, ch: Chan<number>): Promise<void> => {
      if (n > 0) return void (await deep(n - 1, ch));
      await Promise.resolve();
      await ch.recv();
    };
    const { findings } = await examineTs(async () => void (await deep(6, new Chan<number>())), { name: "t" });
    assert.equal(findings.length, 1);
    assert.equal(findings[0]!.stack.filter(({ function: name }) => /deep/.test(name)).length, 7);
  });
});
