import { isAbsolute, resolve } from "node:path";
import { existsSync } from "node:fs";
import { optional } from "../../base/optional.js";
import { nativeEnvironment } from "../../pipeline/native/native-env.js";
import { censusReport } from "../../pipeline/native/native-report.js";
import { CLEAN, reportExit } from "../../report/exit-code.js";
import { environmentText, type EnvironmentForm } from "../../report/env/text.js";
import { nativeSubtests } from "../../report/exploration/native-subtests.js";
import { accept, BASELINE_FILE } from "../accept.js";
import { withFlags, type Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { type Flags, type FlagSpecs, usageText } from "../flags/flags.js";
import { complain, ioWith, type Io } from "../io.js";
import { version } from "../version.js";

const FLAGS = {
  deep: { type: "boolean", help: "with the runtime changed, too: proves more, and compiles the standard library once more (docs/native.md)" },
  strict: { type: "boolean", shared: true, help: "what lingers is a finding, too" },
  baseline: { type: "optional", shared: true, kind: "output", value: "FILE", help: "what this file holds does not count (unpark test --native --baseline makes it)" },
  json: { type: "boolean", never: ONCE, help: "as a JSON object, for an editor's settings" },
  "env-file": { type: "boolean", never: ONCE, help: "as NAME=value lines, for $GITHUB_ENV and env files" },
  read: { type: "string", never: ONCE, value: "FILE", help: "print what a test binary has left behind: the test binaries themselves ask for it" },
  syntax: { type: "string", never: ONCE, value: "FILE", help: "with --read: the program that reads Go's syntax" },
  all: { type: "boolean", never: ONCE, help: "with --read: notes, too, as go test -v shows tests that pass" },
  marks: { type: "boolean", never: ONCE, help: "with --read: marked for go test -json" },
} as const satisfies FlagSpecs;

type EnvFlags = Flags<typeof FLAGS>["flags"];

export const command: Command = {
  name: "env",
  summary: "Prints the environment in which any `go test` is a leak check: for editors, gotestsum, scripts.",
  flags: FLAGS,
  usage: usageText(
    "env [flags]",
    "Prints variables (GOFLAGS with an overlay, GOTOOLCHAIN) for a shell. With them a test binary that leaves goroutines behind prints them\n" +
      "as failing subtests, TestX/unpark:leaked, and fails; what .unpark.yaml says holds there, too. The variables are for this folder's Go and for\n" +
      "tests: unset them for `go build`. Print them again when Go or Unpark changes. `-overlay` and `-ldflags` on the command line take their place.",
    FLAGS,
    ['eval "$(unpark env)" && go test ./...', 'eval "$(unpark env --strict)" && gotestsum ./...', "unpark env --env-file >> \"$GITHUB_ENV\"", "unpark env --json"],
  ),
  run: withFlags(FLAGS, async ({ flags, positionals, rest }, io) => {
    if (positionals.length > 0 || rest !== undefined) return complain(io, "env takes no arguments: it is about the folder that you are in");
    return flags.read === undefined ? print(flags, io) : read(flags.read, flags, io);
  }),
};

async function print(flags: EnvFlags, io: Io): Promise<number> {
  if (flags.json && flags["env-file"]) return complain(io, "--json and --env-file are two forms of the same: choose one");
  const baseline = flags.baseline === undefined ? undefined : resolve(io.cwd, flags.baseline === true ? BASELINE_FILE : flags.baseline);
  if (baseline !== undefined && !existsSync(baseline)) return complain(io, `there is no ${baseline}: unpark test --native --baseline${flags.baseline === true ? "" : `=${flags.baseline}`} ./... makes it`);
  const words = [...(flags.strict ? ["--strict"] : []), ...(baseline === undefined ? [] : [`--baseline=${baseline}`])];
  const made = await nativeEnvironment({ cwd: io.cwd, env: io.env, deep: flags.deep, signal: io.signal, reader: [...io.self, "env", ...words] });
  if (!made.ok) return complain(io, made.error);
  const form: EnvironmentForm = flags.json ? "json" : flags["env-file"] ? "env-file" : "shell";
  const { variables, unproved } = made.value;
  if (unproved !== undefined && !flags.strict) complain(io, `Go ${unproved} has no leak collection (Go 1.26 has): what is left is a note, and fails only with --strict`);
  io.stdout.write(environmentText(variables, form, io.env["PATH"]));
  return CLEAN;
}

/** In a test binary's last moment: what it left, on its own stdout. The exit code becomes the test binary's. */
async function read(file: string, flags: EnvFlags, io: Io): Promise<number> {
  if (!isAbsolute(file)) return complain(io, "--read is for test binaries, which name their report by its whole path");
  const report = censusReport(file, { unparkVersion: version(), ...optional({ tool: flags.syntax }) });
  const quiet = ioWith(io, { stderr: { write: () => undefined } }); // one package's binary cannot say that an entry fits nothing
  const left = accept(report, io.project.config, { baseline: flags.baseline, update: false }, quiet);
  if (!left.ok) return complain(io, left.error);
  for (const failure of left.value.failures) complain(io, failure.message);
  io.stdout.write(nativeSubtests(left.value, { all: flags.all, marks: flags.marks, strict: flags.strict, cwd: io.cwd }));
  return reportExit(left.value, flags.strict);
}
