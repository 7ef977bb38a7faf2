import assert from "node:assert/strict";
import { test } from "node:test";
import { goroutineName, nanos, objectId, type GoroutineName } from "../../model/ids.js";
import type { Outcome } from "../../model/run/outcome.js";
import { Divergence, type Footprint, type Pending, type Program, type Run, type RunOptions } from "../../model/run/program.js";
import { formatChoice, goChoice, sameChoice, type Choice } from "../../model/run/choice.js";
import { parseSchedule } from "../../model/run/schedule.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Trace, TraceStep } from "../../model/run/trace.js";
import { spawn, store } from "../../explore/testing/model-operations.js";
import { ModelProgram } from "../../explore/testing/model-program.js";
import { examine } from "./examine.js";
import { outcomeWord } from "./outcome-word.js";
import { replayProgram } from "../go/replay-program.js";

/**
 * A program by hand: main and goroutine 1.1 each take lock m once, in either order. Whoever is second finds it free
 * again, but `ending` says how the run ends for each order.
 */
class Race implements Program {
  readonly name = "race";
  readonly #ending: (first: GoroutineName) => Outcome;
  runs = 0;
  constructor(ending: (first: GoroutineName) => Outcome) {
    this.#ending = ending;
  }
  start(options: RunOptions = {}): Run {
    this.runs++;
    options.output?.("stdout", Buffer.from("hello\n"));
    return new RaceRun(this.#ending);
  }
}

const MAIN = goroutineName("1");
const CHILD = goroutineName("1.1");
const LOCK = objectId(1);
const at = (line: number, name = "main.main") => ({ function: name, file: "main.go", line });

const LEFT: Goroutine = {
  name: CHILD, count: 1, state: "waiting", waitReason: "chan send", stack: [at(9, "main.send")], createdBy: { ...at(3), name: MAIN },
  unreachable: true, blockedOn: { op: "send", objects: [{ object: objectId(2), op: "send" }], nil: false },
};

class RaceRun implements Run {
  readonly #ending: (first: GoroutineName) => Outcome;
  readonly #taken: GoroutineName[] = [];
  constructor(ending: (first: GoroutineName) => Outcome) {
    this.#ending = ending;
  }
  pending(): readonly Pending[] {
    return [MAIN, CHILD]
      .filter((name) => !this.#taken.includes(name))
      .map((goroutine) => ({ goroutine, op: "rmw", accesses: [{ object: LOCK, op: "rmw" }], alternatives: [goChoice(goroutine)] }));
  }
  take(choice: Choice): void {
    if (!this.pending().some(({ alternatives }) => alternatives.some((one) => sameChoice(one, choice)))) {
      throw new Divergence(this.#taken.length, formatChoice(choice), "it cannot");
    }
    this.#taken.push((choice as { goroutine: GoroutineName }).goroutine);
  }
  last(): Footprint {
    return { accesses: [{ object: LOCK, op: "rmw" }], moved: this.#taken.slice(-1), started: [] };
  }
  outcome(): Outcome | undefined {
    return this.#taken.length < 2 ? undefined : this.#ending(this.#taken[0]!);
  }
  goroutines(): Snapshot {
    const left = this.#taken[0] === CHILD;
    return {
      provenance: { source: "race", how: "run" },
      losses: [],
      goroutines: left
        ? [LEFT]
        : [],
    };
  }
  trace(): Trace {
    const steps = this.#taken.map((goroutine): TraceStep => ({ choice: goChoice(goroutine), acts: [{ goroutine, op: "rmw", accesses: [], stack: [at(5)] }], time: nanos(0n) }));
    return { steps, lives: [{ name: MAIN, entry: "main.main", startedAt: -1 }, { name: CHILD, entry: "main.send", startedAt: -1, createdBy: { ...at(3), name: MAIN } }] };
  }
  now() {
    return nanos(0n);
  }
}

const quiet: Outcome = { kind: "quiescent", exitCode: 0, cutShort: 0 };
const OPTIONS = {
  package: "p",
  settings: { budget: 5_000, workers: 1, seed: 1, clock: { kind: "lazy" } as const },
  lines: () => undefined,
};
/** Nobody is pending at the end, so only a look at the world shows the leak: the exit code makes the judge look. */
const leaky = (first: GoroutineName): Outcome => (first === CHILD ? { kind: "failed", cutShort: 0 } : quiet);

test("a leak of one order of two is found, replayed, and told once with its schedule; both orders were tried", async () => {
  const found = await examine(new Race(leaky), { ...OPTIONS, test: "TestRace" });
  assert.equal(found.coverage.complete, true);
  assert.equal(found.coverage.schedules, 2);
  const leak = found.findings.find(({ verdict }) => verdict === "leaked");
  assert.equal(leak?.cause, "send-without-receiver");
  assert.match(leak?.schedule ?? "", /^u1 1\.1 1$/);
  assert.equal(leak?.steps?.at(-1)?.text, "is blocked for ever (chan send on channel A)");
  assert.deepEqual(found.findings.map(({ verdict }) => verdict).sort(), ["flaky", "leaked"]);
  assert.equal(found.outcome, "passed");
});

test("only the natural schedule's output is shown, once", async () => {
  const shown: string[] = [];
  const race = new Race(() => quiet);
  const found = await examine(race, { ...OPTIONS, output: (_, bytes) => shown.push(Buffer.from(bytes).toString()) });
  assert.deepEqual(shown, ["hello\n"]);
  assert.equal(found.output, "hello\n");
  assert.ok(race.runs > 1);
  assert.deepEqual(found.findings, []);
});

test("a finding that does not replay is no finding, but is said", async () => {
  let looks = 0;
  // The first explored run of that order panics, and never again.
  const found = await examine(new Race((first) => (first === CHILD && looks++ === 0 ? { kind: "panic", message: "once", stack: [] } : quiet)), OPTIONS);
  assert.deepEqual(found.findings, []);
  assert.match(found.limits.join(), /did not replay, so it is not reported/);
});

test("what cannot be run is a limit, not a crash", async () => {
  const found = await examine(new Race(() => ({ kind: "unsupported", what: "it opens a real socket" })), OPTIONS);
  assert.deepEqual([found.outcome, found.limits, found.coverage.schedules], ["unsupported", ["it opens a real socket"], 0]);
});

test("what the host says of its runs is a limit", async () => {
  const race: Program = Object.assign(new Race(() => quiet), { limits: () => ["a lock was held"] });
  assert.deepEqual((await examine(race, OPTIONS)).limits, ["a lock was held"]);
});

test("replay: the same run again; a schedule of another program names the step", async () => {
  const schedule = parseSchedule("u1 1.1 1");
  assert.ok(schedule.ok);
  const again = await replayProgram(new Race(leaky), schedule.value, { ...OPTIONS, test: "TestRace" });
  assert.ok(again.ok);
  assert.ok(again.value.findings.some(({ verdict }) => verdict === "leaked"));
  const other = parseSchedule("u1 1.1 1.1");
  assert.ok(other.ok);
  const bad = await replayProgram(new Race(leaky), other.value, OPTIONS);
  assert.ok(!bad.ok && /diverges at step 1: the schedule says 1\.1/.test(bad.error));
});

test("budgets: the natural run, the exploration and the replays end when the time is over, and what came of it is said", async () => {
  const stores = (many: number) => Array.from({ length: many }, () => store(9));
  const long = new ModelProgram({ main: [spawn(...stores(60_000)), ...stores(60_000)] });
  const table: readonly (readonly [budget: number, outcome: string, most: number])[] = [
    [0, "no verdict", 2_000],
    [8_000, "passed", 10_000], // the natural run's 120,000 steps are 7,500 looks
  ];
  for (const [budget, outcome, most] of table) {
    let now = 0; // a millisecond passes at each look at the clock
    const done = await examine(long, { ...OPTIONS, settings: { ...OPTIONS.settings, budget }, wall: { now: () => now++, turn: async () => {} } });
    assert.equal(done.outcome, outcome);
    assert.equal(done.coverage.complete, false);
    assert.ok(now <= most, `${now} looks at the clock with a budget of ${budget}`);
    assert.equal(done.limits.some((limit) => limit.includes("within the budget")), outcome === "no verdict");
  }
});

test("outcomes in a word", () => {
  const table: readonly (readonly [Outcome, string])[] = [
    [quiet, "passed"],
    [{ kind: "exit", exitCode: 3 }, "exit 3"],
    [{ kind: "horizon", scopeOver: false, cutShort: 0 }, "never ends"],
    [{ kind: "horizon", scopeOver: false, cutShort: 0, limit: "budget" }, "no verdict"],
    [{ kind: "deadlock" }, "deadlock"],
  ];
  for (const [outcome, word] of table) assert.equal(outcomeWord(outcome), word);
});

test("what the collector proved in some runs only is one finding, and proved", async () => {
  let looks = 0;
  class Forgetful extends RaceRun {
    /** The judge looks at each order by itself. */
    parked(): readonly string[] {
      return [this.outcome() === undefined ? "" : JSON.stringify(this.trace().steps.map(({ choice }) => choice))];
    }
    override goroutines(): Snapshot {
      const unreachable = looks++ % 2 === 0;
      return { ...super.goroutines(), goroutines: [{ ...LEFT, unreachable }] };
    }
  }
  const found = await examine({ name: "race", start: () => new Forgetful(() => quiet) }, { ...OPTIONS, test: "TestRace" });
  assert.ok(looks > 2);
  assert.deepEqual(found.findings.map(({ verdict, goroutines, unreachable }) => [verdict, goroutines, unreachable]), [["leaked", 1, true]]);
});
