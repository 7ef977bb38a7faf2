import assert from "node:assert/strict";
import { test } from "node:test";
import { go, time } from "../../index.js";
import { examineTs } from "../typescript/examine-ts.js";

const napping = (nap: number, rounds: number) => (): void => {
  go(async () => {
    for (let i = 0; i < rounds; i++) await time.sleep(nap);
  });
};

const ROWS: readonly (readonly [what: string, body: () => void, found: readonly string[]])[] = [
  ["one sleep that ends within the horizon", napping(5 * time.minute, 1), []],
  ["a loop without an end", napping(time.second, Infinity), ["runaway loop-without-exit"]],
  ["a loop with a long round", napping(4 * time.minute, Infinity), ["runaway loop-without-exit"]],
  ["one sleep beyond the horizon: nobody saw it go round", napping(1000 * time.hour, 1), ["lingering unknown"]],
];

for (const [what, body, found] of ROWS) {
  test(`after its test, ${what}: ${found.join(", ") || "nothing"}`, async () => {
    const { findings } = await examineTs(body, { scope: "test" });
    assert.deepEqual(findings.map(({ verdict, cause }) => `${verdict} ${cause}`), found);
  });
}
