import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { goroutineName } from "../model/ids.js";
import { moveTo, type GoroutinePhase } from "./goroutine.js";

const PHASES: readonly GoroutinePhase[] = ["created", "queued", "running", "stopped", "entering", "over", "ended"];

/** What may follow what; everything else is a bug of the host's. */
const FOLLOWS: Readonly<Record<GoroutinePhase, string>> = {
  created: "running over",
  queued: "running",
  running: "stopped over ended",
  stopped: "queued running entering over",
  entering: "stopped over ended",
  over: "ended",
  ended: "",
};

describe("a goroutine's phases", () => {
  for (const from of PHASES) {
    for (const to of PHASES) {
      const allowed = FOLLOWS[from].split(" ").includes(to);
      it(`${from} -> ${to}: ${allowed ? "follows" : "is a bug"}`, () => {
        const goroutine = { name: goroutineName("1.2"), phase: from };
        if (!allowed) return assert.throws(() => moveTo(goroutine, to), new RegExp(`goroutine 1.2 was ${from} and cannot be ${to}; this is a bug`));
        moveTo(goroutine, to);
        assert.equal(goroutine.phase, to);
      });
    }
  }
});
