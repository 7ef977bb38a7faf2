import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limit } from "./limit.js";

describe("limit", () => {
  it("never runs more than its size, runs all, in order, also past a failure", async () => {
    const limited = limit(2);
    let running = 0;
    let most = 0;
    const started: number[] = [];
    const task = async (n: number): Promise<number> => {
      started.push(n);
      most = Math.max(most, ++running);
      await Promise.resolve();
      await Promise.resolve();
      running--;
      if (n === 3) throw new Error("three");
      return n;
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((n) => limited(() => task(n))));
    assert.deepEqual(results.map((r) => (r.status === "fulfilled" ? r.value : "failed")), [0, 1, 2, "failed", 4, 5]);
    assert.deepEqual(started, [0, 1, 2, 3, 4, 5]);
    assert.equal(most, 2);
  });
});
