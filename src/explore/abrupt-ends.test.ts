import assert from "node:assert/strict";
import { test } from "node:test";
import { goChoice } from "../model/run/choice.js";
import { goroutineName } from "../model/ids.js";
import { AbruptEnds } from "./abrupt-ends.js";
import { LAZY_CLOCK } from "./fairness.js";
import { load, lock, panics, store, unless, unlock } from "./testing/model-operations.js";
import { signatures } from "./testing/signatures.js";
import { spawns } from "./testing/shared-programs.js";

const [A, B] = [[goChoice(goroutineName("1.1"))], [goChoice(goroutineName("1.2"))]] as const;

test("what ends alike is counted once, whoever saw it, and of the last attempt only", () => {
  const one = new AbruptEnds();
  for (const form of [A, B, A]) one.count(1, form);
  assert.equal(one.repeats, 1);
  const other = new AbruptEnds();
  other.count(1, B);
  one.add(other.take());
  assert.equal(one.repeats, 2);
  assert.equal(other.repeats, 0, "what was taken is not told again");
  other.count(0, A);
  one.add(other.take());
  assert.equal(one.repeats, 2, "an earlier attempt");
  one.count(2, A);
  assert.equal(one.repeats, 0, "a later attempt");
});

// Two goroutines take a lock, give it back, and store 0 (the first) or 1; main loads and panics where it reads 0. It does: before both (1);
// behind the first alone (1); or behind both where the first stores last: the first took the lock before (1), or behind the second, which
// then stores before (1), or has not stored yet (1). Five, however often another goroutine did something besides.
test("a panic that two goroutines may prevent: 5 of 10 schedules", async () => {
  const workers = spawns(2, (i) => [lock(2), unlock(2), store(1, i)]);
  const { coverage, found } = await signatures({ main: [...workers, load(1), unless(0, 1), panics("too early"), lock(2), unlock(2)] }, { clock: LAZY_CLOCK });
  assert.equal(coverage.schedules, 10);
  assert.equal(found.find(({ key }) => key.includes("too early"))?.seen, 5);
});
