import { optional } from "../../base/optional.js";
import { exec } from "./exec.js";
import type { Toolchain } from "./go-command.js";

export interface NativeCheckOptions {
  readonly cwd: string;
  readonly patterns: readonly string[];
  readonly tags?: string;
  /** More flags for `go test`: -run, -short … */
  readonly flags?: readonly string[];
  /** Path of an overlay file. */
  readonly overlay?: string;
  readonly signal?: AbortSignal;
}

/** A test that hangs has failed; it is not waited for as long as go test does. */
const TIMEOUT = "60s";

/** The tests (and subtests) that pass and fail natively, each as `package name`. A package that does not build or dies fails as itself. */
export async function nativeTests(toolchain: Toolchain, options: NativeCheckOptions): Promise<{ readonly passed: ReadonlySet<string>; readonly failed: ReadonlySet<string> }> {
  const args = ["test", "-json", "-vet=off", "-count=1", `-timeout=${TIMEOUT}`, ...buildFlags(options), ...(options.flags ?? []), ...options.patterns];
  const outcome = await exec(toolchain.go, args, { cwd: options.cwd, env: toolchain.env, ...optional({ signal: options.signal }) });
  const last = new Map<string, string>();
  const begun = new Set<string>();
  for (const line of outcome.kind === "ended" ? outcome.stdout.split("\n") : []) {
    const event = eventOf(line);
    if (event?.Package === undefined) continue;
    const name = event.Test === undefined ? event.Package : `${event.Package} ${event.Test}`;
    if (event.Action === "run") begun.add(name);
    if (event.Action === "pass" || event.Action === "fail" || event.Action === "skip") last.set(name, event.Action);
  }
  const ended = (action: string): readonly string[] => [...last].filter(([, how]) => how === action).map(([name]) => name);
  return { passed: new Set(ended("pass")), failed: new Set([...ended("fail"), ...[...begun].filter((name) => !last.has(name))]) };
}

interface TestEvent {
  readonly Action?: string;
  readonly Package?: string;
  readonly Test?: string;
}

function eventOf(line: string): TestEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as TestEvent;
  } catch {
    return undefined;
  }
}

/** What `go vet` says, each sentence without its position: lines move. */
export async function vetWords(toolchain: Toolchain, options: NativeCheckOptions): Promise<readonly string[]> {
  const outcome = await exec(toolchain.go, ["vet", ...buildFlags(options), ...options.patterns], { cwd: options.cwd, env: toolchain.env, ...optional({ signal: options.signal }) });
  if (outcome.kind !== "ended" || outcome.status === 0) return [];
  return outcome.stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")).map((line) => line.replace(/^.*?\.go:\d+:\d+: /, ""));
}

const buildFlags = ({ tags, overlay }: NativeCheckOptions): readonly string[] => [...(tags === undefined ? [] : [`-tags=${tags}`]), ...(overlay === undefined ? [] : [`-overlay=${overlay}`])];
