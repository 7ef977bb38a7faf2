import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** GoBench's GoKer kernels, which the Go distribution carries since 1.26; undefined for a GOROOT without them. */
export function gokerKernels(goroot: string): { readonly folder: string; readonly files: readonly string[] } | undefined {
  const folder = join(goroot, "src", "runtime", "testdata", "testgoroutineleakprofile", "goker");
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => name.endsWith(".go"));
  return { folder, files: files.sort() };
}
