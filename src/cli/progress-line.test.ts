import assert from "node:assert/strict";
import { it } from "node:test";
import type { Examination } from "../model/results/examination.js";
import { ProgressLine } from "./progress-line.js";
import { fakeIo } from "./testing/run-cli.js";

const done = (findings: number): Examination => ({ name: "T", package: "p", outcome: "passed", findings: Array.from({ length: findings }, () => ({}) as Examination["findings"][number]), limits: [], coverage: { schedules: 1, complete: true, bounds: [], depth: 1, milliseconds: 1 } });
const progress = { program: "TestX", schedules: 1204, rate: 300, depth: 9, found: 0, workers: 1 };

it("says what is left, as far as it is known, and how many have findings", () => {
  const io = fakeIo({ isTTY: { stdout: true, stderr: true }, columns: 120 });
  const line = new ProgressLine(io).listener(undefined);
  const told = (): string => {
    const before = io.err().length;
    line.progress!(progress);
    return io.err().slice(before).replace("\r\u001b[K", "");
  };
  const own = "TestX: 1,204 schedules, 300 a second, depth 9, 0 found";
  line.planned!(1);
  assert.equal(told(), own, "of one program there is nothing else to say");
  line.planned!(47);
  assert.equal(told(), `48 of 48 left; ${own}`);
  line.examined!(done(0));
  line.examined!(done(2));
  assert.equal(told(), `46 of 48 left, 1 with findings; ${own}`);
  line.planned!(-3); // fewer programs than the sources declared
  line.planned!(10); // a test's subtests, each by itself
  assert.equal(told(), `53 of 55 left, 1 with findings; ${own}`);
});

it("says how long it takes at the most, where that is known", () => {
  const io = fakeIo({ isTTY: { stdout: true, stderr: true }, columns: 120 });
  const line = new ProgressLine(io, (left) => 1_500 * left).listener(undefined);
  line.planned!(99);
  line.examined!(done(1));
  line.progress!(progress);
  assert.match(io.err(), /98 of 99 left, at most 2 min 27 s of exploring, 1 with findings; TestX: 1,204 schedules/);
});

it("writes no line where stderr is no terminal", () => {
  const io = fakeIo();
  new ProgressLine(io).listener(undefined).progress!(progress);
  assert.equal(io.err(), "");
});
