import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { actorsOf, DEFAULT_CASE, formatChoice, goChoice, meetChoice, sameChoice, type Choice } from "../../../model/run/choice.js";
import { goroutineName, nanos } from "../../../model/ids.js";
import type { OpKind } from "../../../model/run/operation.js";
import type { Pending } from "../../../model/run/program.js";
import { ModelProgram } from "../../testing/model-program.js";
import { driveRun } from "../../engine.js";
import { formatSchedule } from "../../../model/run/schedule.js";
import { NonPreemptive } from "../natural.js";
import { load, lock, recv, send, sleep, spawn, store, unlock, type ModelProgramText } from "../../testing/model-operations.js";
import { QuietMachine } from "./quiet-machine.js";

const ready = (name: string, op: OpKind = "store", more: Partial<Pending> = {}): Pending => ({ goroutine: goroutineName(name), op, accesses: [], alternatives: [goChoice(goroutineName(name))], ...more });
const polls = (name: string): Pending => ready(name, "load", { yielding: true });
const takesDefault = (name: string): Pending => ready(name, "select", { alternatives: [{ kind: "go", goroutine: goroutineName(name), case: DEFAULT_CASE }] });
const CLOCK: Pending = { goroutine: undefined, op: "clock", accesses: [], alternatives: [{ kind: "clock" }] };

/** Each has had a turn (N6), the first one the last. */
function allArrived(...names: readonly string[]): QuietMachine {
  const machine = new QuietMachine();
  for (const one of [...names].reverse()) machine.follow(goChoice(goroutineName(one)));
  return machine;
}
/** The choices of so many steps in which always the same can be done. */
function run(steps: number, ...pending: readonly Pending[]): readonly string[] {
  const machine = new QuietMachine();
  return Array.from({ length: steps }, () => formatChoice(machine.choose(pending) as Choice));
}
/** `a*3 b` */
const told = (choices: readonly string[]): string =>
  choices
    .reduce<[string, number][]>((groups, choice) => (groups.at(-1)?.[0] === choice ? [...groups.slice(0, -1), [choice, groups.at(-1)![1] + 1]] : [...groups, [choice, 1]]), [])
    .map(([choice, times]) => (times === 1 ? choice : `${choice}*${times}`))
    .join(" ");

describe("a quiet machine", () => {
  const CASES: readonly (readonly [string, number, readonly Pending[], string])[] = [
    ["N1: the clock moves only when no goroutine can go on", 3, [ready("1"), CLOCK], "1*3"],
    ["N1: and then it moves", 1, [CLOCK], "@"],
    ["N2: each in turn has a slice where several can go on", 200, [ready("1"), ready("2")], "1*64 2*64 1*64 2*8"],
    ["N4: a default is taken at once, before others that can go on", 3, [takesDefault("1"), ready("2")], "1/d*3"],
    ["N4: many looks in straight code are no polling", 40, [ready("1", "load"), ready("2"), CLOCK], "1*40"],
    ["N4: who only looks polls: behind others", 36, [polls("1"), ready("2")], "1*32 2*4"],
    ["N4: alone it polls on before the clock moves, and less the next time", 32 + 64 + 1 + 4 + 1 + 4, [polls("1"), CLOCK], "1*96 @ 1*4 @ 1*4"],
    ["N4: who looked often but is about to do something goes on", 1, [ready("1", "send", { yielding: true }), CLOCK], "1"],
    ["N4: a yield lets others go first, then goes on before the clock", 2, [ready("1", "yield", { yielding: true }), CLOCK], "1*2"],
    ["N4: two that yield take turns", 4, [ready("1", "yield", { yielding: true }), ready("2", "yield", { yielding: true })], "1 2 1 2"],
  ];
  for (const [title, steps, pending, expected] of CASES) it(title, () => assert.equal(told(run(steps, ...pending)), expected));

  it("N3: who could go on first goes on first, whatever the order of creation", () => {
    const machine = allArrived("1", "2", "3");
    const step = (...pending: readonly Pending[]): string => formatChoice(machine.choose(pending) as Choice);
    const waits = (name: string): Pending => ({ ...ready(name), alternatives: [] });
    assert.deepEqual(
      [
        step(ready("1"), waits("2"), ready("3")), // 3 is behind 1
        step(ready("1"), ready("2"), ready("3")), // 2 is behind 3
        step(waits("1"), ready("2"), ready("3")),
        step(ready("1"), ready("2"), waits("3")), // 1 is behind 2
        step(ready("1"), waits("2"), waits("3")),
      ],
      ["1", "1", "3", "2", "1"],
    );
  });

  describe("N5", () => {
    const name = goroutineName;
    const blocked = (one: string, op: OpKind = "recv"): Pending => ({ ...ready(one, op), alternatives: [] });
    const can = (one: string, op: OpKind, ...alternatives: readonly Choice[]): Pending => ({ ...ready(one, op), alternatives });
    const steps = (...all: readonly (readonly Pending[])[]): readonly string[] => {
      const machine = allArrived("1", "2", "3", "4");
      return all.map((pending) => formatChoice(machine.choose(pending) as Choice));
    };
    const cases = (one: string, ...indices: readonly number[]): readonly Choice[] => indices.map((index) => goChoice(name(one), index));

    it("a select that had to wait takes the case that was ready first, though others are by its turn", () => {
      assert.deepEqual(
        steps(
          [ready("1"), blocked("2", "select")],
          [ready("1"), can("2", "select", ...cases("2", 1))], // 1 has closed what case 1 receives from, and goes on
          [blocked("1"), can("2", "select", ...cases("2", 0, 1))],
        ),
        ["1", "1", "2/1"],
      );
    });

    it("what let it go on is gone: what is there", () => {
      assert.deepEqual(
        steps([ready("1"), blocked("2", "select")], [ready("1"), can("2", "select", ...cases("2", 1))], [blocked("1"), can("2", "select", ...cases("2", 0, 2))]),
        ["1", "1", "2/0"],
      );
    });

    it("a select that finds several cases ready when it comes takes the first of them, whatever it took before", () => {
      assert.deepEqual(
        steps([ready("1"), blocked("2", "select")], [blocked("1"), can("2", "select", ...cases("2", 1))], [blocked("1"), can("2", "select", ...cases("2", 0, 1))]),
        ["1", "2/1", "2/0"],
      );
    });

    it("of two that wait for one lock the one that came first is first, whatever the order of creation", () => {
      assert.deepEqual(
        steps([ready("1"), ready("2", "lock"), blocked("3", "lock")], [blocked("1"), blocked("2", "lock"), blocked("3", "lock"), ready("4")], [blocked("1"), ready("2", "lock"), ready("3", "lock"), blocked("4")]),
        ["1", "4", "3"],
      );
    });

    it("a sender meets the receiver that has waited longest", () => {
      const meets = [meetChoice(name("1"), undefined, name("2"), undefined), meetChoice(name("1"), undefined, name("3"), undefined)];
      assert.deepEqual(
        steps([ready("1"), ready("2"), blocked("3")], [ready("1"), blocked("2"), blocked("3")], [can("1", "send", ...meets), can("2", "recv", meets[0]!), can("3", "recv", meets[1]!)]),
        ["1", "1", "1>3"],
      );
    });

    it("one who was let go on is met by nobody else before its turn (ristretto's Set and its stop)", () => {
      const meet = meetChoice(name("1"), undefined, name("2"), 0);
      assert.deepEqual(
        steps(
          [ready("1"), blocked("2", "select")],
          [ready("1"), can("2", "select", ...cases("2", 1))], // 1 has put a value where case 1 receives
          [can("1", "send", meet), can("2", "select", ...cases("2", 1), meet)], // and wants to meet case 0
          [can("1", "send", meet), can("2", "select", meet)], // 2 has come back
        ),
        ["1", "1", "2/1", "1>2/0"],
      );
    });

    it("whoever can meet whomever, it chooses what somebody can do (otter's pool of readers: one that waited found all of its partners taken)", () => {
      const meets = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 4, max: 6 })), { maxLength: 9, selector: String });
      const moment = fc.tuple(meets, fc.subarray([1, 2, 3, 4, 5, 6]));
      fc.assert(
        fc.property(fc.array(moment, { maxLength: 12 }), (moments) => {
          const machine = new QuietMachine();
          for (const [pairs, alone] of moments) {
            const all = pairs.map(([sender, receiver]) => meetChoice(name(`${sender}`), undefined, name(`${receiver}`), undefined));
            const waysOf = (one: string): readonly Choice[] => [...(alone.includes(Number(one)) ? cases(one, 0) : []), ...all.filter((way) => actorsOf(way).includes(name(one)))];
            const pending = ["1", "2", "3", "4", "5", "6"].map((one) => can(one, "select", ...waysOf(one)));
            const chosen = machine.choose(pending);
            assert.ok(pending.every(({ alternatives }) => alternatives.length === 0) ? chosen === undefined : pending.some(({ alternatives }) => alternatives.some((way) => sameChoice(way, chosen!))));
          }
        }),
        { numRuns: 2_000 },
      );
    });

    it("who has gone on waits anew, and stands behind those that wait already", () => {
      assert.deepEqual(
        steps(
          [ready("1"), blocked("2", "lock"), blocked("3", "lock")],
          [blocked("1"), ready("2", "lock"), ready("3", "lock")],
          [ready("1"), blocked("2", "lock"), blocked("3", "lock")], // 2 has come back
          [blocked("1"), ready("2", "lock"), ready("3", "lock")],
        ),
        ["1", "2", "1", "3"],
      );
    });
  });
});

describe("N6: a goroutine comes to its first operation when its first turn comes", () => {
  const name = goroutineName;
  const meet = meetChoice(name("1"), undefined, name("2"), undefined);
  const sends = (...more: readonly Choice[]): Pending => ({ ...ready("1", "send"), alternatives: more });
  const receives = (...more: readonly Choice[]): Pending => ({ ...ready("2", "recv"), alternatives: more });
  const steps = (...all: readonly (readonly Pending[])[]): readonly string[] => {
    const machine = allArrived("1");
    return all.map((pending) => formatChoice(machine.choose(pending) as Choice));
  };

  it("who starts one and sends to it has to wait, and the one that is started goes on (eapache/channels, OverflowingChannel)", () => {
    // Both could go on after they have met: the receiver does, for it came last.
    assert.deepEqual(steps([sends(meet), receives(meet)], [ready("1"), ready("2")], [ready("1"), { ...ready("2"), alternatives: [] }]), ["1>2", "2", "1"]);
  });

  it("one that has had its turn, and waits, is found there by who comes: that one goes on", () => {
    const asleep: Pending = { ...ready("1", "sleep"), alternatives: [] };
    assert.deepEqual(steps([asleep, receives(), ready("3")], [sends(meet), receives(meet), ready("3")], [sends(meet), receives(meet), { ...ready("3"), alternatives: [] }], [ready("1"), ready("2")]), ["3", "3", "1>2", "1"]);
  });

  it("of two that are started the first waits first", () => {
    const [toFirst, toSecond] = [meetChoice(name("1"), undefined, name("2"), undefined), meetChoice(name("1"), undefined, name("3"), undefined)];
    const third = (...alternatives: readonly Choice[]): Pending => ({ ...ready("3", "recv"), alternatives });
    assert.deepEqual(steps([{ ...ready("1", "sleep"), alternatives: [] }, receives(), third(), ready("4")], [sends(toFirst, toSecond), receives(toFirst), third(toSecond), { ...ready("4"), alternatives: [] }]), ["4", "1>2"]);
  });
});

describe("N8: a mutex is handed over to who has waited for it for a millisecond", () => {
  const MILLISECOND = 1_000_000;
  /** The first goroutine locks, sleeps and unlocks again and again; another one comes to the lock during the first sleep. */
  const hog = (sleeps: number, asleep: number): ModelProgramText => ({
    horizon: 1_000 * MILLISECOND,
    main: [spawn(sleep(asleep / 2), lock(1), store(2), unlock(1)), ...Array.from({ length: sleeps }, () => [lock(1), sleep(asleep), unlock(1)]).flat()],
  });
  /** How often main has had the lock when the other one gets it. */
  const turns = (sleeps: number, asleep: number): number => {
    const end = driveRun(new ModelProgram(hog(sleeps, asleep)), new NonPreemptive(), { prefix: [] }, { clock: { kind: "lazy" }, steps: 1_000, overtime: () => false, run: { arrival: true } });
    if (end instanceof Promise) throw new Error("models need no microtasks");
    const order = end.schedule.map(formatChoice);
    const got = order.findLastIndex((choice) => choice === "1.1") - 2; // its lock: a store and an unlock follow
    return order.slice(0, got).filter((choice) => choice === "@").length - 1;
  };
  // It waits from the middle of the first sleep on: of sleeps of 100 µs that is a millisecond at the end of the 11th (10.5 sleeps).
  for (const [asleep, expected] of [[MILLISECOND / 10, 11], [MILLISECOND / 2, 3], [4 * MILLISECOND, 1]] as const) {
    it(`by sleeps of ${asleep / 1000} µs: after ${expected}`, () => assert.equal(turns(20, asleep), expected));
  }
});

describe("N7: in a run that does not come to rest computing takes a microsecond a step", () => {
  const due = (microseconds: number): Pending => ({ ...CLOCK, time: nanos(BigInt(microseconds * 1_000)) });
  const after = (steps: number): QuietMachine => {
    const machine = new QuietMachine();
    for (let i = 0; i < steps; i++) machine.follow(goChoice(goroutineName("1")));
    return machine;
  };
  /** Who goes round until the first timer, and on until the second. */
  const goesRound = (machine: QuietMachine): string => {
    let timer = 10;
    return told(Array.from({ length: 27 }, () => {
      const choice = machine.choose([ready("1"), due(timer)])!;
      if (choice.kind === "clock") timer += 15;
      return formatChoice(choice);
    }));
  };

  it("a timer comes to its turn though somebody could go on", () => assert.equal(goesRound(after(200_000)), "1*10 @ 1*15 @"));
  it("in a shorter one it does not", () => assert.equal(goesRound(after(199_900)), "1*27"));
  it("nor where it has come to rest meanwhile", () => {
    const machine = after(200_000);
    assert.equal(formatChoice(machine.choose([due(10)])!), "@");
    assert.equal(told(Array.from({ length: 27 }, () => formatChoice(machine.choose([ready("1"), due(12)])!))), "1*27");
  });
  it("steps that are taken at once end there, too", () => {
    const machine = after(200_000);
    machine.choose([ready("1"), due(10)]);
    assert.equal(Array.from({ length: 20 }, () => machine.goesOn("store", false, 0)).filter((one) => one !== undefined).length, 9);
  });
  it("an operation that was done unasked takes 50 ns", () => {
    const machine = after(200_000);
    machine.choose([ready("1"), due(10)]); // 1 µs
    assert.deepEqual([100, 40, 0].map((unasked) => machine.goesOn("store", false, unasked) !== undefined), [true, true, false]); // 1 + 5 + 1 + 2 + 1: it is due then
  });
  it("so does one on the way to a stop", () => {
    const machine = after(200_000);
    machine.choose([ready("1"), due(10)]);
    assert.equal(formatChoice(machine.choose([ready("1", "store", { unasked: 180 }), due(10)])!), "@");
  });
});

describe("the natural schedule", () => {
  const natural = async (text: ModelProgramText): Promise<string> => {
    const search = new NonPreemptive();
    const end = await driveRun(new ModelProgram(text), search, search.begin()!, { clock: { kind: "any", early: 3 }, steps: 1_000 });
    assert.equal(end.stalls, 0);
    return formatSchedule(end.schedule);
  };

  it("does not move the clock for a goroutine that reads ten settings and then goes on (raft's candidate)", async () => {
    const candidate = [...Array.from({ length: 10 }, () => load(1)), send(1)];
    assert.equal(await natural({ channels: { 1: 1 }, main: [spawn(sleep(100)), ...candidate] }), "u1 1*11 1.1 @");
  });

  it("lets nobody starve behind two that keep each other busy", async () => {
    const busy = Array.from({ length: 100 }, () => [lock(1), unlock(1)]).flat();
    const schedule = await natural({ channels: { 1: 0 }, main: [spawn(...busy), spawn(...busy), spawn(store(2)), recv(1), store(3)] });
    assert.ok(schedule.indexOf("1.3") < schedule.length / 2, schedule);
  });
});
