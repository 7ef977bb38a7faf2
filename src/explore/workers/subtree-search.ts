import { actorsOf, formatChoice, type Choice } from "../../model/run/choice.js";
import type { GoroutineName } from "../../model/ids.js";
import type { Pending, Run } from "../../model/run/program.js";
import type { Schedule } from "../../model/run/schedule.js";
import type { ThreadIds } from "../dpor/thread-ids.js";
import { DporSearch } from "../dpor/dpor-search.js";
import type { SleepSetEntry } from "../dpor/sleep-set.js";
import { dependencyAccesses } from "../dpor/object-access.js";
import type { FairnessState } from "../fairness.js";
import type { Beginning, RunEnd, SearchCoverage, Strategy } from "../strategy.js";
import type { DrawLimit } from "../strategies/draws.js";
import { fromWire, nodeToWire, type WorkRequest, type SubtreeJob, type WorkerConfig, type SubtreeResult, type WireNode, type WireSleeper } from "./worker-messages.js";

/**
 * A part of the tree, explored: first one short run for each sleeper whose step was not done yet, to see what it does;
 * then all that lies behind the job's path.
 */
export class SubtreeSearch implements Strategy, SearchCoverage {
  readonly name = "reduced";
  readonly coverage: SearchCoverage = this;
  readonly roundIndex: number;
  readonly #job: SubtreeJob;
  readonly #limit: DrawLimit;
  readonly #known: WireSleeper[] = [];
  readonly #unknown: WireSleeper[];
  readonly #reduced: DporSearch;
  readonly #demanded = new Set<string>();
  #probing: WireSleeper | undefined;

  /** `demand` is told what has to be tried at nodes above the part, each thing once. */
  constructor(job: SubtreeJob, { clock, saving }: Pick<WorkerConfig, "clock" | "saving">, limit: DrawLimit, demand: (demand: WorkRequest) => void) {
    this.#job = job;
    this.#limit = limit;
    this.roundIndex = limit.round;
    this.#unknown = job.sleep.filter(({ footprint }) => !footprint);
    this.#reduced = new DporSearch(clock, saving, {
      path: job.path,
      sleep: (names: ThreadIds): readonly SleepSetEntry[] => this.#sleepers().map((s) => fromWire(s, names)),
      demand: (depth, candidates, initials) => {
        const once = `${depth} ${candidates.join(" ")} ${initials.map(formatChoice).join(" ")}`;
        if (this.#demanded.has(once)) return;
        this.#demanded.add(once);
        demand({ depth, candidates, initials });
      },
    });
  }

  get exhausted(): boolean {
    return this.#reduced.exhausted;
  }

  get distinct(): number {
    return this.#reduced.distinct;
  }

  get bounds(): readonly string[] {
    return this.#reduced.bounds;
  }

  get result(): Omit<SubtreeResult, "limits" | "isRefuted"> {
    return { distinct: this.distinct, bounds: this.bounds, exhausted: this.exhausted, leftDraws: this.#limit.left };
  }

  /** Between two runs: gives away what is nearest to the root, or all that is left. Undefined: there is nothing to spare. */
  split(everything: boolean): readonly WireNode[] | undefined {
    return this.#reduced.split(everything)?.map(nodeToWire);
  }

  begin(): Beginning | undefined {
    this.#probing = this.#unknown.pop();
    if (!this.#probing) return this.#reduced.begin();
    return { prefix: [...this.#job.path.slice(0, -1), this.#probing.choice] };
  }

  next(pending: readonly Pending[], history: Schedule, fairness: FairnessState): Choice | "stop-run" {
    return this.#probing ? "stop-run" : this.#reduced.next(this.#limit.within(pending, history), history, fairness);
  }

  onPrefixState(run: Run, depth: number): void {
    this.#reduced.onPrefixState(run, depth);
  }

  stepped(run: Run, choice: Choice): void {
    this.#reduced.stepped(run, choice);
  }

  ended(end: RunEnd): void {
    if (!this.#probing) return this.#reduced.ended(end);
    const { choice } = this.#probing;
    const { accesses, moved } = end.run.last();
    const actors: (GoroutineName | undefined)[] = choice.kind === "clock" ? [undefined] : [...actorsOf(choice)];
    this.#known.push({ choice, footprint: { procs: [...new Set([...actors, ...moved])], touches: dependencyAccesses(choice, accesses) } });
  }

  normalForm(end: RunEnd): Schedule {
    return this.#reduced.normalForm(end);
  }

  canonicalLength(end: RunEnd): number {
    return this.#reduced.canonicalLength(end);
  }

  #sleepers(): readonly WireSleeper[] {
    return [...this.#job.sleep.filter(({ footprint }) => footprint), ...this.#known];
  }
}
