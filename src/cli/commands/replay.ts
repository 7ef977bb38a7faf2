import { resolve } from "node:path";
import { optional } from "../../base/optional.js";
import { readGivenFile } from "../../pipeline/given-file.js";
import { err, ok, type Result } from "../../base/result.js";
import { faultsIn, type ExaminationOrigin, type Report } from "../../model/results/examination.js";
import { isNote } from "../../model/finding/finding.js";
import { replayGo } from "../../pipeline/go/replay-finding.js";
import type { Listener } from "../../pipeline/go/explore-request.js";
import { runTs } from "../../pipeline/typescript/run-ts.js";
import { isRunner, isScript, testTs } from "../../pipeline/typescript/test-ts.js";
import { reportValue } from "../../report/exploration/json.js";
import { lastReports } from "../../pipeline/results/last-report.js";
import { readReport, type RecordedFinding, type RecordedReport } from "../../report/exploration/read-json.js";
import { withFlags, type Command } from "../command.js";
import { BUILD_FLAGS, isOnePackage, ONCE, OUTPUT_FLAGS, readSettings, settingsHere, SHORT } from "../flags/explore-flags.js";
import { parseFlags, usageText, type Flags, type FlagSpecs } from "../flags/flags.js";
import { writeWhole } from "../../pipeline/go/save.js";
import { below, replayPage, shownRun } from "../../report/schedule/html.js";
import { debug } from "../debug.js";
import { complain, type Io } from "../io.js";
import { deliver, stdoutIsData } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { version } from "../version.js";

const FLAGS = {
  test: { type: "string", never: ONCE, value: "NAME", help: "the test whose schedule it is" },
  finding: { type: "string", never: ONCE, value: "N", help: "which finding of the report (default: the first that is no note)" },
  short: SHORT,
  run: { type: "string", goStyle: true, never: ONCE, value: "REGEXP", help: "the -run that the test was explored with, if that named subtests" },
  skip: { type: "string", goStyle: true, never: ONCE, value: "REGEXP", help: "the -skip that it was explored with" },
  count: { type: "string", goStyle: true, never: ONCE, value: "N", help: "the -count that it was explored with" },
  faults: { type: "string", shared: true, kind: "count", usual: "0", value: "N", help: "the --faults that it was explored with: how many things may go wrong in a run" },
  runner: { type: "string", kind: ["vitest", "jest", "node"], value: "NAME", help: "of TypeScript tests: vitest, jest or node" },
  web: { type: "optional", kind: "output", value: "FILE", help: "write the schedule as a picture: one page to step through, without network (unpark-schedule.html)" },
  interactive: { type: "boolean", never: ONCE, help: "step through the schedule here, forwards and backwards: where each goroutine is, which locks it holds" },
  ...BUILD_FLAGS,
  ...OUTPUT_FLAGS,
} as const satisfies FlagSpecs;

export const command: Command = {
  name: "replay",
  summary: "Does one schedule again, step by step.",
  flags: FLAGS,
  usage: usageText(
    "replay [flags] <schedule | report.json> [package] [-- arguments]",
    "Builds the program again and does one recorded schedule of it. A report that --json wrote holds all that is needed;\n" +
      "a schedule alone needs the package, and the test if it is one's. With another Go version, or after a change of the\n" +
      "source, the schedule may not fit any more: then the first step that does not fit is named.",
    FLAGS,
    ["unpark replay 'u1 1.1 @ 1' ./cmd/thing -- -c 2", "unpark replay 'u1 1 1.1*3' --test=TestServer ./server", "unpark replay --finding 2 report.json"],
  ),
  // A report says itself how it was explored; of a schedule alone the project's settings hold, as they did for the exploration.
  settable: (argv) => {
    const parsed = parseFlags(FLAGS, argv);
    return parsed.ok && !isSchedule(parsed.value.positionals) ? { ...OUTPUT_FLAGS, web: FLAGS.web, memory: FLAGS.memory } : FLAGS;
  },
  run: withFlags(FLAGS, async (given, io) => {
    const wanted = await what(given, io);
    if (!wanted.ok) return complain(io, wanted.error);
    const { origin, finding } = wanted.value;
    const settings = readSettings({ workers: "1", faults: faultsIn(origin, finding.package)?.toString(), horizon: origin.horizon, memory: given.flags.memory });
    if (!settings.ok) return complain(io, settings.error);
    const { flags } = given;
    if (flags.interactive === true && stdoutIsData({ ...flags, strict: false })) return complain(io, "--interactive talks on stdout, where the report's data would go: give that form a file (--json=FILE)");
    const line = new ProgressLine(io);
    const shown = stdoutIsData({ ...flags, strict: false }) ? undefined : (stream: "stdout" | "stderr", bytes: Uint8Array) => io[stream].write(bytes);
    const { command: kind, packages, args, tags, short, run, skip, count, horizon, goVersion } = origin;
    if (isScript(finding.package)) return show(await replayScript(wanted.value, io, shown ?? (() => undefined)), flags, io);
    const report = await replayGo(
      {
        command: kind,
        cwd: io.cwd,
        env: io.env,
        patterns: kind === "test" ? [finding.package] : packages,
        args,
        settings: settingsHere(settings.value, 0),
        unparkVersion: version(),
        schedule: finding.schedule,
        ...(isSchedule(given.positionals) ? { overrides: io.project.overrides } : {}),
        signal: io.signal,
        ...optional({ test: finding.program ?? finding.test, tags, short, run, skip, count, goVersion, horizonText: horizon }),
      },
      line.listener(shown),
    );
    line.clear();
    return show(report, flags, io);
  }),
};

/** The report, and the page and the debugger where they were asked for. */
async function show(report: Report, flags: Flags<typeof FLAGS>["flags"], io: Io): Promise<number> {
  const code = deliver(report, { ...flags, strict: false }, io);
  if (report.failures.length > 0) return code;
  const saved = flags.web === undefined ? code : page(report, flags.web === true ? "unpark-schedule.html" : flags.web, code, io);
  if (flags.interactive !== true) return saved;
  const shown = shownRun(report);
  if (shown === undefined) return complain(io, "--interactive: the replay has no steps to go through");
  await debug(below(shown.run, io.cwd), io);
  return saved;
}

function page(report: Report, file: string, code: number, io: Io): number {
  const html = replayPage(report, io.cwd);
  if (html === undefined) return complain(io, "--web: the replay has no steps to draw");
  const written = writeWhole(html, resolve(io.cwd, file));
  if (!written.ok) return complain(io, `--web: ${file} ${written.error}`);
  io.stderr.write(`wrote ${file}\n`);
  return code;
}

/** Of TypeScript: the runner, or the program, again; it does the one schedule in place of exploring. */
function replayScript({ origin, finding }: Wanted, io: Io, output: NonNullable<Listener["output"]>): Promise<Report> {
  const { runner, args } = origin;
  const common = { cwd: io.cwd, env: io.env, args, options: {}, replay: finding, unparkVersion: version(), signal: io.signal };
  if (finding.test === undefined) return runTs({ ...common, file: finding.package }, output);
  const chosen = runner !== undefined && isRunner(runner) ? { runner } : {};
  return testTs({ ...common, ...chosen, patterns: [finding.package] }, (_, bytes) => io.stderr.write(bytes));
}

const isSchedule = ([first = ""]: readonly string[]): boolean => /^u\d+e?( |$)/.test(first);

interface Wanted {
  readonly origin: ExaminationOrigin;
  readonly finding: Pick<RecordedFinding, "package" | "test" | "program" | "schedule">;
}

async function what({ flags, positionals, rest = [] }: Flags<typeof FLAGS>, io: Io): Promise<Result<Wanted, string>> {
  const [first, ...packages] = positionals;
  if (first === undefined && (flags.test !== undefined || flags.finding !== undefined)) return fromLast(flags, io);
  if (first === undefined) return err("replay needs a schedule or a report: unpark replay 'u1 …' ./package, or unpark replay report.json; or a test of this project's last report: unpark replay --test=TestX");
  const { test, tags, short, run, skip, count, horizon, faults, runner } = flags;
  if (!isSchedule(positionals)) {
    if (packages.length === 0) return fromReport(first, flags.finding, io);
    return err(/\.json$/.test(first) ? `replay takes one report, but got '${packages[0]}' too` : `'${first}' is no schedule: one begins with u1, as in unpark replay 'u1 1.1*3' ${packages[0]}`);
  }
  if (packages.length === 0) return err(`a schedule alone does not say which program it is of: unpark replay '${first.length > 40 ? `${first.slice(0, 40)}…` : first}' ./package`);
  if (!isOnePackage(packages)) return err(`a schedule is of one package, but got '${packages[1]}' too; the program's own arguments stand behind --: unpark replay 'u1 …' ${packages[0]} -- ${packages.slice(1).join(" ")}`);
  const origin: ExaminationOrigin = {
    command: test === undefined ? "run" : "test",
    unpark: version(),
    packages,
    args: rest,
    short,
    ...optional({ tags, run, skip, count, horizon, runner }),
    ...(faults === undefined ? {} : { faults: Number(faults) }),
  };
  return ok({ origin, finding: { package: packages[0]!, schedule: first, ...optional({ test }) } });
}

async function fromReport(path: string, wanted: string | undefined, io: Io): Promise<Result<Wanted, string>> {
  const text = await readGivenFile(path, io);
  if (!text.ok) return io.signal.aborted ? text : err(`'${path}' is neither a schedule (it would begin with u1) nor a report that can be read: ${text.error}`);
  const report = readReport(text.value);
  return report.ok ? oneOf(report.value, path, wanted, io) : err(`cannot replay ${path}: ${report.error}`);
}

/** Of what this project's last exploration found: all findings, or those of one test. */
function fromLast({ test, finding }: Flags<typeof FLAGS>["flags"], io: Io): Result<Wanted, string> {
  for (const last of lastReports(io.cwd, io.env)) {
    const report = readReport(JSON.stringify(reportValue(last.report)));
    if (!report.ok) continue;
    const findings = report.value.findings.filter((one) => test === undefined || test === one.test || test === one.program);
    if (findings.length > 0) return oneOf({ ...report.value, findings }, "the last report", finding, io);
  }
  return err(`this project's last report has no finding with a schedule${test === undefined ? "" : ` of ${test}`}: explore it first (unpark test), or give a schedule or a report`);
}

function oneOf({ origin, findings }: RecordedReport, path: string, wanted: string | undefined, io: Io): Result<Wanted, string> {
  const usual = findings.find((one) => !isNote(one)) ?? findings[0];
  const finding = wanted === undefined ? usual : findings.find((one) => one.number === Number(wanted));
  if (finding) {
    if (findings.length > 1) io.stderr.write(`unpark: finding ${finding.number} of ${path}; others: --finding ${findings.filter((one) => one !== finding).map((one) => one.number).join(", ")}\n`);
    return ok({ origin, finding });
  }
  const which = findings.length === 0 ? "it has no finding with a schedule" : `it has findings ${findings.map((one) => one.number).join(", ")}`;
  return err(`cannot replay ${path}: ${wanted === undefined ? "" : `there is no finding ${wanted}; `}${which}`);
}
