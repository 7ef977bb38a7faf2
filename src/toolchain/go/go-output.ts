import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { exec, goWords } from "./exec.js";
import { wasmEnv, type Toolchain } from "./go-command.js";
import type { ToolchainError } from "./toolchain-error.js";

interface GoQuestion {
  readonly cwd: string;
  /** Default: as a module is built. */
  readonly env?: Toolchain["env"];
  readonly signal?: AbortSignal | undefined;
}

/** What a go command prints that only tells something (`go list`, `go env`, `go work edit -json`). */
export async function goOutput(toolchain: Toolchain, args: readonly string[], { cwd, env = wasmEnv(toolchain), signal }: GoQuestion): Promise<Result<string, ToolchainError>> {
  const outcome = await exec(toolchain.go, args, { cwd, env, ...optional({ signal }) });
  switch (outcome.kind) {
    case "interrupted":
      return err({ kind: "cancelled", message: "interrupted" });
    case "not-started":
      return err({ kind: "list", message: `cannot run ${toolchain.go} in ${cwd}: ${outcome.message}` });
    case "ended":
      return outcome.status === 0 ? ok(outcome.stdout) : err({ kind: "list", message: goWords(outcome.stderr) });
  }
}
