import { setTimeout as sleep } from "node:timers/promises";
import { err, ok, type Result } from "../../base/result.js";
import { violations } from "../../diagnose/snapshot/expectation.js";
import { parsePattern } from "../../model/source/pattern.js";
import { publicName } from "../../model/public-name.js";
import type { Snapshot } from "../../model/goroutine/snapshot.js";
import type { Expectation, Verification, Violation } from "../../model/results/verification.js";
import type { InspectOptions } from "./inspect.js";
import { noSnapshot, readSource } from "./snapshots.js";

export interface VerifyOptions extends InspectOptions {
  readonly demands: readonly Expectation[];
  /** Ask again until all demands hold or this time is over; 0: ask once. */
  readonly waitMs: number;
  /** Pause between two questions. */
  readonly pauseMs: number;
}

/**
 * `unpark verify SOURCE`: the gate behind an integration test. A source that does not answer is asked again, too, while
 * there is time: the service may still be starting.
 */
export async function verify(source: string, options: VerifyOptions): Promise<Result<Verification, string>> {
  const named = options.demands.map(publicDemand);
  const baselines = await readBaselines(options);
  if (!baselines.ok) return baselines;
  const start = options.now();
  const elapsed = (): number => Number((options.now() - start) / 1_000_000n);
  for (let attempts = 1; ; attempts++) {
    const result = await once(source, { ...options, demands: named }, baselines.value);
    const over = elapsed() + options.pauseMs > options.waitMs || options.signal.aborted;
    if (result.ok && (result.value.broken.length === 0 || over)) {
      const { broken, ...seen } = result.value;
      return ok({ source: publicName(source), demands: named, violations: broken, ...seen, attempts, milliseconds: elapsed() });
    }
    if (over && !result.ok) return result;
    await sleep(options.pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

async function once(source: string, options: VerifyOptions, baselines: ReadonlyMap<string, Snapshot>): Promise<Result<{ readonly broken: readonly Violation[] } & Pick<Verification, "total" | "dumps">, string>> {
  const parsed = await readSource(source, options);
  if (!parsed.ok) return parsed;
  const snapshot = parsed.value.snapshots[parsed.value.snapshots.length - 1]!;
  const refused = noSnapshot(source, snapshot);
  if (refused !== undefined) return err(refused);
  const total = snapshot.goroutines.reduce((n, g) => n + g.count, 0);
  const dumps = parsed.value.snapshots.length;
  return ok({ broken: violations(snapshot, options.demands, baselines), total, ...(dumps === 1 ? {} : { dumps }) });
}

/** A baseline may be read from a service, too. */
const publicDemand = (demand: Expectation): Expectation => (demand.kind === "baseline" ? { ...demand, file: publicName(demand.file) } : demand);

async function readBaselines(options: VerifyOptions): Promise<Result<ReadonlyMap<string, Snapshot>, string>> {
  const baselines = new Map<string, Snapshot>();
  for (const demand of options.demands) {
    const pattern = demand.kind === "absent" ? demand.pattern : demand.kind === "max" ? demand.only : undefined;
    if (pattern !== undefined) {
      const parsed = parsePattern(pattern);
      if (!parsed.ok) return parsed;
    }
    if (demand.kind !== "baseline") continue;
    const read = await readSource(demand.file, options);
    if (!read.ok) return err(`--baseline: ${read.error}`);
    const refused = noSnapshot(demand.file, read.value.snapshots[read.value.snapshots.length - 1]!);
    if (refused !== undefined) return err(`--baseline: ${refused}`);
    baselines.set(publicName(demand.file), read.value.snapshots[read.value.snapshots.length - 1]!);
  }
  return ok(baselines);
}
