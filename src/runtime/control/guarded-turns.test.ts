import assert from "node:assert/strict";
import { it } from "node:test";
import { defaultPlatform } from "../core/platform.js";
import { GuardedTurns } from "./guarded-turns.js";

it("a guarded turn is due after 50 ms, and at once after a plain one: a program that goes on in that could not be ended", async () => {
  let now = 1_000;
  const turns = new GuardedTurns({ ...defaultPlatform(), now: () => now }, 1_000);
  const due: boolean[] = [turns.isDue];
  await turns.turn();
  due.push(turns.isDue);
  now += 51;
  due.push(turns.isDue);
  await turns.turn();
  await turns.plainTurn();
  due.push(turns.isDue);
  await turns.turn();
  due.push(turns.isDue);
  assert.deepEqual(due, [false, false, true, true, false]);
});
