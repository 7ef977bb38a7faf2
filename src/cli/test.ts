import { availableParallelism } from "node:os";
import { readConfig } from "../pipeline/config.js";
import type { Request } from "../pipeline/run.js";
import { accept } from "./accept.js";
import { version } from "./version.js";
import type { Command } from "./command.js";
import { BUILD_FLAGS, EXPLORE_FLAGS, OUTPUT_FLAGS, readSettings } from "./explore-flags.js";
import { parseFlags, usageText, type FlagSpecs } from "./flags.js";
import { complain } from "./io.js";
import { deliver } from "./output.js";
import { ProgressLine } from "./progress-line.js";
import { runNative } from "./test-native.js";

const FLAGS = {
  run: { type: "string", goStyle: true, value: "REGEXP", help: "only tests that match, as go test takes it" },
  short: { type: "boolean", goStyle: true, help: "testing.Short() is true" },
  ...EXPLORE_FLAGS,
  ...BUILD_FLAGS,
  ...OUTPUT_FLAGS,
  baseline: { type: "optional", value: "FILE", help: "what this file holds does not count; made where there is none (docs/config.md)" },
  "update-baseline": { type: "boolean", help: "write the baseline again" },
  "no-native": { type: "boolean", help: "leave out the first pass, which runs the tests natively, once" },
  native: { type: "boolean", help: "run natively, once, at full speed: every word with one dash is go test's own. Beside it: --deep, --each, --stress=N|TIME, --strict, --baseline, the forms of the report (docs/native.md)" },
} as const satisfies FlagSpecs;
/** A package may have hundreds of tests: what each gets without asking. */
const BUDGET = 3_000;

export const command: Command = {
  name: "test",
  summary: "Runs Go tests natively once, then each under control in many schedules of its own, and reports every leak.",
  usage: usageText(
    "test [flags] [packages] [-- flags of the test binary]",
    "First runs all tests natively, as go test does, and tells what outlives its test. Then builds the packages' tests with your own Go and explores each top-level test on its own, its subtests and cleanups\n" +
      "inside. A goroutine that is left when the test is over is a leak; one that was there before is never blamed on it.",
    FLAGS,
    ["unpark test ./...", "unpark test -run 'TestServer' -short --budget 30s ./server", "unpark test --native -race -count=2 ./..."],
  ),
  async run(argv, io) {
    if (isNative(argv)) return runNative(argv, io);
    const parsed = parseFlags(FLAGS, argv);
    if (!parsed.ok) return complain(io, parsed.error);
    const { flags, positionals, rest = [] } = parsed.value;
    const settings = readSettings(flags, BUDGET, availableParallelism());
    if (!settings.ok) return complain(io, settings.error);
    const config = await readConfig(io.cwd);
    if (!config.ok) return complain(io, config.error);
    const line = new ProgressLine(io);
    const { tags, run, short, horizon } = flags;
    const request: Request = {
      command: "test",
      cwd: io.cwd,
      env: io.env,
      patterns: positionals.length > 0 ? positionals : ["."],
      args: rest,
      settings: settings.value,
      unparkVersion: version(),
      signal: io.signal,
      short,
      ...(tags === undefined ? {} : { tags }),
      ...(run === undefined ? {} : { run }),
      ...(horizon === undefined ? {} : { horizonText: horizon }),
    };
    const listener = line.listener(undefined);
    const { testBoth } = await import("../pipeline/first-pass.js"); // not needed, and not loaded, for --native
    const { exploreGo } = await import("../pipeline/run.js");
    const report = await (flags["no-native"] ? exploreGo(request, listener) : testBoth(request, listener, (bytes) => io.stderr.write(bytes)));
    line.clear();
    const left = accept(report, config.value, { baseline: flags.baseline, update: flags["update-baseline"] }, io);
    return left.ok ? deliver(left.value, flags, io) : complain(io, left.error);
  },
};

/** `--native` anywhere before `-args` or `--`: then the words are go test's. */
function isNative(argv: readonly string[]): boolean {
  const end = argv.findIndex((word) => word === "--" || /^--?args$/.test(word));
  return argv.slice(0, end < 0 ? argv.length : end).includes("--native");
}
