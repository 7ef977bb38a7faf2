import { optional } from "../../base/optional.js";
import { isHang, type Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixMiss, PatchedFile } from "../../model/results/fix.js";
import { missOf, newFinding } from "../../fix/compare.js";
import { nativeTests, vetWords, type NativeCheckOptions } from "../../toolchain/go/native-check.js";
import type { GoPackage } from "../../toolchain/go/packages.js";
import type { ExploreSettings } from "../config/settings.js";
import { buildModule, type BuildContext, type BuildRequest } from "../go/build-context.js";
import { programCalled, programRef, type ModuleSpec } from "../go/module-spec.js";
import { goTestFlags, topLevel } from "../go/test-selection.js";
import type { Pool } from "../pool/pool.js";
import { patchedContext, withNativeOverlay } from "./patched-context.js";
import { LEAST_RUNS, moreOf, QUICK, type FixTarget, type Prover, type Trial } from "./trial.js";

/** What was found without a patch: of each package, its build and its programs. */
export interface UnpatchedPackage {
  readonly pkg: GoPackage;
  readonly wasm: string;
  /** How it was explored. */
  readonly settings: ExploreSettings;
  readonly examinations: readonly Examination[];
}

/**
 * Tries patches: builds each package with it, explores the same programs again under the same bounds, then runs the tests
 * and vet natively. What a patch does not change (the same bytes were built) is not explored again.
 */
export class GoProver implements Prover {
  readonly #context: BuildContext;
  readonly #request: BuildRequest;
  readonly #pool: Pool;
  readonly #baselines: readonly UnpatchedPackage[];
  #native: { readonly passed: ReadonlySet<string>; readonly vet: readonly string[] } | undefined;

  constructor(context: BuildContext, request: BuildRequest, pool: Pool, baselines: readonly UnpatchedPackage[]) {
    this.#context = context;
    this.#request = request;
    this.#pool = pool;
    this.#baselines = baselines;
  }

  async try(files: readonly PatchedFile[], targets: readonly FixTarget[]): Promise<Trial> {
    const baselines = this.#baselines;
    const context = patchedContext(this.#context, files);
    if (!context.ok) return { miss: { kind: "build", words: context.error } };
    const isTarget = ({ examinations }: UnpatchedPackage): boolean => examinations.some((one) => targets.some(({ program }) => program === one));
    const [showing, others] = [baselines.filter(isTarget), baselines.filter((one) => !isTarget(one))];
    let [schedules, complete, programs] = [0, true, 0];
    const without = { schedules: 0, complete: true };
    for (const baseline of [...showing, ...others]) {
      const spec = await buildModule(context.value, baseline.pkg, { ...this.#request, ...optional({ faults: baseline.settings.faults }) });
      if (!spec.ok) return { miss: { kind: "build", words: spec.error } };
      if (spec.value.wasm === baseline.wasm) continue;
      const done = await this.#explored(spec.value, baseline, targets);
      if ("miss" in done) return done;
      programs += done.examinations.length;
      for (const one of done.examinations) {
        const before = targets.find(({ program }) => program.name === one.name && program.package === one.package)?.program.coverage;
        if (before === undefined) continue;
        schedules += one.coverage.schedules;
        complete &&= one.coverage.complete;
        without.schedules += before.schedules;
        without.complete &&= before.complete;
      }
    }
    return (await this.#nativeMiss(files)) ?? { proof: { schedules, complete, before: without, programs, checked: "vet", ...(this.#request.purpose === "tests" ? { tests: [...this.#native!.passed].filter((name) => name.includes(" ")).length } : {}) } };
  }

  /** The package's programs with the patch: those that showed the finding first, so that most misses show early. */
  async #explored(spec: ModuleSpec, { examinations, settings: usual }: UnpatchedPackage, targets: readonly FixTarget[]): Promise<{ readonly miss: FixMiss } | { readonly examinations: readonly Examination[] }> {
    const programs = await this.#pool.programs(spec);
    if (!programs.ok) return { miss: { kind: "build", words: programs.error } };
    const goneOf = (one: Examination): readonly Finding[] => targets.flatMap(({ program, finding }) => (program === one ? [finding] : []));
    const inOrder = [...examinations].sort((a, b) => goneOf(b).length - goneOf(a).length);
    const done = await Promise.all(
      inOrder.map(async (before) => {
        const which = spec.kind === "main" ? programRef(spec, 0) : programCalled(programs.value, before.name);
        if (which === undefined) return { miss: { kind: "outcome", program: before.name, before: before.outcome, after: "gone" } } satisfies { readonly miss: FixMiss };
        for (const { settings, isLast } of looks(usual, before)) {
          const result = await this.#pool.examine(spec, which, settings, {});
          if (result === undefined) return { miss: { kind: "fewer", program: before.name, wanted: "interrupted", schedules: 0 } } satisfies { readonly miss: FixMiss };
          if (!result.ok) return { miss: { kind: "build", words: result.error.message } } satisfies { readonly miss: FixMiss };
          const gone = goneOf(before);
          const miss = missOf(before, result.value, gone);
          const { schedules, complete } = result.value.coverage;
          // A short look first: most patches that do not hold show it there. One that holds is looked at for longer where that look was at few schedules of what it mends.
          if (miss === undefined && (isLast || complete || schedules >= LEAST_RUNS || gone.length === 0)) return { examination: result.value };
          if (miss !== undefined && (isLast || newFinding(before, result.value, gone) !== undefined)) return { miss };
        }
        return { miss: { kind: "fewer", program: before.name, wanted: "all", schedules: 0 } } satisfies { readonly miss: FixMiss };
      }),
    );
    const missed = done.find((one) => "miss" in one);
    if (missed !== undefined) return missed as { readonly miss: FixMiss };
    return { examinations: done.flatMap((one) => ("examination" in one && one.examination !== undefined ? [one.examination] : [])) };
  }

  /** What hangs passes neither before nor afterwards: go test would wait for it until its time-out, each time, and run nothing behind it. */
  #withoutHangs(): Pick<BuildRequest, "skip"> {
    const hanging = new Set(this.#baselines.flatMap(({ examinations }) => examinations.filter(isHang)).map(({ name }) => topLevel(name)));
    return this.#request.skip !== undefined || hanging.size === 0 ? {} : { skip: `^(?:${[...hanging].join("|")})$` };
  }

  /** A test that passed natively passes; vet has nothing new to say. */
  async #nativeMiss(files: readonly PatchedFile[]): Promise<{ readonly miss: FixMiss } | undefined> {
    const { cwd, patterns, tags, signal, purpose } = this.#request;
    const options: NativeCheckOptions = { cwd, patterns, flags: goTestFlags({ ...this.#request, ...this.#withoutHangs() }), ...optional({ tags, signal }) };
    const ofTests = async (overlay?: string): Promise<Awaited<ReturnType<typeof nativeTests>>> =>
      purpose === "tests" ? nativeTests(this.#context.toolchain, { ...options, ...optional({ overlay }) }) : { passed: new Set(), failed: new Set() };
    this.#native ??= { passed: (await ofTests()).passed, vet: await vetWords(this.#context.toolchain, options) };
    const { passed, vet } = this.#native;
    return withNativeOverlay(this.#context, cwd, files, async (overlay) => {
      const words = (await vetWords(this.#context.toolchain, { ...options, overlay })).filter((line) => !vet.includes(line));
      if (words.length > 0) return { miss: { kind: "vet", words: words.join("; ") } };
      const lost = (now: ReadonlySet<string>): readonly string[] => [...passed].filter((name) => !now.has(name));
      let failed = lost((await ofTests(overlay)).passed);
      if (failed.length > 0) failed = lost((await ofTests(overlay)).passed); // a test that fails now and then gets a second run
      return failed.length > 0 ? { miss: { kind: "tests", failed } } : undefined;
    });
  }
}

function looks(settings: ExploreSettings, before: Examination): readonly { readonly settings: ExploreSettings; readonly isLast: boolean }[] {
  const whole = { ...settings, ...moreOf(settings.budget, before) };
  return [{ settings: { ...whole, budget: QUICK }, isLast: false }, { settings: whole, isLast: true }];
}
