import { optional } from "../../base/optional.js";
import { exploreGo } from "../../pipeline/go/run-go.js";
import { runTs } from "../../pipeline/typescript/run-ts.js";
import { isScript } from "../../pipeline/typescript/test-ts.js";
import { keepLastReport } from "../../pipeline/results/last-report.js";
import { version } from "../version.js";
import { accept } from "../accept.js";
import { withFlags, type Command } from "../command.js";
import { BUILD_FLAGS, EXPLORE_FLAGS, isOnePackage, OUTPUT_FLAGS, readSettings, settingsHere } from "../flags/explore-flags.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain, passOn } from "../io.js";
import { deliver, stdoutIsData } from "../output.js";
import { ProgressLine } from "../progress-line.js";

const FLAGS = { ...EXPLORE_FLAGS, budget: { ...EXPLORE_FLAGS.budget, usual: "10s" }, ...BUILD_FLAGS, ...OUTPUT_FLAGS } as const satisfies FlagSpecs;
const BUDGET = 10_000;
/** An entry of the settings that is for another program is no news. */
const ONE_PROGRAM = { baseline: undefined, update: false, partial: true } as const;

export const command: Command = {
  name: "run",
  summary: "Runs a Go main package or a TypeScript program under control, in many schedules, and reports every leak.",
  flags: FLAGS,
  usage: usageText(
    "run [flags] <package | files.go | program.ts> [-- arguments]",
    "Builds a main package with your own Go, runs it in its natural schedule (what it prints is shown), then in as many\n" +
      "other schedules as the budget allows, silently, and reports each goroutine leak once, with the schedule that shows it.\n" +
      "Of a TypeScript program, what it hands to runtime.main(…), or its exported main.",
    FLAGS,
    ["unpark run ./cmd/thing -- -c 2", "unpark run --budget 1m --json=report.json main.go"],
  ),
  run: withFlags(FLAGS, async ({ flags, positionals, rest = [] }, io) => {
    const said = readSettings(flags);
    if (!said.ok) return complain(io, said.error);
    if (positionals.length === 0) return complain(io, "run needs a main package, Go files or a TypeScript program: unpark run ./cmd/thing");
    if (!isOnePackage(positionals)) {
      return complain(io, `run takes one package; the program's own arguments stand behind --: unpark run ${positionals[0]} -- ${positionals.slice(1).join(" ")}`);
    }
    const line = new ProgressLine(io);
    const shown = stdoutIsData(flags) ? undefined : (stream: "stdout" | "stderr", bytes: Uint8Array) => passOn(io[stream], bytes);
    const [file] = positionals;
    if (isScript(file!)) {
      const options = { ...said.value, ...(flags.strict ? { strict: true } : {}) };
      const report = await runTs({ cwd: io.cwd, env: io.env, file: file!, args: rest, options, unparkVersion: version(), signal: io.signal }, shown ?? (() => undefined));
      const left = accept(report, io.project.config, ONE_PROGRAM, io);
      return left.ok ? deliver(left.value, flags, io) : complain(io, left.error);
    }
    const { tags, horizon } = flags;
    const report = await exploreGo(
      {
        command: "run",
        cwd: io.cwd,
        env: io.env,
        patterns: positionals,
        args: rest,
        settings: { ...settingsHere(said.value, BUDGET), ...(flags.html === undefined ? {} : { pictures: true as const }) },
        unparkVersion: version(),
        signal: io.signal,
        overrides: io.project.overrides,
        ...optional({ tags, threads: io.threads, horizonText: horizon }),
      },
      line.listener(shown),
    );
    line.clear();
    const left = accept(report, io.project.config, ONE_PROGRAM, io);
    if (!left.ok) return complain(io, left.error);
    keepLastReport({ cwd: io.cwd, env: io.env, found: report, left: left.value, partial: true });
    return deliver(left.value, flags, io);
  }),
};
