import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Prng } from "../../base/prng.js";
import { formatChoice, goChoice, type Choice } from "../../model/run/choice.js";
import { goroutineName } from "../../model/ids.js";
import { CLOCK_OBJECT } from "../../model/run/operation.js";
import { Divergence, type Footprint, type Pending, type Program, type Run } from "../../model/run/program.js";
import { SPINS } from "../spinning.js";
import { again, walk } from "./seam-walk.js";

/**
 * What every host of controlled programs keeps (the seam: model/run/program.ts), checked from outside. A host supplies these
 * programs in its own language; nothing else is asked of it. `1` is main, `1.1` and `1.2` are what it starts.
 */
const SEAM_PROGRAMS = {
  meet: "1.1 sends on an unbuffered channel, 1 receives",
  buffer: "1.1 sends on a channel of size 2, 1 receives",
  "select with default": "1.1 sends on a; 1 selects: receive from a, receive from b (both unbuffered), default",
  "select without default": "1.1 sends on a, 1.2 on b; 1 selects: receive from a, receive from b (both unbuffered)",
  locks: "1.1 and 1.2 each lock and unlock one mutex",
  "wait group": "1 adds 1 to a WaitGroup, starts 1.1, which adds -1; 1 waits",
  "polls in turn": "1.1 and 1.2 each load one atomic 20 times",
  "polls until stored": "1.1 loads an atomic 20 times; 1.2 stores into another one",
  yields: "1.1 yields (runtime.Gosched); 1.2 loads an atomic",
  sleeps: "1.1 sleeps for 1 ms, 1 for 1 s",
  draws: "1 draws a random number below 3",
  deadlock: "1 receives from a channel that nobody else has",
  "left behind": "1.1 sends on a channel that nobody receives from",
  names: "1 starts two goroutines; each starts one that sends, and sends itself, on a channel that nobody receives from",
} as const;
/** What the last step did, but for goroutines that ended in it: a host whose goroutines can be joined tells that, too. */
const done = (run: Run): Footprint => ({ ...run.last(), accesses: run.last().accesses.filter(({ label }) => label?.kind !== "goroutine") });
export type SeamProgram = keyof typeof SEAM_PROGRAMS;

export function seamConformance(host: string, makeProgram: (program: SeamProgram) => Program | Promise<Program>): void {
  const start = async (program: SeamProgram): Promise<Run> => (await makeProgram(program)).start();
  describe(`the seam, as ${host} keeps it`, () => {
    for (const name of Object.keys(SEAM_PROGRAMS) as SeamProgram[]) {
      it(`${name}: every state and every step of random runs is well-formed (S1 to S6)`, async () => {
        for (let seed = 1; seed <= 10; seed++) await walk(await makeProgram(name), new Prng(seed));
      });
      it(`${name}: the same choices give the same run (P1)`, async () => {
        const program = await makeProgram(name);
        const first = await walk(program, new Prng(7));
        assert.deepEqual(await again(program, first.choices), first.seen);
      });
    }

    it("what is no alternative is a divergence, and so is a step after the end", async () => {
      const run = await start("meet");
      await diverges(run, goChoice(goroutineName("1.7")), 0);
      await take(run, "1.1>1");
      assert.notEqual(run.outcome(), undefined);
      await diverges(run, goChoice(goroutineName("1")), 1);
    });

    it("waiting is no event (P2): a send and a receive are one step, listed by both", async () => {
      const run = await start("meet");
      assert.deepEqual(table(run), ["1 recv: 1.1>1", "1.1 send: 1.1>1"]);
      await take(run, "1.1>1");
      assert.deepEqual(ops(done(run)), ["send", "recv"]);
      assert.deepEqual([...run.last().moved].sort(), ["1", "1.1"]);
      assert.equal(run.outcome()?.kind, "quiescent");
    });

    it("a buffer is told with what it held before the step, and with its size", async () => {
      const run = await start("buffer");
      assert.deepEqual(table(run), ["1 recv:", "1.1 send: 1.1"]);
      await take(run, "1.1");
      assert.deepEqual(sizes(done(run)), [["send", 0, 2]]);
      await take(run, "1");
      assert.deepEqual(sizes(done(run)), [["recv", 1, 2]]);
    });

    it("a select says whether it has a default, which may win over a partner that is only pending", async () => {
      const run = await start("select with default");
      assert.equal(of(run, "1").hasDefault, true);
      assert.deepEqual(alternatives(run, "1").map(anyCase), ["1.1>1/n", "1/d"]);
      await take(run, "1/d");
      assert.deepEqual(ops(done(run)), ["recv", "recv"]); // the default looked at all of them
    });

    it("a select that takes a case touches that case's channel alone", async () => {
      const run = await start("select without default");
      assert.equal(of(run, "1").hasDefault, false);
      assert.equal(of(run, "1").accesses.length, 2);
      assert.deepEqual(alternatives(run, "1").map(anyCase).sort(), ["1.1>1/n", "1.2>1/n"]);
      await take(run, alternatives(run, "1").find((text) => text.startsWith("1.2"))!);
      assert.equal(new Set(done(run).accesses.map(({ object }) => object)).size, 1);
    });

    it("who cannot have the lock stays stopped before it, and has no way to go on", async () => {
      const run = await start("locks");
      await take(run, "1.1");
      assert.deepEqual(table(run), ["1.1 unlock: 1.1", "1.2 lock:"]);
      await take(run, "1.1");
      assert.deepEqual(table(run), ["1.2 lock: 1.2"]);
    });

    it("a WaitGroup's step says what was added to which counter", async () => {
      const run = await start("wait group");
      await take(run, "1");
      assert.deepEqual(table(run), ["1 wgwait:", "1.1 wgadd: 1.1"]);
      await take(run, "1.1");
      assert.deepEqual(done(run).accesses.map(({ op, before, delta }) => [op, before, delta]), [["wgadd", 1, -1]]);
    });

    it(`two goroutines that poll in turn spin as one does: both yield after ${SPINS} looks`, async () => {
      const run = await start("polls in turn");
      const yielding = (): string[] => run.pending().filter((one) => one.yielding === true).map(({ goroutine }) => goroutine!);
      for (let looks = 1; looks < SPINS; looks++) {
        await take(run, "1.1");
        await take(run, "1.2");
        assert.deepEqual(yielding(), []);
      }
      await take(run, "1.1");
      assert.deepEqual(yielding(), ["1.1"]);
      await take(run, "1.2");
      assert.deepEqual(yielding(), ["1.1", "1.2"]);
    });

    it("a step that does something gives who spins a new chance", async () => {
      const run = await start("polls until stored");
      for (let looks = 0; looks < SPINS; looks++) await take(run, "1.1");
      assert.equal(of(run, "1.1").yielding, true);
      await take(run, "1.2");
      assert.equal(of(run, "1.1").yielding, undefined);
    });

    it("a yield lasts until another goroutine has moved", async () => {
      const run = await start("yields");
      assert.equal(of(run, "1.1").yielding, true);
      await take(run, "1.2");
      assert.equal(of(run, "1.1").yielding, undefined);
    });

    it("the clock is the last alternative, and moves to the next timer", async () => {
      const run = await start("sleeps");
      assert.equal(run.now(), 0n);
      while (run.pending().some(({ op, alternatives: ways }) => op !== "clock" && ways.length > 0)) await take(run, firstOf(run)); // where falling asleep is a step
      const clock = run.pending().at(-1)!;
      assert.deepEqual([clock.goroutine, clock.op, clock.alternatives.map(formatChoice)], [undefined, "clock", ["@"]]);
      await take(run, "@");
      assert.equal(run.now(), clock.time);
      assert.ok(run.last().accesses.some(({ object, op }) => object === CLOCK_OBJECT && op === "clock"));
      while (run.outcome() === undefined) await take(run, firstOf(run));
      assert.equal(run.outcome()!.kind, "quiescent");
    });

    it("a draw has one alternative for each value", async () => {
      assert.deepEqual(alternatives(await start("draws"), "1"), ["1=0", "1=1", "1=2"]);
    });

    it("a run is over when nobody can go on: a deadlock if that is the scope itself, else what is left is told", async () => {
      const stuck = await start("deadlock");
      assert.equal(stuck.outcome()?.kind, "deadlock");
      const run = await start("left behind");
      assert.equal(run.outcome()?.kind, "quiescent");
      const { goroutines } = await run.goroutines();
      assert.deepEqual(goroutines.map(({ name, state }) => [name, state]), [["1.1", "waiting"]]);
    });

    it("a run that is cut off after so many steps says so (RunOptions.steps)", async () => {
      const run = await (await makeProgram("locks")).start({ steps: 2 });
      await take(run, "1.1");
      assert.equal(run.outcome(), undefined);
      await take(run, "1.1");
      assert.deepEqual(run.outcome(), { kind: "horizon", scopeOver: true, cutShort: 2, limit: "steps", watched: 0n });
      await diverges(run, goChoice(goroutineName("1.2")), 2);
    });

    it("a run that is cut off for its length while a goroutine spins is no runaway: it may count", async () => {
      const run = await (await makeProgram("polls in turn")).start({ steps: SPINS });
      for (let looks = 0; looks < SPINS; looks++) await take(run, "1.2");
      assert.deepEqual(run.outcome(), { kind: "horizon", scopeOver: true, cutShort: 2, limit: "steps", watched: 0n });
    });

    it("a name says who started it and as which one (P4)", async () => {
      const run = await start("names");
      assert.deepEqual(run.pending().map(({ goroutine }) => goroutine).sort(), ["1.1", "1.1.1", "1.2", "1.2.1"]);
    });
  });
}

const of = (run: Run, name: string): Pending => run.pending().find(({ goroutine }) => goroutine === name)!;
const alternatives = (run: Run, name: string): string[] => of(run, name).alternatives.map(formatChoice);
/** Hosts number the cases as their language does. */
const anyCase = (text: string): string => text.replace(/\/\d+/, "/n");
const ops = ({ accesses }: Footprint): string[] => accesses.map(({ op }) => op);
const sizes = ({ accesses }: Footprint): unknown[] => accesses.map(({ op, before, capacity }) => [op, before, capacity]);
const firstOf = (run: Run): string => formatChoice(run.pending().flatMap((one) => one.alternatives)[0]!);
const table = (run: Run): string[] =>
  run.pending().map((one) => [`${one.goroutine} ${one.op}:`, ...one.alternatives.map(formatChoice)].join(" ")).sort();

async function take(run: Run, text: string): Promise<void> {
  const choice = run.pending().flatMap((one) => one.alternatives).find((one) => formatChoice(one) === text);
  assert.ok(choice, `'${text}' is not among ${run.pending().flatMap((one) => one.alternatives.map(formatChoice)).join(" ")}`);
  await run.take(choice);
}

async function diverges(run: Run, choice: Choice, step: number): Promise<void> {
  await assert.rejects(async () => run.take(choice), (error) => error instanceof Divergence && error.step === step);
}
