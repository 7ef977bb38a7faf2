import type { Kernel } from "./kernels.js";

/**
 * Kernels that Go's copy has changed so that the documented leak cannot happen any more, with that change undone. Made
 * by rewriting, like everything here.
 *
 * Moby27782: GoBench's kernel has a data race on the map of readers. Go's copy puts a mutex around it, which the reader
 * holds until it has stopped following; but only the writer that waits for this very mutex would tell it to stop. So
 * the watcher is never closed while somebody follows, `Remove` is never called, and no schedule leaks: the exploration
 * is complete and says so. In moby itself the mutex is released once the reader is in the map
 * (daemon/logger/jsonfilelog/read.go); so it is here.
 */
interface Variant {
  readonly of: string;
  readonly name: string;
  readonly change: (source: string) => string;
}

export const VARIANTS: readonly Variant[] = [
  {
    of: "Moby27782",
    name: "Moby27782asInMoby",
    change: (source) =>
      changed(source, /(\) readLogs\(.*\n\tl\.mu\.Lock\(\)\n)\tdefer l\.mu\.Unlock\(\)\n\n(\tl\.readers\[.*\n)/, "$1$2\tl.mu.Unlock()\n"),
  },
];

/** The variant as a kernel of its own: every name in it renamed, so that it fits beside its original. */
export function variantKernel({ of, name, change }: Variant, original: Kernel): Kernel {
  const suffix = name.toLowerCase();
  const source = change(original.source)
    .replaceAll(`_${of.toLowerCase()}`, `_${suffix}`)
    .replace(new RegExp(`\\b${of}\\b`, "g"), name)
    .replace(/\bnewEvent\b/g, `newEvent_${suffix}`);
  return { name, file: `${suffix}.go`, source };
}

/** The documented leaks, under the variant's names. */
export const variantLeaks = ({ of, name }: Variant, leaks: readonly RegExp[]): readonly RegExp[] =>
  leaks.map(({ source }) => new RegExp(source.replaceAll(of.toLowerCase(), name.toLowerCase()).replaceAll(of, name)));

function changed(source: string, pattern: RegExp, by: string): string {
  if (!pattern.test(source)) throw new Error(`a GoKer kernel is not what its variant expects: no ${pattern.source}`);
  return source.replace(pattern, by);
}
