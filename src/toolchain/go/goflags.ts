import { err, ok, type Result } from "../../base/result.js";

/**
 * The user's GOFLAGS hold for controlled builds as well, but for flags that the target does not have or that would
 * take away what Unpark needs. Pure text.
 */
export interface SplitGoFlags {
  /** As `go env GOFLAGS` says: of the environment, or of `go env -w`. */
  readonly given: string;
  /** For the environment of `go`. */
  readonly goflags: string;
  /** The user's own `-overlay` file: Go takes one alone, so it is merged into Unpark's. */
  readonly overlay: string | undefined;
  /** Flags that were left out, for a note to the user. */
  readonly dropped: readonly string[];
}

/**
 * wasip1 has no race detector, sanitizers or PIE; what is linked must be an executable at the path that we choose; and the lines
 * of a stack must be found where they lie, or no rule reads them.
 */
const DROPPED = new Set(["race", "msan", "asan", "buildmode", "linkshared", "o", "c", "exec", "n", "json", "trimpath"]);

export function splitGoFlags(goflags: string): SplitGoFlags {
  const kept: string[] = [];
  const dropped: string[] = [];
  let overlay: string | undefined;
  for (const word of words(goflags)) {
    const match = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(word);
    const [, name = "", value = ""] = match ?? [];
    if (name === "overlay") overlay = value;
    else if (DROPPED.has(name)) dropped.push(word);
    else if (name === "ldflags") kept.push(quoted(`-ldflags=${keepSymbols(value)}`));
    else kept.push(quoted(word));
  }
  return { given: goflags, goflags: kept.join(" "), overlay, dropped };
}

/** The last value of a flag in GOFLAGS; undefined where it is not set. */
export function goflagsValue(goflags: string, flag: string): string | undefined {
  const values = words(goflags).flatMap((word) => /^--?([^=]+)=([\s\S]*)$/.exec(word)?.slice(1, 3) ?? []);
  return values.findLast((_, i) => i % 2 === 1 && values[i - 1] === flag);
}

/** GOFLAGS with these values in the place of its own; an error where GOFLAGS cannot hold one, for it knows no escapes. */
export function goflagsWith(goflags: string, values: Readonly<Record<string, string>>): Result<string, string> {
  const own = words(goflags).filter((word) => !Object.hasOwn(values, /^--?([^=]+)/.exec(word)?.[1] ?? ""));
  const all = [...own, ...Object.entries(values).map(([name, value]) => `-${name}=${value}`)];
  const unwritable = all.find((word) => word.includes("'") && word.includes('"'));
  return unwritable === undefined ? ok(all.map(quoted).join(" ")) : err(`GOFLAGS cannot hold ${unwritable}: it has both kinds of quotes`);
}

/** `-s` leaves out wasm's name section, in which the host finds the scheduler's functions. */
function keepSymbols(ldflags: string): string {
  return ldflags.split(/\s+/).filter((flag) => !/^--?s(?:=true)?$/.test(flag)).join(" ");
}

/** As cmd/internal/quoted splits GOFLAGS: by white space; a word that begins with a quote runs to the same quote. */
function words(text: string): readonly string[] {
  return [...text.matchAll(/\s*(?:'([^']*)'|"([^"]*)"|(\S+))/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
}

function quoted(word: string): string {
  if (!/[\s'"]/.test(word)) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
