import { resolve } from "node:path";
import { optional } from "../../base/optional.js";
import { readGivenFile } from "../../pipeline/given-file.js";
import { err, ok, type Result } from "../../base/result.js";
import type { ExaminationOrigin } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { WAYS, type FixOutcome, type FixReport, type Way } from "../../model/results/fix.js";
import type { PackageOverride } from "../../pipeline/config/package-match.js";
import { countsFor } from "../../pipeline/config/suppressions.js";
import { byLanguage } from "../../pipeline/config/language.js";
import { fixGo } from "../../pipeline/fix/fix-go.js";
import type { FixRequest } from "../../pipeline/fix/fix-request.js";
import { fixTs } from "../../pipeline/fix/fix-ts.js";
import { dirtyFiles, repositoryRoot, writeFixes } from "../../pipeline/fix/write-fixes.js";
import { writeWhole } from "../../pipeline/go/save.js";
import { resultCache } from "../../pipeline/results/open-results.js";
import { FAILED, fixExit } from "../../report/exit-code.js";
import { readReport, type RecordedFinding } from "../../report/exploration/read-json.js";
import { fixJson } from "../../report/fix/json.js";
import { fixReview } from "../../report/fix/review.js";
import { fixSarif } from "../../report/fix/sarif.js";
import { fixText, totalsText } from "../../report/fix/text.js";
import { coloured, plain } from "../../report/shared/style.js";
import { FixChooser } from "../choose-fixes.js";
import { withFlags, type Command } from "../command.js";
import { BUILD_FLAGS, EXPLORE_FLAGS, ONCE, readSettings, settingsHere, SHORT } from "../flags/explore-flags.js";
import { parseFlags, usageText, type Flags, type FlagSpecs } from "../flags/flags.js";
import { complain, passOn, type Io } from "../io.js";
import { ProgressLine } from "../progress-line.js";
import { version } from "../version.js";

const { strict: _, ...EXPLORING } = EXPLORE_FLAGS;
const FLAGS = {
  run: { type: "string", goStyle: true, never: ONCE, value: "REGEXP", help: "only tests that match, as go test takes it" },
  skip: { type: "string", goStyle: true, never: ONCE, value: "REGEXP", help: "none that match" },
  short: SHORT,
  main: { type: "boolean", never: ONCE, help: "explore a main package itself, as `unpark run` does, instead of its tests; its arguments follow --" },
  finding: { type: "string", never: ONCE, value: "N", help: "of a report: only this finding, counted as `unpark replay` counts" },
  runner: { type: "string", kind: ["vitest", "jest", "node"], usual: "the one that package.json names", value: "NAME", help: "of TypeScript: vitest, jest or node (default: the one that package.json names)" },
  way: { type: "list", kind: WAYS, value: "NAME", help: `only this way to mend (may be given again): ${WAYS.join(", ")}` },
  write: { type: "boolean", never: ONCE, help: "write the patches that are proved into the files; refused where a file has changes that are not committed" },
  interactive: { type: "boolean", never: ONCE, help: "ask about each patch that is proved: apply it, skip it, show it; and write those that were chosen" },
  force: { type: "boolean", never: ONCE, help: "with --write and --interactive: also into files with changes that are not committed" },
  patch: { type: "string", kind: "output", value: "FILE", help: "write the patches that are proved as one file that `git apply` takes" },
  json: { type: "optional", kind: "output", value: "FILE", help: "what was found, tried and proved, as JSON (docs/fix.md)" },
  sarif: { type: "string", kind: "output", value: "FILE", help: "write the findings as SARIF 2.1.0, each with its proved patches as `fixes`" },
  review: { type: "string", kind: "output", value: "FILE", help: "write the patches as a review of a pull request with suggestions, for GitHub's API" },
  v: { type: "boolean", goStyle: true, help: "in full: every patch that holds, and every one that does not" },
  ...EXPLORING,
  ...BUILD_FLAGS,
} as const satisfies FlagSpecs;

const BUDGET = { run: 10_000, test: 3_000 } as const;

export const command: Command = {
  name: "fix",
  summary: "Proposes patches for what was found in Go or TypeScript, and shows only those that are proved to mend it.",
  flags: FLAGS,
  usage: usageText(
    "fix [flags] [report.json | packages | files.test.ts] [-- arguments]",
    "For each finding of a report that --json wrote, or of the packages' tests: patches that its cause suggests, each built beside\n" +
      "your files and explored with the same tests under the same bounds. A patch is shown only if the finding is gone in every\n" +
      "schedule, nothing new is found, every test that passed natively passes, and go vet (for TypeScript the type checker) says nothing new. Where none holds,\n" +
      "the one that came nearest is named, with the schedule that speaks against it. Exit code 1 while findings are left in the files.",
    FLAGS,
    ["unpark fix ./...", "unpark fix --patch=leaks.patch ./server && git apply leaks.patch", "unpark fix --write report.json", "unpark fix --main ./cmd/thing -- -c 2", "unpark fix src/pool.test.ts"],
  ),
  // A report says itself how it was explored.
  settable: (argv) => {
    const parsed = parseFlags(FLAGS, argv);
    if (!parsed.ok || !isReport(parsed.value.positionals)) return FLAGS;
    const { budget, schedules, workers, memory, way, patch, json, sarif, review, v } = FLAGS;
    return { budget, schedules, workers, memory, way, patch, json, sarif, review, v };
  },
  run: withFlags(FLAGS, async (given, io) => {
    const asked = await requestOf(given, io);
    if (!asked.ok) return complain(io, asked.error);
    const { flags } = given;
    const { interactive, force, json } = flags;
    if (interactive && json === true) return complain(io, "--interactive talks on stdout, where the data would go: give it a file (--json=FILE)");
    const line = new ProgressLine(io);
    const chooser = interactive ? new FixChooser(io, { force }) : undefined;
    const request = chooser === undefined ? asked.value : { ...asked.value, choose: (outcome: FixOutcome) => (line.clear(), chooser.choose(outcome)) };
    const done = await (request.language === "go" ? fixGo(request, line.listener(undefined)) : fixTs(request, line.listener(flags.v ? (_, bytes) => passOn(io.stderr, bytes) : undefined)));
    line.clear();
    await chooser?.close();
    if (!done.ok) return complain(io, done.error);
    return deliver(done.value, flags, io);
  }),
};

async function requestOf(parsed: Flags<typeof FLAGS>, io: Io): Promise<Result<FixRequest, string>> {
  const { flags, positionals, rest = [] } = parsed;
  const ways = waysOf(flags.way);
  if (!ways.ok) return ways;
  const recorded = await recordedOf(parsed, io);
  if (!recorded.ok) return recorded;
  const origin = recorded.value?.origin;
  const command = origin?.command ?? (flags.main ? "run" : "test");
  const settings = readSettings({ ...flags, ...boundsAsRecorded(flags, origin) });
  if (!settings.ok) return settings;
  const patterns = recorded.value?.patterns ?? (positionals.length > 0 ? positionals : ["."]);
  const language = languageOf({ patterns, origin, command, flags, cwd: io.cwd });
  if (!language.ok) return language;
  const root = await repositoryRoot(io.cwd, io.env);
  const { overrides, skips } = origin === undefined ? { overrides: io.project.overrides, skips: io.project.config.skip } : { overrides: flags.faults === undefined ? recordedFaults(origin, io.cwd) : [], skips: [] };
  return ok({
    command,
    cwd: io.cwd,
    env: io.env,
    patterns,
    language: language.value,
    said: settings.value,
    args: origin?.args ?? rest,
    settings: settingsHere(settings.value, BUDGET[command]),
    overrides,
    skips,
    counts: (finding) => countsFor(finding, io.project.config, new Date().toISOString().slice(0, 10)),
    unparkVersion: version(),
    signal: io.signal,
    root,
    results: { cache: resultCache(io.env), further: false },
    ...exploredWith(origin, flags),
    ...optional({ threads: io.threads, wanted: recorded.value?.wanted, ways: ways.value }),
  });
}

type FixFlags = Flags<typeof FLAGS>["flags"];

/** What the flags do not say is as it was when the report was made. */
const boundsAsRecorded = (flags: FixFlags, origin: ExaminationOrigin | undefined): Pick<FixFlags, "faults" | "horizon"> => ({ faults: flags.faults ?? origin?.faults?.toString(), horizon: flags.horizon ?? origin?.horizon });

function waysOf(names: readonly string[]): Result<readonly Way[] | undefined, string> {
  const wrong = names.find((name) => !WAYS.some((way) => way === name));
  if (wrong !== undefined) return err(`--way takes one of ${WAYS.join(", ")}, but got '${wrong}'`);
  return ok(names.length === 0 ? undefined : (names as readonly Way[]));
}

/** Undefined: no report is given, but packages. */
async function recordedOf({ flags, positionals }: Flags<typeof FLAGS>, io: Io): Promise<Result<Recorded | undefined, string>> {
  const [first, second] = positionals;
  if (first === undefined || !isReport(positionals)) return flags.finding === undefined ? ok(undefined) : err("--finding is of a report: unpark fix --finding 2 report.json");
  const recorded = await fromReport(first, flags.finding, io);
  if (!recorded.ok) return recorded;
  return second === undefined ? recorded : err(`fix takes one report, or packages, but got '${second}' too`);
}

interface Asked {
  readonly patterns: readonly string[];
  readonly origin: ExaminationOrigin | undefined;
  readonly command: "run" | "test";
  readonly flags: FixFlags;
  readonly cwd: string;
}

/** Which language the patterns are of, unless a flag is of the other. */
function languageOf({ patterns, origin, command, flags: { tags, short, skip, runner }, cwd }: Asked): Result<"go" | "ts", string> {
  const { go, ts } = byLanguage(patterns, cwd);
  const isTs = origin === undefined ? ts.length > 0 : origin.runner !== undefined || go.length === 0;
  if (!isTs) return runner === undefined ? ok("go") : err("--runner is of TypeScript tests");
  if (origin === undefined && go.length > 0) return err(`${go[0]} is Go's and ${ts[0]} TypeScript's: name one of them at a time`);
  const goFlag = tags !== undefined ? "tags" : short ? "short" : skip !== undefined ? "skip" : undefined;
  if (goFlag !== undefined) return err(`-${goFlag} is of Go, but ${patterns[0]} is TypeScript`);
  return command === "run" && patterns.length !== 1 ? err("--main takes one program of TypeScript: unpark fix --main program.ts") : ok("ts");
}

/** Flags of the exploration: those given now, or else those of the report. */
function exploredWith(origin: ExaminationOrigin | undefined, { tags, run, skip, horizon, runner, short }: FixFlags): Pick<FixRequest, "short" | "tags" | "run" | "skip" | "count" | "goVersion" | "horizonText" | "runner"> {
  return {
    short: origin?.short ?? short,
    ...optional({ tags: tags ?? origin?.tags, run: run ?? origin?.run, skip: skip ?? origin?.skip, count: origin?.count, goVersion: origin?.goVersion, horizonText: horizon ?? origin?.horizon, runner: runner ?? origin?.runner }),
  };
}

const recordedFaults = ({ packageFaults = {} }: ExaminationOrigin, root: string): readonly PackageOverride[] =>
  Object.entries(packageFaults).map(([match, faults]) => ({ match, root, settings: { faults } }));

const isReport = ([first = ""]: readonly string[]): boolean => /\.json$/.test(first);

interface Recorded {
  readonly origin: ExaminationOrigin;
  readonly patterns: readonly string[];
  readonly wanted: (finding: Finding) => boolean;
}

/** The findings of a report: what was asked for then is asked for again, and theirs are the places that count. */
async function fromReport(path: string, wanted: string | undefined, io: Io): Promise<Result<Recorded, string>> {
  const text = await readGivenFile(path, io);
  if (!text.ok) return text;
  const holds = (why: string): Result<never, string> => err(`cannot fix what ${path} holds: ${why}`);
  const report = readReport(text.value);
  if (!report.ok) return holds(report.error);
  const { origin, findings } = report.value;
  const chosen = findings.filter(({ number }) => wanted === undefined || number === Number(wanted));
  if (chosen.length === 0) return holds(wanted === undefined ? "it has no finding with a schedule" : `there is no finding ${wanted}; it has findings ${findings.map(({ number }) => number).join(", ")}`);
  const keys = new Set(chosen.map(keyOf));
  const patterns = origin.command === "run" || origin.runner !== undefined ? origin.packages : [...new Set(chosen.map((one) => one.package))];
  return ok({ origin, patterns, wanted: (finding) => keys.has(keyOf({ ...finding, package: finding.package ?? "" })) });
}

/** A report knows a finding by its program and verdict; the sources may have moved since. */
const keyOf = ({ package: path, test, verdict, blocked }: Pick<RecordedFinding, "package" | "verdict" | "test"> & Partial<Pick<Finding, "blocked">>): string => JSON.stringify([path, test ?? "", verdict, blocked?.function ?? ""]);

async function deliver(report: FixReport, flags: FixFlags, io: Io): Promise<number> {
  const written = await write(report, flags, io);
  return written.ok ? print({ ...report, written: written.value }, flags, io) : complain(io, written.error);
}

/** The files that were written, where that was asked for. */
async function write({ together }: FixReport, flags: FixFlags, io: Io): Promise<Result<readonly string[], string>> {
  if (!(flags.write || flags.interactive) || together === undefined || io.signal.aborted) return ok([]);
  const dirty = flags.force ? [] : await dirtyFiles(together.files.map(({ file }) => file), io.cwd, io.env);
  if (dirty.length > 0) return err(`not written: ${dirty.join(", ")} ${dirty.length === 1 ? "has" : "have"} changes that are not committed: commit them, or --force`);
  return writeFixes(together.files);
}

/** Into the files that were asked for, and on the terminal. */
function print(whole: FixReport, flags: FixFlags, io: Io): number {
  const { together } = whole;
  const files = [["patch", together && (() => together.diff)], ["sarif", () => fixSarif(whole, { cwd: io.cwd })], ["review", () => fixReview(whole)]] as const;
  for (const [name, text] of files) {
    const file = flags[name];
    if (file === undefined || text === undefined) continue;
    const saved = writeWhole(text(), resolve(io.cwd, file));
    if (!saved.ok) return complain(io, `--${name}: ${file} ${saved.error}`);
  }
  if (flags.json === true) io.stdout.write(fixJson(whole));
  else {
    const style = io.colour ? coloured : plain;
    io.stdout.write(flags.interactive && whole.outcomes.some(({ proved }) => proved.length > 0) ? `\n${totalsText(whole)}` : fixText(whole, { style, cwd: io.cwd, verbose: flags.v }));
    const saved = flags.json === undefined ? ok(undefined) : writeWhole(fixJson(whole), resolve(io.cwd, flags.json));
    if (!saved.ok) return complain(io, `--json: ${flags.json} ${saved.error}`);
  }
  return io.signal.aborted ? FAILED : fixExit(whole);
}
