import { availableParallelism } from "node:os";
import { optional } from "../base/optional.js";
import { parseDuration } from "../base/duration.js";
import { err, ok, type Result } from "../base/result.js";
import type { Report } from "../model/examination.js";
import { nativeTest, type NativeRequest } from "../pipeline/native/native.js";
import { readConfig } from "../pipeline/config/read-config.js";
import type { Settings } from "../pipeline/config/settings.js";
import type { Stress } from "../pipeline/native/stress.js";
import { accept, type AcceptChoice } from "./accept.js";
import { readSettings } from "./explore-flags.js";
import { closest } from "./flags.js";
import { nativeExit } from "../report/exit-code.js";
import { complain, type Io, passOn } from "./io.js";
import { deliver, stdoutIsData, type OutputChoice } from "./output.js";
import { ProgressLine } from "./progress-line.js";
import { version } from "./version.js";

/** Unpark's own flags begin with two dashes; everything else is go test's and passed on as it is. */
const OWN = ["--native", "--deep", "--each", "--strict", "--json", "--sarif", "--gitlab", "--junit", "--markdown", "--github", "--baseline", "--update-baseline", "--stress", "--budget"] as const;
/** Those that take a value. */
const VALUED = ["--json", "--sarif", "--gitlab", "--junit", "--markdown", "--baseline", "--stress", "--budget"];
/** What the explorer may spend on each test in which --stress found something (ms). */
const BUDGET = 10_000;

interface NativeFlags extends OutputChoice {
  readonly goTest: readonly string[];
  readonly deep: boolean;
  readonly each: boolean;
  readonly accept: AcceptChoice;
  readonly stress: Stress | undefined;
  readonly settings: Settings;
}

/** Splits `unpark test --native`'s words into Unpark's flags and go test's words. */
export function splitNative(argv: readonly string[]): Result<NativeFlags, string> {
  const found = new Map<string, string | true>();
  const goTest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (/^--?args$/.test(word)) {
      goTest.push(...argv.slice(i));
      break;
    }
    if (!word.startsWith("--")) {
      goTest.push(word);
      continue;
    }
    const [, name = "", value] = /^(--[^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (!(OWN as readonly string[]).includes(name)) {
      const close = closest(name, OWN);
      return err(`unknown flag ${name}${close === undefined ? `: Unpark's own flags have two dashes, go test's one (${name.slice(1)})` : `; did you mean ${close}?`}`);
    }
    if (value !== undefined && !VALUED.includes(name)) return err(`${name} takes no value, but got '${value}'`);
    found.set(name, value ?? true);
  }
  const form = (name: string): string | true | undefined => found.get(name);
  const stress = form("--stress") === undefined ? ok(undefined) : readStress(form("--stress")!);
  if (!stress.ok) return stress;
  if (form("--budget") === true) return err("--budget needs a value: --budget=30s");
  const settings = readSettings({ ...NO_FLAGS, budget: form("--budget") as string | undefined }, BUDGET, availableParallelism());
  if (!settings.ok) return settings;
  if (found.has("--budget") && stress.value === undefined) return err("--budget is for what --stress finds: it is given to the explorer");
  const accept: AcceptChoice = { baseline: form("--baseline"), update: found.has("--update-baseline") };
  return ok({ goTest, accept, stress: stress.value, settings: settings.value, deep: found.has("--deep"), each: found.has("--each"), json: form("--json"), sarif: form("--sarif"), gitlab: form("--gitlab"), junit: form("--junit"), markdown: form("--markdown"), github: found.has("--github"), strict: found.has("--strict") });
}

/** `--stress=200` runs of each test, or `--stress=30s`. */
function readStress(text: string | true): Result<Stress, string> {
  if (text === true) return err("--stress needs a value: --stress=200 (runs of each test) or --stress=30s");
  if (/^[1-9]\d{0,6}$/.test(text)) return ok({ kind: "runs", runs: Number(text), cores: availableParallelism() });
  const time = parseDuration(text);
  return time.ok && /[a-z]$/.test(text) ? ok({ kind: "time", milliseconds: Number(time.value / 1_000_000n), cores: availableParallelism() }) : err(`--stress takes a number of runs or a time, but got '${text}'`);
}

/** `unpark test --native …`: go test's output as it comes, then what its tests left behind. */
export async function runNative(argv: readonly string[], io: Io): Promise<number> {
  const split = splitNative(argv);
  if (!split.ok) return complain(io, split.error);
  const choice = split.value;
  const config = await readConfig(io.cwd);
  if (!config.ok) return complain(io, config.error);
  const goJson = choice.goTest.some((word) => /^-json(=true)?$/.test(word)); // go's own stream of events stays whole
  const request: NativeRequest = {
    cwd: io.cwd,
    env: io.env,
    args: choice.goTest,
    deep: choice.deep,
    each: choice.each,
    ...optional({ stress: choice.stress }),
    unparkVersion: version(),
    signal: io.signal,
  };
  const { report, goTest } = await nativeTest(request, (stream, bytes) => passOn(stream === "stdout" && !stdoutIsData(choice) ? io.stdout : io.stderr, bytes));
  const left = accept(report, config.value, choice.accept, io);
  if (!left.ok) return complain(io, left.error);
  const told = choice.stress === undefined ? left.value : await explained(left.value, request, choice.settings, io);
  const code = deliver(told, choice, goJson && !stdoutIsData(choice) ? { ...io, stdout: io.stderr } : io);
  return nativeExit(code, goTest);
}

/** What was met by chance is looked for by the explorer, which gives a schedule that can be replayed. */
async function explained(report: Report, request: NativeRequest, settings: Settings, io: Io): Promise<Report> {
  const { withSchedules } = await import("../pipeline/native/stress-schedules.js");
  const line = new ProgressLine(io);
  const told = await withSchedules(report, request, settings, line.listener(undefined));
  line.clear();
  return told;
}

const NO_FLAGS = { schedules: undefined, workers: undefined, seed: undefined, preemptions: undefined, strategy: undefined, faults: undefined, clock: undefined, horizon: undefined, strict: false };
