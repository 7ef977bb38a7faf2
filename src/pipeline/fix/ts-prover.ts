import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { randomUUID } from "node:crypto";
import { optional } from "../../base/optional.js";
import { missOf, newFinding } from "../../fix/compare.js";
import { lineRows } from "../../fix/unified-diff.js";
import type { Examination, Report } from "../../model/results/examination.js";
import type { FixMiss, PatchedFile } from "../../model/results/fix.js";
import type { Sources } from "../../toolchain/js/fix/sources.js";
import type { ProjectCopy } from "../../toolchain/js/project-copy.js";
import type { SaidSettings } from "../config/settings.js";
import { runTs } from "../typescript/run-ts.js";
import { eachKey } from "../typescript/runner-protocol.js";
import { isRunner, testTs } from "../typescript/test-ts.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { LEAST_RUNS, moreOf, QUICK, type FixTarget, type Prover, type Trial } from "./trial.js";

interface Told {
  readonly report: Report;
  readonly passed: readonly string[];
}

/** What a test explores for, where it does not say (ms). */
const USUAL = { test: 2_000, run: 10_000 } as const;

/** Tries patches in a copy of the project: the type checker first, then the same tests under the same bounds, and which of all tests pass. */
export class TsProver implements Prover {
  readonly #copy: ProjectCopy;
  readonly #request: FixRequest;
  readonly #listener: FixListener;
  #before: Told | undefined;
  #types: { readonly open: (patched?: readonly PatchedFile[]) => Sources; readonly base: Sources } | undefined;

  constructor(copy: ProjectCopy, request: FixRequest, listener: FixListener) {
    this.#copy = copy;
    this.#request = request;
    this.#listener = listener;
  }

  /** Without a patch: what every trial is measured by. */
  async explore(): Promise<Report> {
    this.#before = await this.#run(this.#request.patterns, {});
    return this.#before.report;
  }

  /** What reads the sources with types, before the first trial. */
  check(open: (patched?: readonly PatchedFile[]) => Sources): void {
    this.#types = { open, base: open() };
  }

  async try(files: readonly PatchedFile[], targets: readonly FixTarget[]): Promise<Trial> {
    const types = this.#types!;
    const outside = files.find(({ file }) => !this.#copy.holds(file));
    if (outside !== undefined) return { miss: { kind: "build", words: `${outside.file} is no file of the project` } };
    const words = newOnes(types.base.words(files), types.open(files).words(files));
    if (words.length > 0) return { miss: { kind: "types", words: words.join("; ") } };
    // A test whose name no runner tells is called by its line, which a patch may move.
    const names = namesAfter(files, this.#before!.report.examinations, this.#request.cwd);
    return this.#copy.with(files, async () => {
      const showing = [...new Set(targets.map(({ program }) => program))];
      if (this.#request.command === "test") {
        const quick = await this.#run([...new Set(showing.map(({ package: path }) => path))], each(showing, () => ({ budget: QUICK }), names), names);
        const miss = this.#newIn(quick.report, showing, targets);
        if (miss !== undefined) return { miss };
      }
      const all = this.#before!.report.examinations;
      const after = await this.#run(this.#request.patterns, each(all, (one) => this.#more(one), names), names);
      const miss = this.#missIn(after, all, targets);
      return miss === undefined ? { proof: this.#proof(after, showing, all) } : { miss };
    });
  }

  #more(before: Examination): SaidSettings {
    return moreOf(this.#request.said?.budget ?? USUAL[this.#request.command], before);
  }

  /** A short look: most patches that do not hold show it there. */
  #newIn(report: Report, showing: readonly Examination[], targets: readonly FixTarget[]): FixMiss | undefined {
    for (const before of showing) {
      const after = found(report, before);
      const miss = after === undefined ? undefined : newFinding(before, after, goneOf(before, targets));
      if (miss !== undefined) return miss;
    }
    return undefined;
  }

  #missIn({ report, passed }: Told, all: readonly Examination[], targets: readonly FixTarget[]): FixMiss | undefined {
    const ordered = [...all].sort((a, b) => goneOf(b, targets).length - goneOf(a, targets).length);
    for (const before of ordered) {
      const after = found(report, before);
      if (after === undefined) return report.failures[0] === undefined ? { kind: "outcome", program: before.name, before: before.outcome, after: "gone" } : { kind: "build", words: report.failures[0].message };
      const gone = goneOf(before, targets);
      const miss = missOf(before, after, gone);
      if (miss !== undefined) return miss;
      const { schedules, complete } = after.coverage;
      if (gone.length > 0 && !complete && !isRepeated(before) && schedules < Math.min(LEAST_RUNS, before.coverage.schedules * 2)) return { kind: "fewer", program: before.name, wanted: String(LEAST_RUNS), schedules };
    }
    const unknown = report.examinations.find((one) => one.findings.length > 0 && found({ examinations: all, failures: [] }, one) === undefined);
    if (unknown !== undefined) return { kind: "new", program: unknown.name, finding: unknown.findings[0]!, schedules: unknown.coverage.schedules };
    const failed = newOnes(passed, this.#before!.passed);
    return failed.length > 0 ? { kind: "tests", failed } : undefined;
  }

  #proof({ report }: Told, showing: readonly Examination[], all: readonly Examination[]): Extract<Trial, { readonly proof: object }>["proof"] {
    const after = showing.map((one) => found(report, one)!);
    const sum = (some: readonly Examination[]): { readonly schedules: number; readonly complete: boolean } => ({ schedules: some.reduce((total, { coverage }) => total + coverage.schedules, 0), complete: some.every(({ coverage }) => coverage.complete) });
    return {
      ...sum(after),
      before: sum(showing),
      programs: all.length,
      checked: "types",
      ...(this.#request.command === "test" ? { tests: this.#before!.passed.length } : {}),
      ...(showing.every(isRepeated) ? { repeated: true as const } : {}),
    };
  }

  async #run(patterns: readonly string[], settings: Readonly<Record<string, SaidSettings>>, names: Names = new Map()): Promise<Told> {
    const { cwd, env, args, unparkVersion, signal, said = {}, runner, command, run } = this.#request;
    const common = { cwd: this.#copy.path(cwd), env, args, unparkVersion, options: said, each: settings, ...optional({ signal }) };
    const shown = this.#before === undefined ? (this.#listener.output ?? (() => undefined)) : () => undefined;
    if (command === "run") return { report: this.#copy.here(await runTs({ ...common, file: patterns[0]! }, shown)), passed: [] };
    const results = join(tmpdir(), `unpark-results-${randomUUID()}`);
    try {
      const report = await testTs({ ...common, patterns, results, ...optional({ run, runner: runner !== undefined && isRunner(runner) ? runner : undefined }) }, shown);
      return { report: asBefore(this.#copy.here(report), names), passed: report.passed ?? [] };
    } finally {
      rmSync(results, { force: true });
    }
  }
}

const isRepeated = ({ coverage }: Examination): boolean => coverage.native === true;
const found = ({ examinations }: Report, { package: path, name }: Examination): Examination | undefined => examinations.find((one) => one.package === path && one.name === name);
const goneOf = (before: Examination, targets: readonly FixTarget[]) => targets.flatMap(({ program, finding }) => (program === before ? [finding] : []));
const each = (programs: readonly Examination[], settings: (one: Examination) => SaidSettings, names: Names): Readonly<Record<string, SaidSettings>> =>
  Object.fromEntries(programs.map((one) => [names.get(eachKey(one)) ?? eachKey(one), settings(one)]));

/** How a program is called with a patch, by how it was called before; only those that are called otherwise. */
type Names = ReadonlyMap<string, string>;

function namesAfter(files: readonly PatchedFile[], programs: readonly Examination[], cwd: string): Names {
  return new Map(programs.flatMap(({ package: path, name }) => {
    const file = files.find((one) => one.file === resolve(cwd, path));
    const line = name.startsWith(`${basename(path)}:`) ? Number(name.slice(basename(path).length + 1)) : NaN;
    if (file === undefined || !Number.isSafeInteger(line)) return [];
    return [[eachKey({ package: path, name }), eachKey({ package: path, name: `${basename(path)}:${lineAfter(file, line)}` })]];
  }));
}

/** Where a line of the text before is in the text after. */
function lineAfter({ before, after }: PatchedFile, line: number): number {
  let [old, fresh] = [1, 1];
  for (const [sign] of lineRows(before, after)) {
    if (old === line && sign !== "+") return fresh;
    if (sign !== "+") old++;
    if (sign !== "-") fresh++;
  }
  return fresh;
}

function asBefore(report: Report, names: Names): Report {
  const back = new Map([...names].map(([before, after]) => [after, before]));
  const examinations = report.examinations.map((one) => {
    const key = back.get(eachKey(one));
    const name = key?.slice(one.package.length + 1) ?? one.name;
    return name === one.name ? one : { ...one, name, findings: one.findings.map((finding) => ({ ...finding, ...(finding.test === one.name ? { test: name } : {}) })) };
  });
  return { ...report, examinations };
}

/** Those of `after` that `before` has not, as often. */
function newOnes(before: readonly string[], after: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const one of before) left.set(one, (left.get(one) ?? 0) + 1);
  return after.filter((one) => {
    const number = left.get(one) ?? 0;
    left.set(one, number - 1);
    return number <= 0;
  });
}
