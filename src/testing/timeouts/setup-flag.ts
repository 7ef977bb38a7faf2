/**
 * Where `--import unpark/node/timeouts` is to do its work: in the process that runs tests, and nowhere else. Worker threads
 * and forked processes inherit the flag from it, and a program that a test starts is no test: loading node:test there
 * would take its uncaught exceptions and write a report of no tests to its stdout.
 */
import { isMainThread } from "node:worker_threads";

const OURS = /(^|[/\\])(unpark[/\\]node[/\\]timeouts|timeouts[/\\]in-node-test\.js)$/;
const IN_OPTIONS = /(^|\s)--import[=\s]\s*("?)[^\s"]*(unpark[/\\]node[/\\]timeouts|timeouts[/\\]in-node-test\.js)\2(?=\s|$)/g;

/** The part of a process that the answer rests on. */
export interface ProcessFlags {
  readonly execArgv: string[];
  readonly env: Record<string, string | undefined>;
  readonly send?: unknown;
}

/** `starts`: this process only starts those that run tests: `node --test` without --test-isolation=none. */
type ProcessRole = "starts" | "tests" | "other";

export function processRole(flags: ProcessFlags = process, main = isMainThread): ProcessRole {
  const { execArgv, env } = flags;
  const underTest = env["NODE_TEST_CONTEXT"] !== undefined;
  if (!main) return "other";
  if (!underTest && execArgv.includes("--test") && !execArgv.some((flag) => /test-isolation=none/.test(flag))) return "starts";
  return flags.send !== undefined && env["WATCH_REPORT_DEPENDENCIES"] === undefined ? "other" : "tests"; // node --test --watch has a channel, too
}

/** What this process starts does not inherit the flag, and sees what it would see without Unpark. */
export function takeFlagBack({ execArgv, env }: ProcessFlags = process): void {
  for (let i = execArgv.length - 1; i >= 0; i--) {
    const flag = execArgv[i]!;
    if (flag === "--import" && OURS.test(execArgv[i + 1] ?? "")) execArgv.splice(i, 2);
    else if (flag.startsWith("--import=") && OURS.test(flag.slice("--import=".length))) execArgv.splice(i, 1);
  }
  const options = env["NODE_OPTIONS"];
  if (options === undefined) return;
  const rest = options.replace(IN_OPTIONS, "").trim();
  if (rest === options.trim()) return;
  if (rest === "") delete env["NODE_OPTIONS"];
  else env["NODE_OPTIONS"] = rest;
}
