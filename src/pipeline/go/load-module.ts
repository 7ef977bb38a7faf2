import { readFileSync } from "node:fs";
import { err, ok, type Result } from "../../base/result.js";
import type { GoModule } from "../../host/go-module.js";
import { loadGo } from "../../host/go-program.js";
import type { ModuleSpec } from "./module-spec.js";

/** `watched`: a copy that looks for data races. */
export function loadModule(spec: ModuleSpec, watched = false): Result<GoModule, string> {
  let wasm: Uint8Array;
  try {
    wasm = readFileSync(spec.wasm);
  } catch (error) {
    return err(`cannot read the built module ${spec.wasm}: ${(error as Error).message}`);
  }
  return loadGo({ ...spec, wasm, watched });
}

/** `watched`: the copy that looks for data races. */
export type Load = (spec: ModuleSpec, watched?: boolean) => Result<GoModule, string>;

/** The programs that a module holds, by name: the main, or the tests that `-run` lets through. */
export function programsOf(spec: ModuleSpec, load: Load = loadModule): Result<readonly string[], string> {
  const loaded = load(spec);
  if (!loaded.ok) return loaded;
  return ok(spec.kind === "main" ? [spec.name] : loaded.value.tests);
}
