import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatChoice, goChoice, type Choice } from "../../model/run/choice.js";
import { goroutineName } from "../../model/ids.js";
import { FAIR_START } from "../fairness.js";
import { SharedNode } from "./shared-node.js";
import { WorkQueue } from "./work-queue.js";
import type { SubtreeJob, WireNode } from "./worker-messages.js";

const [A, B, C] = ["1.1", "1.2", "1.3"].map(goroutineName) as [ReturnType<typeof goroutineName>, ReturnType<typeof goroutineName>, ReturnType<typeof goroutineName>];
const CLOCK: Choice = { kind: "clock" };
/** Three goroutines and the clock can go on; the first is being explored by whoever handed the node over. */
const node = (wanted: WireNode["backtrack"]): WireNode => ({
  fairness: FAIR_START,
  pending: [...[A, B, C].map((name) => ({ goroutine: name, alternatives: [goChoice(name)], yielding: false })), { goroutine: undefined, alternatives: [CLOCK], yielding: false }],
  sleep: [],
  explored: [{ choice: goChoice(A), footprint: { procs: [A], touches: [] } }],
  backtrack: [A, ...wanted],
});
const last = ({ path }: SubtreeJob): string => formatChoice(path.at(-1)!);
const asleep = ({ sleep }: SubtreeJob): string[] => sleep.map(({ choice }) => formatChoice(choice));

describe("a shared node", () => {
  it("C1: gives each alternative out once; what was given out before sleeps behind it", () => {
    const shared = new SharedNode(node([B]), undefined, { path: [], round: 0 });
    assert.deepEqual(shared.jobs().map((job) => [last(job), asleep(job)]), [["1.2", ["1.1"]]]);
    assert.deepEqual(shared.jobs(), []);
    shared.demand({ candidates: [B], initials: [] });
    assert.deepEqual(shared.jobs(), [], "it is wanted already");
    shared.demand({ candidates: [C], initials: [] });
    assert.deepEqual(shared.jobs().map((job) => [last(job), asleep(job)]), [["1.3", ["1.1", "1.2"]]]);
  });

  it("C2: gives the clock out when everything else there is done, what was demanded later included", () => {
    const queue = new WorkQueue(0);
    const all = queue.take()!;
    queue.split(all, [node([undefined, B])]);
    const b = queue.take()!;
    assert.deepEqual([last(b.job), queue.waiting], ["1.2", 0]);
    queue.demand(b, { depth: 0, candidates: [C], initials: [] });
    const c = queue.take()!;
    queue.done(b);
    queue.done(all);
    assert.equal(queue.waiting, 0, "1.3 is not done");
    queue.done(c);
    const clock = queue.take()!;
    assert.deepEqual([last(clock.job), asleep(clock.job)], ["@", ["1.1", "1.2", "1.3"]]);
    assert.equal(queue.exhausted, false);
    queue.done(clock);
    assert.equal(queue.exhausted, true);
  });

  it("what was put back is given to somebody else", () => {
    const queue = new WorkQueue(0);
    const all = queue.take()!;
    queue.putBack(all);
    assert.equal(queue.exhausted, false);
    assert.equal(queue.take(), all);
  });
});
