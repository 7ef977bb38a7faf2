import { readFileSync } from "node:fs";
import { err, type Result } from "../../base/result.js";
import { loadGo, type GoModule } from "../../host/go-program.js";

/** A built module and how it is started: plain data, so that it can be sent to a worker. */
export interface ModuleSpec {
  readonly name: string;
  readonly package: string;
  readonly kind: "main" | "tests";
  /** Path of the .wasm file. */
  readonly wasm: string;
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly mounts: readonly { readonly at: string; readonly from: string }[];
  readonly cwd: string;
  readonly goVersion: string;
  /** Has this Go a leak collection? */
  readonly reachability: boolean;
  /** What of the package is not there under control, each a sentence. */
  readonly limits: readonly string[];
  readonly horizon?: number;
  readonly faults?: number;
  readonly testsOnly?: boolean;
  /** Path of the program that reads syntax trees (toolchain/go/syntax-tool.ts), where it could be built. */
  readonly syntaxTool?: string;
}

export function loadModule(spec: ModuleSpec): Result<GoModule, string> {
  let wasm: Uint8Array;
  try {
    wasm = readFileSync(spec.wasm);
  } catch (error) {
    return err(`cannot read the built module ${spec.wasm}: ${(error as Error).message}`);
  }
  return loadGo({ ...spec, wasm });
}
