import assert from "node:assert/strict";
import { it } from "node:test";
import { goroutineName } from "../model/ids.js";
import { StepFootprint } from "./footprint.js";

it("a step names each goroutine that it moves once, in order, however many there are (F1)", () => {
  const names = Array.from({ length: 50_000 }, (_, index) => goroutineName(`1.${index + 1}`));
  const footprint = new StepFootprint();
  for (const name of names) {
    footprint.starts(name);
    footprint.moves(name);
  }
  for (const name of names) footprint.moves(name);
  assert.deepEqual(footprint.moved, names);
  assert.deepEqual(footprint.started, names);
});
