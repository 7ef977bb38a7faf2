import assert from "node:assert/strict";
import { test } from "node:test";
import { Chan, go, recv, select, sync, time } from "../../index.js";
import { reportExit } from "../../report/exit-code.js";
import { reportText } from "../../report/exploration/text.js";
import { parseSchedule } from "../../model/run/schedule.js";
import { examineTs, replayTs } from "../typescript/examine-ts.js";
import { explore } from "../../testing/explore-ts.js";

const answer = (ch: Chan<number>): void => {
  go(async () => {
    await ch.send(1);
  });
};

/** Fails only where a second passes while the answer stands ready. */
const impatient = async (): Promise<void> => {
  const ch = new Chan<number>(1);
  answer(ch);
  const { index } = await select(recv(ch), recv(time.after(time.second)));
  assert.equal(index, 0, "timed out");
};

/** The same, and it also fails where the other takes the lock first, which takes no stall. */
const racy = async (): Promise<void> => {
  const mu = new sync.Mutex();
  let first = "";
  go(async () => {
    await mu.lock();
    first ||= "other";
    await mu.unlock();
  });
  await mu.lock();
  first ||= "main";
  await mu.unlock();
  await impatient();
  assert.equal(first, "main");
};

const report = async (body: () => Promise<void>) => {
  const examination = await examineTs(body, { scope: "test", budget: 5_000 });
  assert.equal(examination.outcome, "passed");
  return { examinations: [examination], failures: [] };
};

test("a test that fails only on a machine that stalls is a note: exit code 0, 1 with --strict; without steps, but with its schedule", async () => {
  const told = await report(impatient);
  const [found, ...more] = told.examinations[0]!.findings;
  assert.deepEqual([found?.verdict, found?.needsStall, more.length], ["flaky", true, 0]);
  assert.deepEqual([reportExit(told), reportExit(told, true)], [0, 1]);
  assert.doesNotMatch(reportText(told), /flaky/);
  assert.match(reportText(told), /^No leak\. 1 note \(-v\)\.$/m);
  assert.match(reportText(told, { verbose: true }), /^--- note: .*\n {4}flaky: timed out[^]*when +only where the clock moved/m);
  assert.match(reportText(told, { strict: true }), /^--- FAIL: .*\n {4}flaky: [^]*^ {4}steps[^]*clock +\+1s/m);
  assert.match(found!.schedule!, /@/);
});

test("replayed, it still needs its stall", async () => {
  const [found] = (await report(impatient)).examinations[0]!.findings;
  const schedule = parseSchedule(found!.schedule!);
  const again = schedule.ok ? await replayTs(impatient, schedule.value) : schedule;
  assert.ok(again.ok, again.ok ? "" : again.error);
  assert.deepEqual(again.value.findings.map(({ verdict, needsStall }) => [verdict, needsStall]), [["flaky", true]]);
});

test("explore fails for it where it is asked to", async () => {
  await explore(impatient);
  await assert.rejects(explore(impatient, { stalls: true }), /only where the clock moved/);
});

test("what fails without a stall, too, is a finding, told once", async () => {
  const told = await report(racy);
  assert.deepEqual(told.examinations[0]!.findings.map(({ verdict, needsStall }) => [verdict, needsStall]), [["flaky", undefined]]);
  assert.equal(reportExit(told), 1);
});
