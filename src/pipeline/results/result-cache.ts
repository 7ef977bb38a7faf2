import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { optional } from "../../base/optional.js";
import { unchanged } from "../../host/files/read-inputs.js";
import type { Examination } from "../../model/results/examination.js";
import { sameDefect } from "../../model/finding/finding-identity.js";
import { isExamination } from "../../report/exploration/read-whole.js";
import { contentHash } from "../../toolchain/go/cache.js";
import { joined } from "../../explore/choice-pairs.js";
import type { ExploreSettings } from "../../explore/explore-settings.js";
import type { ModuleSpec } from "../go/module-spec.js";

/** What is kept of one program: its result, and what was spent on it. */
export interface KeptResult {
  readonly examination: Examination;
  /** Milliseconds of budget, all rounds together. */
  readonly budget: number;
  /** So many times it was explored; each round has random numbers of its own. */
  readonly rounds: number;
  /** Mebibytes that the program could have. */
  readonly memory?: number;
}

/**
 * The results of explorations, by what was built and how it was asked for (docs/cache.md).
 *
 * K1. A result is used again only if the same exploration would begin from the same state: the module by its content's
 *     hash, arguments, environment, limits, Unpark itself; and while every real file that the program saw is as it was.
 * K2. A complete one holds for any budget; another one for budgets up to the one that was spent.
 * K5. How much memory a machine has for a program by itself is no part of the question: a result holds where that is no
 *     more, for no run was cut short there that would go on here. A --memory that was asked for is a part.
 * K3. What was interrupted is not kept.
 *     Not noted: what only a helping thread read, in a schedule that the first thread did not try.
 * K4. What cannot be read, or does not hold together, is explored again.
 */
export class ResultCache {
  readonly #dir: string;
  readonly #engine: string;

  /** `engine`: what of Unpark itself decides what comes out; see engineOf. */
  constructor(cacheDir: string, engine: string) {
    this.#dir = join(cacheDir, "results");
    this.#engine = engine;
  }

  /** The names of a module's programs, without loading it. */
  programs(spec: ModuleSpec): readonly string[] | undefined {
    const kept = this.#read<{ readonly programs: readonly string[] }>(this.#key(spec, "programs"));
    return Array.isArray(kept?.programs) ? kept.programs : undefined;
  }

  keepPrograms(spec: ModuleSpec, programs: readonly string[]): void {
    this.#write(this.#key(spec, "programs"), { programs });
  }

  /** What is known of a program, whatever was spent on it. */
  find(spec: ModuleSpec, program: string, settings: ExploreSettings): KeptResult | undefined {
    const kept = this.#read<KeptResult>(this.#key(spec, program, settings));
    if (!isExamination(kept?.examination)) return undefined; // K4
    if (settings.usualMemory === true && (kept.memory ?? 0) < (settings.memory ?? 0)) return undefined; // K5
    return unchanged(kept.examination.inputs ?? []) ? kept : undefined;
  }

  keep(spec: ModuleSpec, program: string, settings: ExploreSettings, kept: KeptResult): void {
    if (kept.examination.coverage.stoppedBy === "interrupted") return;
    this.#write(this.#key(spec, program, settings), { ...kept, ...optional({ memory: settings.memory }) });
  }

  /** K1. The budget is no part of it (K2), nor how many threads share the work, nor whether pairs of choices are told. */
  #key(spec: ModuleSpec, program: string, settings?: ExploreSettings): string {
    const { budget: _budget, workers: _workers, pairs: _pairs, usualMemory, memory, ...asked } = settings ?? { budget: 0, workers: 0, pairs: true as const, usualMemory: true as const, memory: 0 };
    const { memoryLimit: _limit, mounts, ...built } = spec; // K5: the settings' own; and not as of when files are seen
    const parts = [this.#engine, { ...built, wasm: basename(spec.wasm), mounts: mounts.map(({ at, from }) => ({ at, from })) }, program, { ...asked, ...(usualMemory === true ? {} : optional({ memory })) }];
    return createHash("sha256").update(JSON.stringify(parts, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))).digest("hex").slice(0, 32);
  }

  #read<T>(key: string): T | undefined {
    const path = join(this.#dir, `${key}.json`);
    try {
      const [sum, ...rest] = readFileSync(path, "utf8").split("\n");
      const text = rest.join("\n");
      if (sum !== contentHash(Buffer.from(text))) throw new Error("changed or cut since it was written");
      const now = new Date();
      utimesSync(path, now, now);
      return JSON.parse(text) as T;
    } catch {
      rmSync(path, { force: true });
      return undefined;
    }
  }

  #write(key: string, value: unknown): void {
    try {
      mkdirSync(this.#dir, { recursive: true });
      const temporary = join(this.#dir, `${key}.${randomUUID()}.tmp`);
      const text = JSON.stringify(value);
      writeFileSync(temporary, `${contentHash(Buffer.from(text))}\n${text}`);
      renameSync(temporary, join(this.#dir, `${key}.json`));
    } catch {
      // A cache that cannot be written to is no reason to stop.
    }
  }
}

/** Does what is kept answer a question with this budget (K2)? */
export const suffices = ({ examination, budget }: KeptResult, asked: number): boolean => examination.coverage.complete || budget >= asked;

/**
 * Another round on top of what is kept: schedules and time added, what either found. Complete where the last round is.
 * Of a random walk nobody knows which schedules it repeats: the sum is how many were tried.
 */
export function withKept(kept: KeptResult, next: Examination, budget: number): KeptResult {
  const known = new Set(next.findings.map(sameDefect));
  const earlier = new Map(kept.examination.findings.map((one) => [sameDefect(one), one.seen]));
  const { coverage } = next;
  const before = kept.examination.coverage;
  const examination: Examination = {
    ...next,
    // A complete one counts its own schedules alone.
    findings: [...(coverage.complete ? next.findings : next.findings.map((one) => ({ ...one, ...optional({ seen: added(one.seen, earlier.get(sameDefect(one))) }) }))), ...kept.examination.findings.filter((finding) => !known.has(sameDefect(finding)))],
    coverage: coverage.complete
      ? { ...coverage, ...optional({ pairs: joined(coverage.pairs, before.pairs) }) }
      : { ...coverage, schedules: coverage.schedules + before.schedules, milliseconds: coverage.milliseconds + before.milliseconds, ...optional({ repeated: added(coverage.repeated, before.repeated) }), depth: Math.max(coverage.depth, before.depth), ...optional({ pairs: joined(coverage.pairs, before.pairs) }) },
  };
  return { examination, budget: kept.budget + budget, rounds: kept.rounds + 1 };
}

const added = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0));

/** Unpark's version; in a checkout, where code changes without it, also the sizes and times of the compiled files. */
export function engineOf(version: string, dist: string, isCheckout: boolean): string {
  if (!isCheckout) return version;
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js") && !file.endsWith(".test.js"));
  const stamps = files.sort().map((file) => {
    const { size, mtimeMs } = statSync(join(dist, file));
    return `${file} ${size} ${mtimeMs}`;
  });
  return `${version} ${createHash("sha256").update(stamps.join("\n")).digest("hex")}`;
}
