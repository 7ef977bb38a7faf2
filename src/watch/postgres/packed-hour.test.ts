import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../base/prng.js";
import { HOUR, inOrder, type KeptLook, looksOf, packHour, unpackHour } from "./packed-hour.js";

const look = (at: number, total: number, counts: Readonly<Record<number, number>>): KeptLook<number> => ({ at, total, counts: new Map(Object.entries(counts).map(([group, count]) => [Number(group), count])) });
const there = (hour: number, looks: readonly KeptLook<number>[]): readonly KeptLook<number>[] => looksOf(unpackHour(hour, packHour(hour, looks)), (group) => group);

test("an hour of looks comes back as it was: absent groups, zeros, counts beyond 32 bits, none at all", () => {
  const at = 490_000 * HOUR;
  for (const looks of [
    [],
    [look(at, 0, {})],
    [look(at, 3, { 7: 0, 9: 3 }), look(at + 1, 2 ** 31 - 1, { 9: 2 ** 45, 4_000_000_000: 1 }), look(at + 2, 1, { 7: 1 }), look(at + HOUR - 1, 4, { 7: 1, 9: 3 })],
  ]) assert.deepEqual(there(490_000, looks), looks);
  assert.deepEqual(there(-3, [look(-3 * HOUR + 5, 1, { 1: 1 })]), [look(-3 * HOUR + 5, 1, { 1: 1 })]);
});

test("any looks come back as they were", () => {
  const random = new Prng(7);
  for (let round = 0; round < 200; round++) {
    const looks: KeptLook<number>[] = [];
    for (let at = random.below(1000); looks.length < random.below(80); at += 1 + random.below(60_000)) {
      looks.push(look(at, random.below(1000), Object.fromEntries(Array.from({ length: random.below(12) }, () => [random.below(40), random.below(1 + random.below(100_000))]))));
    }
    assert.deepEqual(there(0, looks), looks);
  }
});

test("of looks from two places one that is in both is one, and two that differ at one moment are a millisecond apart", () => {
  const [a, b, c] = [look(5, 1, { 1: 1 }), look(5, 2, { 1: 2 }), look(6, 3, { 1: 3 })];
  assert.deepEqual(inOrder([c, a, b, a, c]), [a, { ...b, at: 6 }, { ...c, at: 7 }]);
  assert.deepEqual(inOrder([a, { ...b, at: 6 }, b]), [a, { ...b, at: 6 }]);
});
