import assert from "node:assert/strict";
import type { Prng } from "../../base/prng.js";
import { actorsOf, DEFAULT_CASE, formatChoice, type Choice } from "../../model/run/choice.js";
import { CLOCK_OBJECT } from "../../model/run/operation.js";
import type { Footprint, Pending, Program, Run } from "../../model/run/program.js";

/** What is compared of two runs. */
interface Walk {
  readonly choices: readonly Choice[];
  readonly seen: readonly unknown[];
}

const picture = (run: Run): unknown => structuredClone([run.pending(), run.last(), run.outcome(), run.now()]);

/** A random run, each of whose states and steps is well-formed (S1 to S6). */
export async function walk(program: Program, prng: Prng): Promise<Walk> {
  const run = await program.start();
  const choices: Choice[] = [];
  const seen = [picture(run)];
  for (;;) {
    const pending = [...run.pending()];
    wellFormed(pending);
    const possible = pending.flatMap((one) => one.alternatives);
    assert.equal(run.outcome() === undefined, possible.length > 0, "S2: a run is over when nobody can go on");
    if (possible.length === 0 || choices.length > 200) return { choices, seen };
    const choice = possible[prng.below(possible.length)]!;
    await run.take(choice);
    choices.push(choice);
    told(run.last(), choice, pending);
    seen.push(picture(run));
  }
}

/** What is seen of a run that makes the same choices. */
export async function again(program: Program, choices: readonly Choice[]): Promise<readonly unknown[]> {
  const run = await program.start();
  const seen = [picture(run)];
  for (const choice of choices) {
    await run.take(choice);
    seen.push(picture(run));
  }
  return seen;
}

function wellFormed(pending: readonly Pending[]): void {
  const names = pending.map(({ goroutine }) => goroutine);
  assert.equal(new Set(names).size, names.length, "S1: each goroutine is listed once");
  for (const [index, { goroutine, op, time }] of pending.entries()) {
    assert.equal(goroutine === undefined, op === "clock", "S1: only the clock is nobody's");
    if (op === "clock") assert.ok(index === pending.length - 1 && time !== undefined, "S1: the clock is last, and says when");
  }
  for (const one of pending) {
    for (const choice of one.alternatives) {
      const actors = actorsOf(choice);
      assert.ok(one.goroutine === undefined ? choice.kind === "clock" : actors.includes(one.goroutine), "S3: alternatives are one's own");
      for (const actor of actors) {
        const listed = pending.find(({ goroutine }) => goroutine === actor)?.alternatives.map(formatChoice);
        assert.ok(listed?.includes(formatChoice(choice)), "S3: a meet is listed by both");
      }
    }
    if (one.yielding === true) assert.ok(one.alternatives.length > 0, "S4: who is blocked does not yield");
    if (one.op === "select") assert.equal(typeof one.hasDefault, "boolean", "S5: a select says whether it has a default");
  }
}

function told(footprint: Footprint, choice: Choice, before: readonly Pending[]): void {
  for (const actor of actorsOf(choice)) assert.ok(footprint.moved.includes(actor), "S6: who acts has moved");
  for (const child of footprint.started) {
    assert.ok(footprint.moved.includes(child), "S6: who was started has moved");
    assert.ok(footprint.moved.some((one) => child.startsWith(`${one}.`)) || choice.kind === "clock", "S6: by one who moved");
  }
  const touched = new Set(footprint.accesses.map(({ object, op }) => `${object} ${op}`));
  assert.equal(touched.size, footprint.accesses.length, "S6: an access is listed once");
  if (choice.kind === "clock") return assert.ok(touched.has(`${CLOCK_OBJECT} clock`), "S6: the clock touches itself");
  if (choice.kind === "go" && choice.case !== undefined && choice.case !== DEFAULT_CASE) return assert.ok(touched.size > 0);
  if (choice.kind === "meet") return assert.ok(footprint.accesses.some(({ op }) => op === "send") && footprint.accesses.some(({ op }) => op === "recv"));
  const own = before.find(({ goroutine }) => goroutine === actorsOf(choice)[0])!;
  for (const { object, op } of own.accesses) assert.ok(touched.has(`${object} ${op}`), `S6: ${op} touches what it said`);
}
