import { optional } from "../../base/optional.js";
import { readGivenFile } from "../../pipeline/given-file.js";
import { jsonText } from "../../report/shared/json-text.js";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseDuration } from "../../base/duration.js";
import { err, ok, type Result } from "../../base/result.js";
import type { Expectation, Verification } from "../../model/results/verification.js";
import { Builds } from "../../pipeline/services/builds.js";
import { gate, parseAccepted } from "../../pipeline/services/gate.js";
import type { InspectOptions } from "../../pipeline/services/inspect.js";
import { verify } from "../../pipeline/services/verify.js";
import { gateJson, gateJunit, gateText } from "../../report/verify/gate.js";
import { verificationJson } from "../../report/verify/json.js";
import { verificationJunit } from "../../report/verify/junit.js";
import { verificationSarif } from "../../report/verify/sarif.js";
import { verificationText } from "../../report/verify/text.js";
import { withFlags, type Command } from "../command.js";
import { version } from "../version.js";
import { type Flags, type FlagSpecs, usageText } from "../flags/flags.js";
import { FAILED, gateExit, verificationExit } from "../../report/exit-code.js";
import { complain, type Io } from "../io.js";
import { SOURCE_FLAGS, sourceOptions } from "../flags/source-flags.js";
import { TARGET_FLAGS, targetOptions } from "../flags/target-flags.js";

const FLAGS = {
  absent: { type: "list", value: "PATTERN", help: "no goroutine may have this on its stack; may be given again" },
  max: { type: "string", kind: "count", value: "N", help: "at most N goroutines; with --by-label for each value" },
  only: { type: "string", value: "PATTERN", help: "with --max: count only those with this on their stack" },
  baseline: { type: "string", kind: "output", value: "FILE", help: "nothing new or grown since this snapshot (unpark inspect --save)" },
  slack: { type: "string", kind: "count", usual: "0", value: "N", help: "with --baseline: a group may grow by N (0)" },
  wait: { type: "string", kind: "time", usual: "0s", value: "TIME", help: "ask again until it holds, at most this long (0s)" },
  every: { type: "string", kind: "time", usual: "250ms", value: "TIME", help: "pause between two questions (250ms)" },
  json: { type: "boolean", help: "as JSON" },
  junit: { type: "string", kind: "output", value: "FILE", help: "write a JUnit report, too" },
  sarif: { type: "string", kind: "output", value: "FILE", help: "write a SARIF report, too" },
  ignore: { type: "string", kind: "output", value: "FILE", help: "with --leaks: accepted leaks, one a line: 'PATTERN # reason'" },
  "warn-only": { type: "boolean", help: "with --leaks: leaks, and targets that cannot be checked, are named and do not fail the command" },
  builds: { type: "string", kind: "output", value: "FILE", help: "with --leaks and --build: keep in FILE which leaks each build had, and say which build a leak came with" },
  build: { type: "string", value: "NAME", help: "this build's name" },
  ...TARGET_FLAGS,
  ...SOURCE_FLAGS,
} as const satisfies FlagSpecs;

const ABOUT = `Checks a running service's goroutines: the gate behind an integration test.
A PATTERN is a part of a function's name as it stands, or a /regular expression/.
Exit code 0: it holds. 1: it does not, with the stacks at fault. 2: the source could not be read.
With --leaks and no demand: any number of services, each clean, leaking (goroutines that the runtime's leak collection proves
to be leaked) or unchecked. Exit code 1: some leak; 2: none leaks, but some, or all, could not be checked.`;

export const command: Command = {
  name: "verify",
  summary: "Checks that goroutines are gone, few enough, or as before: a gate for CI.",
  flags: FLAGS,
  usage: usageText("verify [flags] SOURCE... | --targets FILE", ABOUT, FLAGS, [
    "unpark verify http://127.0.0.1:6060 --absent '(*Server).logsContainer' --wait 10s",
    "unpark verify http://127.0.0.1:6060 --baseline before.pb.gz --slack 2 --wait 30s --junit report.xml",
    "unpark verify --leaks --targets components.yml --ignore leaks.txt --junit report.xml",
  ]),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    const common = await sourceOptions(flags, io);
    if (!common.ok) return complain(io, common.error);
    const wait = parseDuration(flags.wait ?? "0s");
    const every = parseDuration(flags.every ?? "250ms");
    if (!wait.ok) return complain(io, `--wait: ${wait.error}`);
    if (!every.ok) return complain(io, `--every: ${every.error}`);
    const options = { ...common.value, waitMs: ms(wait.value), pauseMs: Math.max(10, ms(every.value)) };
    if (flags.leaks && flags.absent.length === 0 && flags.max === undefined && flags.baseline === undefined) return leakGate(positionals, flags, options, io);
    const alone = (["ignore", "builds", "build"] as const).find((name) => flags[name] !== undefined) ?? (flags["warn-only"] ? "warn-only" : flags.targets.length > 0 ? "targets" : undefined);
    if (alone !== undefined) return complain(io, `--${alone} is for --leaks without another demand: each of many services, leaking or not`);
    const demands = demandsOf(flags);
    if (!demands.ok) return complain(io, demands.error);
    if (positionals.length !== 1) return complain(io, "verify needs one source; 'unpark verify --help' tells more");
    const result = await verify(positionals[0]!, { ...options, demands: demands.value });
    if (!result.ok) return complain(io, result.error);
    return report(result.value, flags, io);
  }),
};

const ms = (value: bigint): number => Number(value / 1_000_000n);

/** The gate over many components. */
async function leakGate(sources: readonly string[], flags: Flags<typeof FLAGS>["flags"], options: InspectOptions & { readonly waitMs: number; readonly pauseMs: number }, io: Io): Promise<number> {
  if (flags.sarif !== undefined) return complain(io, "--sarif: a gate over many services has a JUnit report (--junit) and JSON (--json)");
  if (sources.length === 0 && flags.targets.length === 0) return complain(io, "nothing to check: give at least one source, or --targets");
  if ((flags.builds === undefined) !== (flags.build === undefined)) return complain(io, "--builds FILE and --build NAME go together");
  const targets = targetOptions(sources, flags, options, io);
  if (!targets.ok) return complain(io, targets.error);
  const accepted = flags.ignore === undefined ? ok([]) : await acceptedLeaks(flags.ignore, io);
  if (!accepted.ok) return complain(io, `--ignore: ${accepted.error}`);
  const builds = flags.builds === undefined ? undefined : Builds.read(resolve(io.cwd, flags.builds), flags.build!);
  if (builds && !builds.ok) return complain(io, `--builds: ${flags.builds}: ${builds.error}`);
  const result = await gate(targets.value, { ...options, accepted: accepted.value, warnOnly: flags["warn-only"], ...optional({ builds: builds?.value }) });
  if (!result.ok) return complain(io, result.error);
  io.stdout.write(flags.json ? jsonText(gateJson(result.value), 1) : gateText(result.value, { colour: io.colour, cwd: io.cwd }));
  const failed = flags.junit !== undefined && !written(flags.junit, gateJunit(result.value, io.cwd), io);
  return failed ? FAILED : gateExit(result.value);
}

async function acceptedLeaks(file: string, io: Io): Promise<ReturnType<typeof parseAccepted>> {
  const text = await readGivenFile(file, io);
  if (!text.ok) return text;
  const accepted = parseAccepted(text.value);
  return accepted.ok ? accepted : err(`${file} ${accepted.error}`);
}

function written(file: string, text: string, io: Io): boolean {
  try {
    writeFileSync(resolve(io.cwd, file), text);
    return true;
  } catch (error) {
    complain(io, `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
    return false;
  }
}

function report(verification: Verification, flags: { json: boolean; junit?: string | undefined; sarif?: string | undefined }, io: Io): number {
  const files: readonly (readonly [string | undefined, () => string])[] = [
    [flags.junit, () => verificationJunit(verification, io.cwd)],
    [flags.sarif, () => verificationSarif(verification, version(), io.cwd)],
  ];
  io.stdout.write(flags.json ? jsonText(verificationJson(verification), 1) : verificationText(verification, { colour: io.colour, cwd: io.cwd }));
  for (const [file, text] of files) {
    if (file !== undefined && !written(file, text(), io)) return FAILED;
  }
  return verificationExit(verification);
}

function demandsOf(flags: Flags<typeof FLAGS>["flags"]): Result<readonly Expectation[], string> {
  const demands: Expectation[] = flags.absent.map((pattern) => ({ kind: "absent", pattern }));
  for (const name of ["max", "slack"] as const) {
    const text = flags[name];
    if (text !== undefined && !/^\d+$/.test(text)) return err(`--${name}: '${text}' is not a number`);
  }
  const each = optional({ byLabel: flags["by-label"] });
  if (flags.max !== undefined) demands.push({ kind: "max", limit: Number(flags.max), ...optional({ only: flags.only }), ...each });
  else if (flags.only !== undefined) return err("--only needs --max");
  if (flags.baseline !== undefined) demands.push({ kind: "baseline", file: flags.baseline, slack: Number(flags.slack ?? "0"), ...each });
  else if (flags.slack !== undefined) return err("--slack needs --baseline");
  else if (flags["by-label"] !== undefined && flags.max === undefined) return err("--by-label needs --max or --baseline");
  return demands.length > 0 ? ok(demands) : err("nothing to verify: give --absent PATTERN, --max N, --baseline FILE or --leaks");
}
