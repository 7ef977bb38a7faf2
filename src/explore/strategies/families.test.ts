import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { driveRun } from "../engine.js";
import { DEFAULT_CLOCK } from "../fairness.js";
import type { RunEnd } from "../strategy.js";
import { formatSchedule } from "../../model/run/schedule.js";
import { load, rmw, sleep, spawn, yields, type Op } from "../testing/model-operations.js";
import { ModelProgram } from "../testing/model-program.js";
import { Families } from "./families.js";

function scheduleOf(...main: readonly Op[]): string {
  const strategy = new Families();
  const end = driveRun(new ModelProgram({ main }), strategy, strategy.begin()!, { clock: DEFAULT_CLOCK, steps: 1_000 }) as RunEnd;
  return `${end.outcome!.kind}: ${formatSchedule(end.schedule.slice())}`;
}

describe("one family after the other", () => {
  const copy = (object: number): Op => spawn(spawn(rmw(object), spawn(rmw(object))), rmw(object), rmw(object));

  it("who starts others comes before these, and all of them before the next copy", () => {
    assert.equal(scheduleOf(copy(1), copy(2), copy(3)), "quiescent: u1 1.1*2 1.1.1 1.1.1.1 1.2*2 1.2.1 1.2.1.1 1.3*2 1.3.1 1.3.1.1");
  });

  it("of ten and more the second comes before the tenth", () => {
    assert.equal(scheduleOf(...Array.from({ length: 11 }, () => spawn(rmw(1)))), "quiescent: u1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11");
  });

  it("who yields lets all others go first, and goes on before the clock moves", () => {
    assert.equal(scheduleOf(spawn(yields(), rmw(1)), spawn(rmw(1)), spawn(sleep(5), rmw(1))), "quiescent: u1 1.2 1.3 1.1*2 @ 1.3");
  });

  it("comes past who polls for what only time brings", () => {
    const polls = Array.from({ length: 200 }, () => load(1));
    assert.match(scheduleOf(spawn(...polls, rmw(1)), spawn(sleep(5), rmw(2))), /^quiescent: u1 (1\.\d\S* )+@ (1\.\d\S* ?)+$/);
  });
});
