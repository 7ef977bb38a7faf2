import { optional } from "../../base/optional.js";
import { ok, type Result } from "../../base/result.js";
import type { Examination, Failure, Report } from "../../model/results/examination.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import { besideSubtests, inWhole } from "../examine/splitting.js";
import type { Pool } from "../pool/pool.js";
import { suffices, withKept, type KeptResult } from "../results/result-cache.js";
import type { ModuleSpec, ProgramRef } from "./module-spec.js";
import type { ExploreRequest, Listener } from "./explore-request.js";
import { isOpen, TOTAL_ENDED } from "./total-time.js";

export interface PackagePart extends Pick<Report, "examinations" | "failures"> {
  /** Every program was begun before the signal said to end. */
  readonly begun: boolean;
  /** Those that were not. */
  readonly left?: readonly { readonly package: string; readonly program?: string }[];
}

export const joined = (parts: readonly PackagePart[]): PackagePart => ({
  examinations: parts.flatMap(({ examinations }) => examinations),
  failures: parts.flatMap(({ failures }) => failures),
  begun: parts.every(({ begun }) => begun),
  left: parts.flatMap(({ left = [] }) => left),
});

/** One program of a built package, by the name that reports give it. */
interface NamedProgram {
  readonly spec: ModuleSpec;
  readonly name: string;
  readonly which: ProgramRef;
  /** The command's, or its package's own. */
  readonly settings: ExploreSettings;
}

/** A program that another round may add to. */
interface OpenProgram extends NamedProgram {
  readonly kept: KeptResult;
  /** The round before found something that was not known. */
  readonly fruitful: boolean;
}

/** The programs of a command, one after the other as the pool has place: each once, or in rounds within a total (total-time.ts). */
export class ProgramExplorer {
  readonly #pool: Pick<Pool, "examine">;
  readonly #request: ExploreRequest;
  readonly #listener: Listener;
  /** Programs that are still to be begun. */
  #waiting: number;
  /** Packages are still to be built (T0). */
  isBuilding = false;
  #open: OpenProgram[] = [];
  readonly #later = new Map<string, Examination>();

  constructor(pool: Pick<Pool, "examine">, request: ExploreRequest, listener: Listener, programs: number) {
    this.#pool = pool;
    this.#request = request;
    this.#listener = listener;
    this.#waiting = programs;
    listener.planned?.(programs);
  }

  /** There are so many more programs to begin than was thought. */
  counts(more: number): void {
    this.#waiting += more;
    this.#listener.planned?.(more);
  }

  /** A program that is not explored: it has its place in the report all the same. */
  async leavesOut(examination: Examination): Promise<PackagePart> {
    this.#waiting--;
    this.#listener.examined?.(examination);
    return { examinations: [examination], failures: [], begun: true };
  }

  /** A program and, behind it, its subtests where it is explored by these (examine/splitting.ts). */
  async explore(program: NamedProgram, above?: Examination): Promise<PackagePart> {
    const { spec, name, which, settings } = program;
    const result = await this.#first(program);
    if (result === undefined) return { examinations: [], failures: [], begun: false, left: [{ package: spec.package, program: name }] };
    if (!result.ok) return { examinations: [], failures: [result.error], begun: true };
    const whole = above === undefined ? result.value : inWhole(above, result.value);
    if (whole !== result.value) this.#open = this.#open.filter((one) => one.name !== name || one.spec !== spec);
    this.#listener.examined?.(whole);
    const { subtests = [] } = whole;
    this.counts(subtests.length);
    const below = joined(await Promise.all(subtests.map((subtest) => this.explore({ spec, name: subtest, which: { ...which, subtest }, settings }, whole))));
    // T5. The whole was run with all of them: what is left of it is more schedules, as where any other exploration ends early.
    const { left = [] } = below;
    if (this.#request.total === undefined || left.length === 0) return { ...below, examinations: [whole, ...below.examinations] };
    return { examinations: [withoutSome(whole, left.length), ...below.examinations], failures: below.failures, begun: true };
  }

  /** T2 */
  async furtherRounds(): Promise<void> {
    const { total, signal } = this.#request;
    if (total === undefined) return;
    for (;;) {
      const round = [...this.#open].sort((a, b) => Number(b.fruitful) - Number(a.fruitful));
      const each = total.time.next(round.reduce((sum, { fruitful }) => sum + (fruitful ? 2 : 1), 0));
      if (each === undefined || signal?.aborted === true) return;
      this.#open = [];
      await Promise.all(round.map((one) => this.#another(one, each * (one.fruitful ? 2 : 1))));
    }
  }

  /** What came of all rounds, in the order of `first`. */
  results(first: readonly Examination[]): readonly Examination[] {
    const all = first.map((one) => this.#later.get(keyOf(one)) ?? one).map((one) => this.#named(one));
    return all.map((one) => (one.subtests === undefined ? one : besideSubtests(one, all.filter((other) => other.package === one.package && other.name.startsWith(`${one.name}/`)))));
  }

  /** What ended it, where that was the total. */
  #named(one: Examination): Examination {
    const { total } = this.#request;
    const { coverage } = one;
    if (total === undefined || coverage.stoppedBy === undefined) return one;
    const byTotal = coverage.stoppedBy === "interrupted" ? total.ended.aborted : coverage.stoppedBy.startsWith("time");
    return byTotal ? { ...one, coverage: { ...coverage, stoppedBy: TOTAL_ENDED } } : one;
  }

  /** An earlier result where it suffices; else another round, on top of what is kept where there is something. */
  async #first(program: NamedProgram): Promise<Result<Examination, Failure> | undefined> {
    const { spec, name, which, settings } = program;
    const { results, total } = this.#request;
    const kept = results?.cache.find(spec, name, settings);
    const isEnough = (budget: number): boolean => kept !== undefined && suffices(kept, budget) && !(results?.further === true && !kept.examination.coverage.complete);
    if (kept !== undefined && isEnough(settings.budget)) {
      this.#waiting--;
      return ok({ ...kept.examination, coverage: { ...kept.examination.coverage, cached: true } });
    }
    let budget = settings.budget;
    const asked = (): ExploreSettings => {
      budget = Math.min(settings.budget, total?.time.first(this.#waiting--, this.isBuilding) ?? Infinity);
      return this.#round(settings, budget, kept);
    };
    const result = await this.#pool.examine(spec, which, asked, this.#listener);
    return result?.ok === true ? ok(this.#keep(program, kept, result.value, budget)) : result;
  }

  async #another({ kept, ...program }: OpenProgram, time: number): Promise<void> {
    const { settings } = program;
    const budget = Math.min(time, settings.budget - kept.budget);
    if (budget <= 0) return;
    const result = await this.#pool.examine(program.spec, program.which, this.#round(settings, budget, kept), this.#listener);
    if (result?.ok !== true) return;
    const next = this.#keep(program, kept, result.value, budget);
    this.#later.set(keyOf(next), next);
  }

  /** What a program is asked in a round after those that are kept. Within a total each round runs its natural schedule to the end. */
  #round(settings: ExploreSettings, budget: number, kept: KeptResult | undefined): ExploreSettings {
    const { total } = this.#request;
    const natural = total === undefined ? undefined : Math.max(budget, Math.min(NATURAL, total.time.left));
    return { ...settings, budget, seed: settings.seed + (kept?.rounds ?? 0), ...optional({ natural }) };
  }

  /** Adds a round to what was known; open for another one. */
  #keep(program: NamedProgram, before: KeptResult | undefined, examination: Examination, budget: number): Examination {
    const { results } = this.#request;
    const { settings } = program;
    const next = before === undefined ? { examination, budget, rounds: 1 } : withKept(before, examination, budget);
    if (examination.coverage.stoppedBy !== "interrupted") results?.cache.keep(program.spec, program.name, settings, next);
    const fruitful = next.examination.findings.length > (before?.examination.findings.length ?? 0);
    if (isOpen(next.examination.coverage)) this.#open.push({ ...program, kept: next, fruitful });
    return next.examination;
  }
}

/** Within a total a natural run may take longer than its program's first share: its outcome is wanted (ms). */
const NATURAL = 3_000;

/** A whole of which so many subtests were not begun. */
const withoutSome = (whole: Examination, left: number): Examination => ({
  ...whole,
  limits: [...whole.limits, `${whole.name}: ${left} of its subtests had not been explored by themselves when the total time ended`],
  coverage: { ...whole.coverage, stoppedBy: TOTAL_ENDED },
});

const keyOf = (one: Examination): string => `${one.package} ${one.name}`;
