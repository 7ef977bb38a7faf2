import { setTimeout as sleep } from "node:timers/promises";
import type { Failure } from "../../model/results/examination.js";
import type { LearnedTest } from "../../model/results/learned.js";
import type { ExploreRequest, Listener, ResultUse } from "../go/explore-request.js";
import { exploreGo } from "../go/run-go.js";
import { learn, nextRound } from "./learn.js";
import type { LearnedFile } from "./learned-file.js";

interface SoakRequest {
  readonly explore: Omit<ExploreRequest, "results"> & { readonly signal: AbortSignal };
  readonly cache: ResultUse["cache"];
  readonly learned: LearnedFile;
  /** After each round. */
  onRound(round: { readonly number: number; readonly budget: number; readonly failures: readonly Failure[] }): void;
  /** A test of which something was learned. */
  onLearned(test: LearnedTest, before: LearnedTest | undefined): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * `unpark soak`: explores tests in rounds until the signal comes, or every one is explored completely. The first round, and then each
 * tenth, asks all of them: tests may be new, and builds. Each round goes on where the ones before ended (results/result-cache.ts).
 * Answers what the first round could not do; what a later one cannot is told, and tried again.
 */
export async function soak({ explore, cache, learned, ...told }: SoakRequest, listener: Listener): Promise<readonly Failure[]> {
  const { signal, settings, skips = [] } = explore;
  for (let number = 0; !signal.aborted; number++) {
    const all = number % ALL === 0;
    const next = nextRound(learned.tests(), settings.workers, settings.budget);
    if (!all && next === undefined) return [];
    const { rest, budget } = all || next === undefined ? { rest: [], budget: settings.budget } : next;
    const left = rest.map(({ name, package: path }) => ({ test: name, package: path, root: explore.cwd, reason: "another round's", line: 0 }));
    const { failures } = await exploreGo({ ...explore, settings: { ...settings, budget, pairs: true }, skips: [...skips, ...left], results: { cache, further: true } }, {
      ...listener,
      examined: (examination) => {
        const before = learned.find(examination);
        const test = learn(before, examination, told.now());
        if (test) {
          learned.put(test);
          told.onLearned(test, before);
        }
        listener.examined?.(examination);
      },
    });
    if (signal.aborted) return [];
    told.onRound({ number, budget, failures });
    if (failures.length > 0 && learned.tests().length === 0) return failures;
    if (failures.length > 0) await sleep(AGAIN, undefined, { signal }).catch(() => undefined);
  }
  return [];
}

const ALL = 10;
/** Milliseconds until what could not be done is tried again: somebody may be writing at it. */
const AGAIN = 30_000;
