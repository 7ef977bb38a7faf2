import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import { exec } from "./exec.js";
import type { Toolchain } from "./go-command.js";
import { goTool } from "./syntax-tool.js";

/** One mention of a name of goleak's, as go/goleak/main.go tells it. */
export interface GoleakUse {
  readonly file: string;
  readonly line: number;
  readonly package: string;
  readonly name: string;
  readonly called: boolean;
  /** The top-level function around it; empty of a package variable. */
  readonly function: string;
  /** In a file of tests. */
  readonly test: boolean;
  readonly value: string;
  readonly known: boolean;
  readonly comment: string;
  /** The function around it does nothing else. */
  readonly bare: boolean;
  readonly callers: number;
  /** The package variable whose value it is part of. */
  readonly variable?: string;
  /** The functions of its own package that call the one around it, where that is no test; that name the variable. */
  readonly calledBy?: readonly string[];
}

interface GoleakUses {
  readonly files: number;
  readonly uses: readonly GoleakUse[];
  readonly broken: readonly string[];
}

/** Where the Go files below a folder use goleak; `alone`: those in it. By Go's own parser. */
export async function goleakUses(toolchain: Toolchain, root: string, { signal, alone = false }: { readonly signal?: AbortSignal; readonly alone?: boolean } = {}): Promise<Result<GoleakUses, string>> {
  const tool = await goTool("goleak", toolchain, signal);
  if (tool === undefined) return err("the program that reads Go files could not be built with this Go");
  const outcome = await exec(tool, [root, ...(alone ? ["alone"] : [])], { cwd: root, env: {}, ...optional({ signal }) });
  if (outcome.kind === "interrupted") return err("interrupted");
  if (outcome.kind === "not-started") return err(`the program that reads Go files could not be run: ${outcome.message}`);
  if (outcome.status !== 0) return err(`the program that reads Go files failed: ${outcome.stderr.split("\n").slice(0, 3).join(" ")}`);
  return ok(JSON.parse(outcome.stdout) as GoleakUses);
}
