import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GoTestOutcome } from "../../toolchain/go/go-test.js";
import { stressArgs, stressed } from "./stress.js";

const passed: GoTestOutcome = { kind: "ended", status: 0 };

describe("stress", () => {
  it("asks go test for at least so many runs, under one, two, all and twice all cores", () => {
    assert.deepEqual(stressArgs(100, 8), ["-count=25", "-cpu=1,2,8,16", "-shuffle=on"]);
    assert.deepEqual(stressArgs(100, 2), ["-count=34", "-cpu=1,2,4", "-shuffle=on"]);
  });

  for (const [title, outcomes, foundAt, rounds] of [
    ["until something is found", [passed, passed, passed], 2, 2],
    ["until the time is over", [passed, passed, passed, passed], 99, 3],
    ["until a test fails", [passed, { kind: "ended", status: 1 }], 99, 2],
    ["until it is interrupted", [{ kind: "interrupted" }], 99, 1],
  ] as const) {
    it(`goes on ${title}`, async () => {
      let done = 0;
      const outcome = await stressed(
        { kind: "time", milliseconds: 30, cores: 2 },
        async () => outcomes[done++]!,
        () => done >= foundAt,
        () => done * 10, // a round takes 10 ms
      );
      assert.equal(done, rounds);
      assert.equal(outcome, outcomes[rounds - 1]);
    });
  }
});
