// What is lingering after a run: a leak where each run leaves one more, a note where it is there once for all.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Chan, go } from "../../index.js";
import { explore, type Explored } from "../explore-ts.js";

const subscribers = new Set<Chan<number>>();
const waiting: (() => void)[] = [];
const pool: { jobs: Chan<number> | undefined } = { jobs: undefined };
const options = { budget: 60_000, variables: "private" } as const;

describe("what is lingering, and is there once more after each run", () => {
  it("a goroutine whose channel each call adds to a Set of the module", async () => {
    const handle = (): void => {
      const c = new Chan<number>();
      subscribers.add(c);
      go(async function pump() {
        for await (const n of c) void n;
      });
    };
    await assert.rejects(explore(handle, { name: "handle", ...options }), (error: Explored) => {
      assert.deepEqual(error.examination.findings.map(({ verdict, message }) => [verdict, message]), [["grows", "an entry of a Set; 12 after 12 repetitions"], ["lingering", undefined]]);
      assert.match(error.message, /grows: [^\n]*\n {8}main\.handle {3}\S*run-growth\.test\.ts:1\d /);
      return true;
    });
  });

  it("an await that each call leaves with a list of the module", async () => {
    const answer = async (): Promise<void> => {
      await new Promise<void>((resolve) => waiting.push(resolve));
    };
    const ask = (): void => void answer();
    await assert.rejects(explore(ask, { name: "ask", ...options }), /grows: an entry of an array; 12 after 12 repetitions/);
  });

  it("a worker that the first call starts, and all others use, is a note", async () => {
    const { findings, outcome } = await explore(async () => {
      const own = (pool.jobs = new Chan<number>()); // one channel at a time is held
      go(async () => {
        for await (const n of own) void n;
      });
      await own.send(1);
    }, { name: "once", ...options });
    assert.deepEqual([findings.map(({ verdict }) => verdict), outcome], [["lingering"], "passed"]);
  });
});
