import { availableParallelism } from "node:os";
import { optional } from "../base/optional.js";
import { parseDuration } from "../base/duration.js";
import { err, ok, type Result } from "../base/result.js";
import type { Report } from "../model/results/examination.js";
import { notedByGoleak } from "../pipeline/go/goleak-ignores.js";
import type { NativeRequest } from "../pipeline/native/native.js";
import type { ExploreSettings } from "../pipeline/config/settings.js";
import type { Stress } from "../pipeline/native/stress.js";
import { accept } from "./accept.js";
import { BASELINE_FLAGS, BUILD_FLAGS, EXPLORE_FLAGS, ONCE, OUTPUT_FLAGS, readSettings, settingsHere, SHORT } from "./flags/explore-flags.js";
import { parseFlags, type Flags, type FlagSpec, type FlagSpecs } from "./flags/flags.js";
import { nativeExit } from "../report/exit-code.js";
import { complain, ioWith, type Io, passOn } from "./io.js";
import { deliver, stdoutIsData } from "./output.js";
import { ProgressLine } from "./progress-line.js";
import { version } from "./version.js";

/** Unpark's own flags begin with two dashes; everything else is go test's and passed on as it is. */
export const NATIVE_FLAGS = {
  native: { type: "boolean", never: ONCE, help: "run natively, once, at full speed" },
  deep: { type: "boolean", help: "with the runtime changed, too: proves more, and compiles the standard library once more (docs/native.md)" },
  each: { type: "boolean", help: "look at each test's end, too, and not only when the process exits" },
  stress: { type: "string", never: ONCE, value: "N|TIME", help: "run each test so often, or for so long, with delays where goroutines meet" },
  budget: { ...EXPLORE_FLAGS.budget, help: "real time for the explorer, on each test in which --stress found something (default 10s)" },
  strict: EXPLORE_FLAGS.strict,
  json: OUTPUT_FLAGS.json,
  sarif: OUTPUT_FLAGS.sarif,
  gitlab: OUTPUT_FLAGS.gitlab,
  junit: OUTPUT_FLAGS.junit,
  markdown: OUTPUT_FLAGS.markdown,
  github: OUTPUT_FLAGS.github,
  ...BASELINE_FLAGS,
} as const satisfies FlagSpecs;

/** Of a file of settings: these, and what go test itself has; the explorer's budget where it is asked for. */
export function settableNatively(argv: readonly string[]): FlagSpecs {
  const { budget, ...rest } = NATIVE_FLAGS;
  const stress = argv.some((word) => /^--stress(=|$)/.test(word));
  return { ...rest, ...(stress ? { budget } : {}), tags: BUILD_FLAGS.tags, short: SHORT };
}

/** What the explorer may spend on each test in which --stress found something (ms). */
const BUDGET = 10_000;

interface NativeFlags {
  readonly goTest: readonly string[];
  readonly flags: Flags<typeof NATIVE_FLAGS>["flags"];
  readonly stress: Stress | undefined;
  readonly settings: ExploreSettings;
}

/** Splits `unpark test --native`'s words into Unpark's flags and go test's words. */
export function splitNative(argv: readonly string[]): Result<NativeFlags, string> {
  const own: string[] = [];
  const goTest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (/^--?args$/.test(word)) {
      goTest.push(...argv.slice(i));
      break;
    }
    if (!word.startsWith("--") || word === "--") {
      goTest.push(word);
      continue;
    }
    own.push(word);
    const spec = NATIVE_FLAGS[word.slice(2) as keyof typeof NATIVE_FLAGS] as FlagSpec | undefined;
    if (spec?.type === "string" && i + 1 < argv.length) own.push(argv[++i]!);
  }
  const parsed = parseFlags(NATIVE_FLAGS, own, (name) => `: Unpark's own flags have two dashes, go test's one (-${name})`);
  if (!parsed.ok) return parsed;
  const { flags } = parsed.value;
  const stress = flags.stress === undefined ? ok(undefined) : readStress(flags.stress);
  if (!stress.ok) return stress;
  const said = readSettings({ budget: flags.budget });
  if (!said.ok) return said;
  if (flags.budget !== undefined && stress.value === undefined) return err("--budget is for what --stress finds: it is given to the explorer");
  return ok({ goTest, flags, stress: stress.value, settings: settingsHere(said.value, BUDGET) });
}

/** `--stress=200` runs of each test, or `--stress=30s`. */
function readStress(text: string): Result<Stress, string> {
  if (/^[1-9]\d{0,6}$/.test(text)) return ok({ kind: "runs", runs: Number(text), cores: availableParallelism() });
  const time = parseDuration(text);
  return time.ok && /[a-z]$/.test(text) ? ok({ kind: "time", milliseconds: Number(time.value / 1_000_000n), cores: availableParallelism() }) : err(`--stress takes a number of runs or a time, but got '${text}'`);
}

/** `unpark test --native …`: go test's output as it comes, then what its tests left behind. */
export async function runNative(argv: readonly string[], io: Io): Promise<number> {
  const split = splitNative(argv);
  if (!split.ok) return complain(io, split.error);
  const { goTest: words, flags, stress, settings } = split.value;
  const goJson = words.some((word) => /^-json(=true)?$/.test(word)); // go's own stream of events stays whole
  const request: NativeRequest = {
    cwd: io.cwd,
    env: io.env,
    args: words,
    deep: flags.deep,
    each: flags.each,
    ...optional({ stress }),
    overrides: io.project.overrides,
    unparkVersion: version(),
    signal: io.signal,
  };
  const { nativeTest } = await import("../pipeline/native/native.js"); // not needed, and not loaded, where nothing is run natively
  const { report, goTest } = await nativeTest(request, (stream, bytes) => passOn(stream === "stdout" && !stdoutIsData(flags) ? io.stdout : io.stderr, bytes));
  const left = accept(await notedByGoleak(report, io), io.project.config, { baseline: flags.baseline, update: flags["update-baseline"] }, io);
  if (!left.ok) return complain(io, left.error);
  const told = stress === undefined ? left.value : await explained(left.value, request, settings, io);
  const code = deliver(told, flags, goJson && !stdoutIsData(flags) ? ioWith(io, { stdout: io.stderr }) : io);
  return nativeExit(code, goTest);
}

/** What was met by chance is looked for by the explorer, which gives a schedule that can be replayed. */
async function explained(report: Report, request: NativeRequest, settings: ExploreSettings, io: Io): Promise<Report> {
  const { withSchedules } = await import("../pipeline/native/stress-schedules.js");
  const line = new ProgressLine(io);
  const told = await withSchedules(report, request, settings, line.listener(undefined));
  line.clear();
  return told;
}
