import { setTimeout as sleep } from "node:timers/promises";
import { limit } from "../../base/limit.js";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { parseSource } from "../../collect/source.js";
import { isObserver } from "../../diagnose/snapshot/observer.js";
import type { Discovered } from "../../discover/discovered.js";
import { groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import type { AcceptedLeak, GateLeak, GateReport, GateTarget } from "../../model/results/gate.js";
import { matchesGoroutine, parsePattern } from "../../model/source/pattern.js";
import { withoutSource } from "../../model/public-name.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Parsed } from "../../parse/result.js";
import type { Builds } from "./builds.js";
import type { InspectOptions } from "./inspect.js";
import { presentTargets, readTarget, type Targets } from "./targets.js";

interface GateOptions extends InspectOptions {
  readonly accepted: readonly AcceptedLeak[];
  readonly warnOnly: boolean;
  /** What cannot be checked is asked again for so long. */
  readonly waitMs: number;
  readonly pauseMs: number;
  readonly builds?: Builds;
}

/** Targets that are asked at a time: each runs a leak collection. */
const AT_A_TIME = 8;

/**
 * `unpark verify --leaks`: every component's goroutines that nothing can wake, by the runtime's own collection
 * (kubernetes/kubernetes#141819). An error only where it is not known what there is to check.
 */
export async function gate(targets: Targets, options: GateOptions): Promise<Result<GateReport, string>> {
  const start = options.now();
  const present = await presentTargets(targets, options.signal);
  if (!present.ok) return present;
  if (present.value.length === 0) return err(`nothing to check: ${targets.discoveries.map(({ name }) => name).join(", ")} ${targets.discoveries.length === 1 ? "knows" : "know"} of no target`);
  const accepted = options.accepted.flatMap((leak): readonly Acceptance[] => {
    const test = parsePattern(leak.pattern);
    return test.ok ? [{ leak, test: test.value }] : []; // parseAccepted has refused the others
  });
  const used = new Set<AcceptedLeak>();
  const take = limit(AT_A_TIME);
  const checked = await Promise.all(present.value.map((target) => take(() => check(target, options, accepted, used))));
  const kept = options.builds?.keep(checked, Number(start / 1_000_000n));
  if (kept && !kept.ok) return kept;
  return ok({
    targets: checked, unused: options.accepted.filter((one) => !used.has(one)), warnOnly: options.warnOnly, milliseconds: Number((options.now() - start) / 1_000_000n),
    ...optional({ build: options.builds?.build }),
  });
}

interface Acceptance {
  readonly leak: AcceptedLeak;
  readonly test: (name: string) => boolean;
}

async function check(target: Discovered, options: GateOptions, accepted: readonly Acceptance[], used: Set<AcceptedLeak>): Promise<GateTarget> {
  const end = performance.now() + options.waitMs;
  for (;;) {
    const read = await readTarget(target, options);
    const judged = read.ok ? judge(target, read.value, options, accepted, used) : unchecked(target, withoutSource(read.error, target.name));
    if (judged.state !== "unchecked" || performance.now() + options.pauseMs > end || options.signal.aborted) return judged;
    await sleep(options.pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

const unchecked = ({ name }: Discovered, reason: string): GateTarget => ({ target: name, state: "unchecked", reason });

function judge(target: Discovered, { snapshots }: Parsed, options: GateOptions, accepted: readonly Acceptance[], used: Set<AcceptedLeak>): GateTarget {
  const snapshot = snapshots[snapshots.length - 1]!;
  const leaked = groupGoroutines(snapshot).filter((group) => group.leaked && !isObserver(group));
  if (leaked.length === 0) {
    const reason = doubt(target, snapshot);
    if (reason !== undefined) return unchecked(target, reason);
  }
  let ignored = 0;
  const leaks: GateLeak[] = [];
  for (const group of leaked) {
    const fitting = accepted.filter(({ test }) => group.goroutines.every((one) => matchesGoroutine(one, test)));
    for (const { leak } of fitting) used.add(leak);
    if (fitting.length > 0) ignored += group.count;
    else leaks.push({ group, ...optional({ since: options.builds?.since(group.fingerprint) }) });
  }
  if (leaks.length === 0) return { target: target.name, state: "clean", ignored };
  return { target: target.name, state: "leaking", leaks, leaked: leaks.reduce((sum, { group }) => sum + group.count, 0), ignored };
}

/** Why an answer without leaks does not say that there are none. */
function doubt({ source }: Discovered, snapshot: Snapshot): string | undefined {
  const parsed = source.ok ? parseSource(source.value) : source;
  if (!parsed.ok) return parsed.error;
  const { value } = parsed;
  if (value.kind !== "url" && value.kind !== "unix") return "a file or an agent does not say whether the runtime looked for leaks; give the address of the service";
  const address = value.kind === "url" ? new URL(value.url).pathname : value.path.replace(/\?.*/, "");
  if (value.exact && !address.endsWith("/goroutineleak")) return "its address is that of another profile; leaks are in …/debug/pprof/goroutineleak";
  return snapshot.losses.find((loss) => loss.startsWith("Go cuts"));
}

/** `PATTERN # reason` a line; an entry without a reason is refused. */
export function parseAccepted(text: string): Result<readonly AcceptedLeak[], string> {
  const accepted: AcceptedLeak[] = [];
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(raw)) continue;
    const [, pattern = raw.trim(), reason = ""] = /^\s*(\/.+\/|.*?)\s+#\s*(.*?)\s*$/.exec(raw) ?? [];
    if (reason === "") return err(`line ${i + 1}: why is it accepted? Write '${pattern.slice(0, 100)}  # reason'`);
    const test = parsePattern(pattern);
    if (!test.ok) return err(`line ${i + 1}: ${test.error}`);
    accepted.push({ pattern, reason, line: i + 1 });
  }
  return ok(accepted);
}
