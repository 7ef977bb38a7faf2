import { err, ok, type Result } from "../base/result.js";
import { GoModule } from "./go-module.js";
import type { GoProgramOptions } from "./go-program-options.js";
import { WASM_PAGE } from "./guest/instance-snapshot.js";
import { instrument } from "./guest/instrument.js";
import { optimize } from "./guest/optimized-later.js";
import { nothingGetsOld } from "./guest/short-lived.js";
import { isOutsideStandard } from "./guest/watched-memory.js";

/** Mebibytes. */
const MEMORY = 512;

/**
 * Loads a module and brings it to where control begins: before main.main, or before the tests of a package. From there
 * every run starts, by a copy of the world. A start that fails (init panics, os.Exit in TestMain) is an error in words.
 */
export function loadGo(options: GoProgramOptions): Result<GoModule, string> {
  optimize("later");
  nothingGetsOld();
  const maxPages = ((options.memoryLimit ?? MEMORY) * 1024 * 1024) / WASM_PAGE;
  const bytes = instrument(options.wasm, maxPages, options.watched ? { kind: "accesses", of: isOutsideStandard } : { kind: "none" });
  if (!bytes.ok) return bytes;
  const noted = (): WebAssembly.Module | undefined => {
    const rewritten = options.watched ? undefined : instrument(options.wasm, maxPages, { kind: "pages" });
    return rewritten?.ok ? new WebAssembly.Module(rewritten.value) : undefined;
  };
  const module = new GoModule(options, new WebAssembly.Module(bytes.value), noted);
  const failure = module.boot();
  module.inputs.keepStart();
  return failure === undefined ? ok(module) : err(failure);
}
