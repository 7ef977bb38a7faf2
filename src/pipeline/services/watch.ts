import type { Discovery } from "../../discover/discovered.js";
import type { WatchSummary } from "../../model/results/watching.js";
import { Keeper } from "./keeper.js";
import type { Targets } from "./targets.js";
import { Fleet } from "./watch-fleet.js";
import type { WatchOptions } from "./watch-options.js";
import { milliseconds } from "./watch-target.js";

/**
 * `unpark watch SOURCE…`: each target on its own clock; one that fails is told of and asked again, never fatal, and so is
 * a store that cannot be written for a while, or a place that knows of targets and does not answer. Targets come and go
 * while it runs, where they are discovered.
 */
export async function watch({ fixed, discoveries }: Targets, options: WatchOptions): Promise<WatchSummary> {
  const keeper = new Keeper(options);
  const fleet = new Fleet(options, keeper);
  await fleet.set("", fixed);
  const { sharing } = options.store;
  if (discoveries.length > 0 || sharing !== undefined) {
    const over = new AbortController();
    const limit = options.untilMs === undefined ? undefined : setTimeout(() => over.abort(), options.untilMs);
    const signal = AbortSignal.any([options.signal, over.signal]);
    await Promise.all([...discoveries.map((discovery) => follow(discovery, fleet, signal, options)), sharing && fleet.keepSharing(sharing, signal)]);
    clearTimeout(limit);
  }
  await fleet.end();
  await keeper.end();
  await sharing?.leave().catch((error: unknown) => keeper.trouble(error));
  return fleet.summary(keeper.unsaved);
}

async function follow(discovery: Discovery, fleet: Fleet, signal: AbortSignal, options: WatchOptions): Promise<void> {
  const { name } = discovery;
  let failures = 0;
  let applied: Promise<void> = Promise.resolve();
  await discovery.follow(signal, (found) => {
    const at = milliseconds(options);
    if (!found.ok) {
      options.onEvent({ kind: "undiscovered", discovery: name, at, error: found.error, inARow: ++failures });
      return;
    }
    if (failures > 0) options.onEvent({ kind: "rediscovered", discovery: name, at, afterFailures: failures });
    failures = 0;
    if (!signal.aborted) applied = fleet.set(name, found.value);
  });
  await applied;
}
