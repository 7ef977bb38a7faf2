// A program's schedules explored over a queue on which workers die, and tasks and answers come twice and in any order: the same is
// said as by one thread. The queue is a model in memory, the workers are in this process, the programs are models.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessagePort } from "node:worker_threads";
import { Prng } from "../../base/prng.js";
import { ok, type Result } from "../../base/result.js";
import type { Exploration } from "../../explore/exploration.js";
import type { ExplorerOptions } from "../../explore/explorer.js";
import { LAZY_CLOCK, type ClockPolicy } from "../../explore/fairness.js";
import type { ModelProgramText } from "../../explore/testing/model-operations.js";
import { ModelProgram } from "../../explore/testing/model-program.js";
import { lockedBy, SHARED_PROGRAMS, times, type SharedProgramCase } from "../../explore/testing/shared-programs.js";
import { signatureOf, signatures } from "../../explore/testing/signatures.js";
import { help } from "../../explore/workers/helper.js";
import { formatSchedule } from "../../model/run/schedule.js";
import { MemoryQueue, type QueueFaults } from "../../queue/testing/memory-queue.js";
import { HelperOnJobs } from "./helped-thread.js";
import type { AnswerBody, TaskBody } from "./messages.js";
import { Session } from "./session.js";
import { SharedProgram } from "./shared-pool.js";
import { QueueWorker, type Slot } from "./worker.js";

const PROGRAMS: readonly SharedProgramCase[] = [["six that take one lock: 6! = 720", lockedBy(6), LAZY_CLOCK], ...SHARED_PROGRAMS];

/** Does subtrees of a model program in this thread. */
class ModelSlot implements Slot {
  readonly #text: ModelProgramText;
  #seed: number;

  constructor(text: ModelProgramText, seed: number) {
    this.#text = text;
    this.#seed = seed;
  }

  async do(task: TaskBody, end: AbortSignal): Promise<Result<AnswerBody, string>> {
    if (task.kind !== "subtree") throw new Error("a model has no modules");
    const start = (port: MessagePort): Promise<void> => help(port, () => ({ program: new ModelProgram(this.#text), judge: signatureOf }));
    const helper = new HelperOnJobs(start, task.config, (this.#seed += 2));
    const said = await helper.explore(task.job, 3, end);
    await helper.close();
    return said.ok ? ok({ kind: "subtree", said: said.value }) : said;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A clock by which so much time goes by that help is called at once, and asked for after every run. */
function hasty(): NonNullable<ExplorerOptions["wall"]> {
  let now = 0;
  return { now: () => (now += 60), turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

interface Shared {
  readonly exploration: Exploration<string>;
  readonly queue: MemoryQueue;
  readonly tasks: number;
}

async function shared(text: ModelProgramText, clock: ClockPolicy, workers: number, faults: QueueFaults, seed: number): Promise<Shared> {
  const queue = new MemoryQueue(new Prng(seed), faults);
  const stop = new AbortController();
  let tasks = 0;
  const running = times(workers, (i) => new QueueWorker(queue, [new ModelSlot(text, i * 1000)], { version: "1", shown: "1", signal: stop.signal, say: () => undefined, progress: () => tasks++ }).run());
  const session = new Session(queue, { version: "1", shown: "1" });
  await session.open();
  while (session.threads < workers) await new Promise((resolve) => setImmediate(resolve));
  let program: SharedProgram | undefined;
  const exploration = await signatures(text, {
    clock,
    wall: hasty(),
    helpers: {
      call: (join) => {
        program = new SharedProgram(session, join, (words) => assert.fail(words));
        program.begin({ spec: "", which: { index: -1 } }, session.threads);
      },
      dismiss: () => void program?.end(),
    },
  });
  await session.close();
  stop.abort();
  await Promise.all(running);
  return { exploration, queue, tasks };
}

const told = ({ coverage: { repeated: _repeated, ...coverage }, found }: Exploration<string>): unknown => [
  { ...coverage, milliseconds: 0 },
  found.map(({ key, value, schedule, seen }) => [key, value, formatSchedule(schedule), seen]),
];

const NONE: QueueFaults = { deaths: 0, redeliveries: 0, duplicates: 0 };
const MANY: QueueFaults = { deaths: 4, redeliveries: 4, duplicates: 4 };

for (const [title, text, clock] of PROGRAMS) {
  test(`${title}: the same by any number of workers, and whatever goes wrong`, async () => {
    const alone = told(await signatures(text, { clock }));
    for (const [workers, faults, seed] of [[2, NONE, 2], [1, MANY, 4], [4, MANY, 6]] as const) {
      const { exploration, queue, tasks } = await shared(text, clock, workers, faults, seed);
      const how = `${workers} workers, seed ${seed}: ${JSON.stringify(queue.happened)}`;
      assert.deepEqual(told(exploration), alone, how);
      assert.ok(tasks > 0, `nothing was done over the queue (${how})`);
    }
  });
}

test("what goes wrong in these did go wrong", async () => {
  const [, text, clock] = PROGRAMS[0]!;
  const { queue: { happened } } = await shared(text, clock, 2, MANY, 7);
  assert.ok(happened.deaths > 0 && happened.redeliveries > 0 && happened.duplicates > 0, JSON.stringify(happened));
});
