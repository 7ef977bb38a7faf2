import assert from "node:assert/strict";
import { test } from "node:test";
import { goChoice } from "../model/run/choice.js";
import { goroutineName, objectId } from "../model/ids.js";
import { fairWays, isDraining, isSpinning, mayBeStraight, received, Spinning, type Spinner } from "./spinning.js";

const ME = goroutineName("1");

/** After how many looks, one after the other, it spins for the first time; undefined: never. */
function spinsAfter(looks: readonly number[]): number | undefined {
  const one: Spinner = { spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false };
  const spinning = new Spinning<Spinner>();
  const at = looks.findIndex((object) => {
    spinning.step(goChoice(ME), [one], "load", objectId(object));
    return isSpinning(one);
  });
  return at < 0 ? undefined : at + 1;
}

const round = (objects: number, times: number): number[] => Array.from({ length: objects * times }, (_, i) => 1 + (i % objects));
/** Each call reads what all read, and a bucket of its own. */
const calls = (many: number): number[] => Array.from({ length: many }, (_, i) => [1, 2, 1, 10 + i]).flat();

const ROWS: readonly (readonly [name: string, looks: readonly number[], after: number | undefined])[] = [
  ["one object, polled", round(1, 20), 8],
  ["two in turn", round(2, 20), 8],
  ["four in turn", round(4, 20), 8],
  ["five in turn: twice round", round(5, 20), 10],
  ["128 counters, once", round(128, 1), undefined],
  ["128 counters, again and again: twice round", round(128, 3), 256],
  ["100 look-ups in a table", calls(100), undefined],
  ["look-ups, and then one place", [...calls(3), ...round(1, 20)], 12 + 5],
  ["more than are remembered", round(1_500, 2), 1_024 * 2],
];

for (const [name, looks, after] of ROWS) test(`who spins: ${name}`, () => assert.equal(spinsAfter(looks), after));

test("a step that does something begins anew, and a copy of a goroutine keeps what it was", () => {
  const one: Spinner = { spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false };
  const spinning = new Spinning<Spinner>();
  const look = (who: Spinner): void => spinning.step(goChoice(ME), [who], "load", objectId(1));
  for (let i = 0; i < 7; i++) look(one);
  const copy = { ...one };
  spinning.step(goChoice(ME), [one], "store", objectId(2));
  for (let i = 0; i < 7; i++) look(one);
  assert.equal(isSpinning(one), false);
  look(copy);
  assert.equal(isSpinning(copy), true);
});

test("who spins may be straight code for 32 looks, others' steps apart; not any more once the clock has moved beside it, until it does something", () => {
  const one: Spinner = { spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false };
  const spinning = new Spinning<Spinner>();
  const looks = (many: number): readonly boolean[] => {
    for (let i = 0; i < many; i++) spinning.step(goChoice(ME), [one], "load", objectId(1));
    return [isSpinning(one), mayBeStraight(one)];
  };
  assert.deepEqual([looks(7), looks(1), looks(23), looks(1)], [[false, false], [true, true], [true, true], [true, false]]);
  spinning.step({ kind: "clock" }, [], undefined, undefined);
  assert.deepEqual([looks(7), looks(1)], [[false, false], [true, false]]);
  spinning.step(goChoice(ME), [one], "store", objectId(2));
  assert.deepEqual(looks(8), [true, true]);
});

test("who goes round on a closed channel yields after 64 rounds, then after 8 for each move of the clock, whatever it does besides", () => {
  const one: Spinner = { spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false };
  const spinning = new Spinning<Spinner>();
  const rounds = (): number => {
    for (let i = 1; i < 100; i++) {
      received(one, goChoice(ME, 1), objectId(1));
      spinning.step(goChoice(ME, 1), [one], "load", objectId(1));
      spinning.step(goChoice(ME), [one], "lock", objectId(2));
      if (isDraining(one)) return i;
    }
    return Infinity;
  };
  assert.equal(rounds(), 64);
  spinning.step({ kind: "clock" }, [], undefined, undefined);
  assert.equal(rounds(), 8);
  const [taken, other] = [goChoice(ME, 1), goChoice(ME, 0)];
  assert.deepEqual(fairWays(one, [other, taken]), [other], "a select is fair: the case that it has not taken comes first");
  assert.deepEqual(fairWays(one, [taken]), [taken]);
  received(one, goChoice(ME, 0), undefined);
  assert.equal(isDraining(one), false, "a value is a sign of an end");
});

test("who receives from many closed channels, one after the other, does not go round; who begins with the first again does", () => {
  const one: Spinner = { spins: 0, lookedAt: undefined, again: 0, yielded: false, empty: 0, emptied: undefined, drained: 0, cases: 0, passedBy: false };
  const takes = (channel: number): boolean => {
    received(one, goChoice(ME), objectId(channel));
    return isDraining(one);
  };
  const channels = Array.from({ length: 1_000 }, (_, i) => i + 1);
  assert.equal(channels.some(takes), false);
  assert.equal(channels.findIndex(takes), 62, "the last was the first look, and these are 63 more");
  const many = Array.from({ length: 8_000 }, (_, i) => 2_000 + i);
  assert.equal(many.some(takes), false, "nor does who has received from more than are remembered");
});
