import { err, ok, type Result } from "../../base/result.js";
import { STRATEGIES, strategyNamed, type StrategyName } from "../../explore/strategies/registry.js";

/** What is explored with where no strategy is named. */
const DEFAULT = "portfolio";

export const STRATEGY_NAMES: readonly string[] = STRATEGIES.map(({ name }) => name);

/** The setting that a name means: none, for the default one, which several threads may share. */
export function strategySetting(name: string): Result<StrategyName | undefined, string> {
  const named = strategyNamed(name);
  return named.ok ? ok(named.value.name === DEFAULT ? undefined : named.value.name) : err(named.error);
}
