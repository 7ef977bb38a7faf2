/** A Go version: "go1.26.8", "1.27rc1", "1.25-custom X:exp" … `rc` is infinite for a release, so that 1.27rc1 < 1.27.0. */
export interface GoVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly rc: number;
}

/** Parses what `go env GOVERSION` prints or what a patch says in `since`; undefined if it is no Go version (devel …). */
export function parseGoVersion(text: string): GoVersion | undefined {
  const match = /^(?:go)?(\d+)\.(\d+)(?:\.(\d+))?(?:(rc|beta)(\d+))?(?=$|[-+ ])/.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, patch, stage, stageNumber] = match;
  const rc = stage === undefined ? Infinity : Number(stageNumber) - (stage === "beta" ? 1000 : 0);
  return { text: text.trim().replace(/^go/, ""), major: Number(major), minor: Number(minor), patch: Number(patch ?? 0), rc };
}

export function compareGoVersions(a: GoVersion, b: GoVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || (a.rc === b.rc ? 0 : a.rc - b.rc);
}

/**
 * Whether something meant for `[since, before)` applies. A bound without a patch level stands for the whole line, its
 * release candidates included: since "1.27" holds for 1.27rc1 (its source is 1.27's), before "1.27" does not.
 */
export function versionApplies(version: GoVersion, range: { readonly since?: string; readonly before?: string }): boolean {
  const reached = (bound: string): boolean => {
    const parsed = parseGoVersion(bound);
    if (parsed === undefined) throw new Error(`unpark: '${bound}' is no Go version; this is a bug in a patch list`);
    const line = /^\d+\.\d+$/.test(parsed.text) ? { ...parsed, rc: -Infinity } : parsed;
    return compareGoVersions(version, line) >= 0;
  };
  return (range.since === undefined || reached(range.since)) && !(range.before !== undefined && reached(range.before));
}
