import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { objectId } from "../model/ids.js";
import { LamportClocks, STEP } from "./lamport.js";
import { readClock, TICK, type ClockReader } from "./virtual-time.js";

const MILLISECOND = 1_000_000;
const reader = (): ClockReader => ({ lamport: 0, readings: 0, empty: 0 });
/** So many steps of one goroutine that touch nothing. */
const steps = (clocks: LamportClocks, one: ClockReader, count: number): void => {
  for (let i = 0; i < count; i++) {
    clocks.begin([one], []);
    one.readings = 0;
  }
};

describe("what a goroutine reads from the clock", () => {
  it("is the clock's time and a step more; a microsecond for each step since", () => {
    const [clocks, one] = [new LamportClocks(), reader()];
    assert.equal(readClock(0, one), STEP);
    steps(clocks, one, 20);
    assert.equal(readClock(0, one), 22 * STEP);
  });
  it("a sleep of 10 ms takes 10 ms, however much was done before", () => {
    const [clocks, one] = [new LamportClocks(), reader()];
    steps(clocks, one, 1_000_000);
    const before = readClock(0, one);
    assert.equal(before, 1_000_001 * STEP);
    const until = before + 10 * MILLISECOND;
    steps(clocks, one, 1);
    assert.equal(readClock(until, one) - before, 10 * MILLISECOND + STEP);
  });
  it("who is woken by the clock comes after its step, and so do the steps that follow", () => {
    const [clocks, sleeper, other] = [new LamportClocks(), reader(), reader()];
    clocks.begin([], [], 10 * MILLISECOND);
    clocks.within(sleeper);
    steps(clocks, sleeper, 3);
    assert.equal(readClock(10 * MILLISECOND, sleeper), 10 * MILLISECOND + 5 * STEP);
    assert.equal(readClock(10 * MILLISECOND, other), 10 * MILLISECOND + STEP);
  });
  it("a clock that moves on meanwhile takes in what was done", () => {
    const [clocks, one] = [new LamportClocks(), reader()];
    steps(clocks, one, 1_000);
    assert.equal(readClock(100 * MILLISECOND, one), 100 * MILLISECOND + STEP);
  });
  it("a step that does not read commutes with a move of the clock", () => {
    const [clocks, one, other] = [new LamportClocks(), reader(), reader()];
    readClock(0, one);
    steps(clocks, one, 5); // before the clock moves
    readClock(0, other);
    steps(clocks, other, 5); // behind it: the clock's base is no part of a step
    assert.equal(readClock(MILLISECOND, one), readClock(MILLISECOND, other));
  });
  it("is later than what was read before a step that this one comes after", () => {
    const [clocks, sender, receiver] = [new LamportClocks(), reader(), reader()];
    const sent = readClock(0, sender);
    const touches = [{ object: objectId(1), op: "send" }] as const;
    clocks.note(touches, clocks.begin([sender], touches));
    clocks.note(touches, clocks.begin([receiver], touches));
    assert.ok(readClock(0, receiver) > sent + STEP);
  });
  it("who only looks sees a tenth of a microsecond go by, from the 17th reading on", () => {
    const one = reader();
    for (let i = 0; i < 16; i++) readClock(0, one);
    assert.equal(readClock(0, one), 16 * STEP + TICK);
  });
  it("counts from where the run began, in the clock's own scale", () => assert.equal(readClock(7_000, reader(), 7_000), 7_000 + STEP));
});
