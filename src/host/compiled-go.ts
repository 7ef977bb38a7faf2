import { ok, type Result } from "../base/result.js";
import type { GoProgramOptions } from "./go-program-options.js";
import { WASM_PAGE } from "./guest/instance-snapshot.js";
import { instrument } from "./guest/instrument.js";
import { isOutsideStandard } from "./guest/watched-memory.js";

/** Mebibytes. */
const MEMORY = 512;

/** A Go program as V8 has it: whoever starts it with other arguments need not rewrite and compile it again. */
export interface CompiledGo {
  readonly module: WebAssembly.Module;
  /** The same with its stores noted (guest/dirty-pages.ts): made by who calls it. */
  readonly noted: () => WebAssembly.Module | undefined;
}

export function compileGo({ wasm, memoryLimit, watched }: Pick<GoProgramOptions, "wasm" | "memoryLimit" | "watched">): Result<CompiledGo, string> {
  const maxPages = ((memoryLimit ?? MEMORY) * 1024 * 1024) / WASM_PAGE;
  const bytes = instrument(wasm, maxPages, watched ? { kind: "accesses", of: isOutsideStandard } : { kind: "none" });
  if (!bytes.ok) return bytes;
  const noted = (): WebAssembly.Module | undefined => {
    const rewritten = watched ? undefined : instrument(wasm, maxPages, { kind: "pages" });
    return rewritten?.ok ? new WebAssembly.Module(rewritten.value) : undefined;
  };
  return ok({ module: new WebAssembly.Module(bytes.value), noted });
}
