import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName } from "../../../model/ids.js";
import { FruitlessLoop } from "./fruitless-loop.js";

const LIMIT = 100;

/** Looks until they are taken to go round, at most so many; `state` of the actor after each. */
function looksUntilRound(actors: readonly ((look: number) => number)[], most: number, others: readonly string[]): number | undefined {
  let loop = new FruitlessLoop(LIMIT);
  for (let look = 1; look <= most; look++) {
    const actor = look % actors.length;
    if (loop.looked(goroutineName(`1.${actor}`), () => actors[actor]!(look), () => [...actors.keys(), ...others].map((one) => goroutineName(`1.${one}`)))) return look;
    if (look % 7 === 0) loop = FruitlessLoop.restored(loop.save());
  }
  return undefined;
}

const stands = (): number => 7;
const counts = (look: number): number => look;
const goesRoundIn = (period: number) => (look: number): number => look % period;

const TABLE: readonly [name: string, actors: readonly ((look: number) => number)[], at: number | undefined, others?: readonly string[]][] = [
  ["one state", [stands], LIMIT + 1024],
  ["a short round", [goesRoundIn(1000)], LIMIT + 1024],
  ["a round longer than the first watch: seen in the second", [goesRoundIn(1500)], 2 * (LIMIT + 1024) + 2048],
  ["it counts", [counts], undefined],
  ["two in turn", [stands, goesRoundIn(2)], LIMIT + 1024],
  ["one waits for who counts", [stands, counts], undefined],
  ["another one could go on, and is not asked to", [stands], undefined, ["9"]],
];
for (const [name, actors, at, others = []] of TABLE) test(`looks in a row: ${name}`, () => assert.equal(looksUntilRound(actors, 100_000, others), at));
