import { err, ok, type Result } from "../base/result.js";
import { compileGo, type CompiledGo } from "./compiled-go.js";
import { GoModule } from "./go-module.js";
import type { GoProgramOptions } from "./go-program-options.js";
import { optimize } from "./guest/optimized-later.js";
import { nothingGetsOld } from "./guest/short-lived.js";

/**
 * Loads a module and brings it to where control begins: before main.main, or before the tests of a package. From there
 * every run starts, by a copy of the world. A start that fails (init panics, os.Exit in TestMain) is an error in words.
 * `already`: these options' wasm, where somebody compiled it before.
 */
export function loadGo(options: GoProgramOptions, already?: CompiledGo): Result<GoModule, string> {
  optimize("later");
  nothingGetsOld();
  const compiled = already ? ok(already) : compileGo(options);
  if (!compiled.ok) return compiled;
  const module = new GoModule(options, compiled.value.module, compiled.value.noted);
  const failure = module.boot();
  module.inputs.keepStart();
  return failure === undefined ? ok(module) : err(failure);
}
