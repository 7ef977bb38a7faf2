import { ok, type Result } from "../../base/result.js";
import { goflagsWith } from "../../toolchain/go/goflags.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment in which every build has these flags (`mod`, `ldflags` …), by GOFLAGS: the native run's, the controlled one's, and
 * what lists packages. Limit: GOFLAGS of `go env -w` does not hold beside them, as it does not beside a GOFLAGS that is set.
 */
export function withBuildFlags(env: Environment, flags: Readonly<Record<string, string>>): Result<Environment, string> {
  if (Object.keys(flags).length === 0) return ok(env);
  const merged = goflagsWith(env["GOFLAGS"] ?? "", flags);
  return merged.ok ? ok({ ...env, GOFLAGS: merged.value }) : merged;
}
