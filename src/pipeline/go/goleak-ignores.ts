import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { optional } from "../../base/optional.js";
import { cacheFolder } from "../../base/user-folders.js";
import { isNote, type BlockedAt, type Finding, type Verdict } from "../../model/finding/finding.js";
import type { Stack } from "../../model/goroutine/stack.js";
import type { Report } from "../../model/results/examination.js";
import { findToolchain, nativeEnv, type Toolchain } from "../../toolchain/go/go-command.js";
import { goOutput } from "../../toolchain/go/go-output.js";
import { goleakUses, type GoleakUse } from "../../toolchain/go/goleak-tool.js";

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** goleak lists what outlives a test, not what fails it. */
const LISTED: ReadonlySet<Verdict> = new Set<Verdict>(["leaked", "abandoned", "stuck", "runaway", "waiting-outside"]);

/**
 * What a test's own call of goleak is told to ignore, its authors know of: a note, which names the line of the option. The files of tests
 * are read by Go's own parser, and only where something is found in a module that uses goleak.
 */
export async function notedByGoleak(report: Report, { cwd, env, signal }: Place): Promise<Report> {
  const paths = new Set(report.examinations.flatMap(({ findings }) => findings.flatMap((one) => (isListed(one) && one.package !== undefined ? [one.package] : []))));
  if (paths.size === 0 || !mayUseGoleak(cwd)) return report;
  const toolchain = await findToolchain({ cwd, env, cacheDir: cacheFolder(env), ...optional({ signal }) });
  if (!toolchain.ok) return report;
  const uses = new Map<string, readonly GoleakUse[]>();
  for (const [path, folder] of await foldersOf(paths, toolchain.value, { cwd, ...optional({ signal }) })) {
    const found = await goleakUses(toolchain.value, folder, { alone: true, ...optional({ signal }) });
    if (found.ok) uses.set(path, found.value.uses);
  }
  return { ...report, examinations: report.examinations.map((one) => ({ ...one, findings: one.findings.map((finding) => noted(finding, uses.get(finding.package ?? "") ?? [])) })) };
}

const isListed = (finding: Finding): boolean => LISTED.has(finding.verdict) && !isNote(finding);

/** By the nearest go.mod; where there is none (a workspace), it may. */
function mayUseGoleak(cwd: string): boolean {
  for (let at = cwd; ; at = dirname(at)) {
    const file = join(at, "go.mod");
    if (existsSync(file)) return /\bgo\.uber\.org\/goleak\b/.test(readFileSync(file, "utf8"));
    if (dirname(at) === at) return true;
  }
}

async function foldersOf(paths: ReadonlySet<string>, toolchain: Toolchain, { cwd, signal }: Pick<Place, "cwd" | "signal">): Promise<readonly (readonly [string, string])[]> {
  const listed = await goOutput(toolchain, ["list", "-e", "-f", "{{.ImportPath}}\t{{.Dir}}", ...paths], { cwd, env: nativeEnv(toolchain), signal });
  return listed.ok ? listed.value.split("\n").flatMap((line) => {
    const [path = "", folder = ""] = line.split("\t");
    return folder === "" ? [] : [[path, folder] as const];
  }) : [];
}

/** The finding, as a note where an option of the test's own check ignores it and all that waits for it. */
export function noted(finding: Finding, uses: readonly GoleakUse[]): Finding {
  if (!isListed(finding) || finding.test === undefined) return finding;
  const options = optionsOf(finding.test, uses);
  const ignoring = [finding, ...(finding.consequences ?? [])].map((one) => options.find((option) => ignores(option, one)));
  const [first] = ignoring;
  if (first === undefined || ignoring.includes(undefined)) return finding;
  return { ...finding, severity: "note", evidence: [...finding.evidence, `the test's own goleak check ignores it: ${first.name}(${JSON.stringify(first.value)}) at ${first.file.replace(/^.*[\\/]/, "")}:${first.line}`] };
}

/**
 * The options that hold for a test.
 * I1. A test is checked where it verifies itself, calls a function of its package that does, or TestMain verifies.
 * I2. An option holds where it stands: in TestMain for every test, in a test for that one, in another function for the tests that call it. One
 *     in a variable holds where functions name that.
 * I3. A name that is put together while the tests run says nothing. Nor does IgnoreCurrent: what was there before the test is never blamed on it.
 */
function optionsOf(test: string, uses: readonly GoleakUse[]): readonly GoleakUse[] {
  const top = test.split("/", 1)[0]!;
  const serves = (name: string): boolean => name === top || name === "TestMain" || uses.some(({ function: around, variable, calledBy = [] }) => variable === undefined && around === name && calledBy.includes(top));
  const isFor = ({ function: around, variable, calledBy = [] }: GoleakUse): boolean => (variable === undefined ? serves(around) : calledBy.some(serves));
  const verifies = uses.some((use) => use.called && VERIFIES.has(use.name) && isFor(use)); // I1
  return verifies ? uses.filter((use) => use.called && use.known && use.test && use.name.startsWith("Ignore") && isFor(use)) : []; // I2, I3
}

const VERIFIES: ReadonlySet<string> = new Set(["VerifyTestMain", "VerifyNone", "Find"]);

/** As goleak compares (options.go): whole names, on the stack that runtime.Stack shows. */
function ignores({ name, value }: GoleakUse, { stack, blocked, createdBy }: { readonly stack: Stack; readonly blocked: BlockedAt; readonly createdBy?: Finding["createdBy"] }): boolean {
  switch (name) {
    case "IgnoreTopFunction":
      return topOf(stack, blocked.reason) === value;
    case "IgnoreAnyFunction":
      return stack.some((frame) => frame.function === value) || topOf(stack, blocked.reason) === value;
    case "IgnoreCreatedBy":
      return createdBy?.function === value;
    default:
      return false;
  }
}

/** The innermost function natively; undefined where a controlled run's stack does not have it (the inner functions of package sync). */
function topOf(stack: Stack, reason: string): string | undefined {
  if (reason === "IO wait") return "internal/poll.runtime_pollWait";
  return reason.startsWith("sync.") ? undefined : stack[0]?.function;
}
