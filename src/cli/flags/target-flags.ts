import { optional } from "../../base/optional.js";
import { parseDuration } from "../../base/duration.js";
import { err, type Result } from "../../base/result.js";
import type { InspectOptions } from "../../pipeline/services/inspect.js";
import { targetsOf, type Targets } from "../../pipeline/services/targets.js";
import type { FlagSpecs, Flags } from "./flags.js";
import type { Io } from "../io.js";

const NEVER = "where requests go is not for a file that comes with a repository; give it on the command line";

/** Where more services are than those that are named. */
export const TARGET_FLAGS = {
  targets: { type: "list", never: NEVER, value: "FILE|URL|dns:NAME|k8s://…", help: "services that a file or an address in Prometheus' form, SRV records or Kubernetes know of; may be given again" },
  refresh: { type: "string", kind: "time", value: "TIME", help: "how often what --targets names is read again (files 2s, addresses 1m, DNS 30s)" },
} as const satisfies FlagSpecs;

export function targetOptions(sources: readonly string[], flags: Flags<typeof TARGET_FLAGS>["flags"], { timeoutMs }: Pick<InspectOptions, "timeoutMs">, io: Io): Result<Targets, string> {
  const refresh = flags.refresh === undefined ? undefined : parseDuration(flags.refresh);
  if (refresh && !refresh.ok) return err(`--refresh: ${refresh.error}`);
  return targetsOf(sources, flags.targets, { env: io.env, cwd: io.cwd, timeoutMs, ...optional({ refreshMs: refresh && Math.max(10, Number(refresh.value / 1_000_000n)) }) });
}
