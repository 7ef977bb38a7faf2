import { parseArgs } from "node:util";
import { closest } from "../../base/closest.js";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { ValueKind } from "../../pipeline/config/value-kind.js";

/**
 * A flag: `boolean` (given or not), `string` (needs a value), `optional` (a value only as `--json=FILE`, so that
 * `--json ./...` leaves the package alone), `list` (a string that may be given again).
 */
export interface FlagSpec {
  readonly type: "boolean" | "string" | "optional" | "list";
  readonly short?: string;
  /** Also accepted with one dash, as Go's own commands write it: `-run X`, `-run=X`. */
  readonly goStyle?: true;
  /** Written with one dash and this name, as Go's own commands have it: `-json`, where `--json` is something else. */
  readonly goName?: string;
  /** The value's name in the help: `TIME`. */
  readonly value?: string;
  readonly help: string;
  /** What its value looks like, for a file of settings. Default: by `value`, else a text. */
  readonly kind?: ValueKind;
  /** What holds where nobody gives it: `3s`. */
  readonly usual?: string;
  /** It may stand at the top of `.unpark.yaml`, for every command that has it; others stand below a command's name. */
  readonly shared?: true;
  /** Why no file of settings may give it: the second half of a sentence. */
  readonly never?: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

type ValueOf<S extends FlagSpec> = S["type"] extends "boolean"
  ? boolean
  : S["type"] extends "list"
    ? readonly string[]
    : S["type"] extends "optional"
      ? string | true | undefined
      : string | undefined;

export interface Flags<S extends FlagSpecs> {
  readonly flags: { readonly [K in keyof S]: ValueOf<S[K]> };
  readonly positionals: readonly string[];
  /** What stood behind `--`; undefined where there was none. */
  readonly rest: readonly string[] | undefined;
  /** The flags that were given. */
  readonly given: ReadonlySet<string>;
}

/** Reads a command line by the table; an error is one sentence that names the flag. `elsewhere`: what else an unknown flag may have meant. */
export function parseFlags<S extends FlagSpecs>(specs: S, argv: readonly string[], elsewhere?: (name: string) => string): Result<Flags<S>, string> {
  const cut = argv.indexOf("--");
  const mine = cut < 0 ? argv : argv.slice(0, cut);
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, short }]) => [
      name,
      {
        type: type === "boolean" || type === "optional" ? ("boolean" as const) : ("string" as const),
        multiple: type === "list",
        ...optional({ short }),
      },
    ]),
  );
  const args = goDashes(specs, mine);
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string | boolean | string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    // Of `-foo` the token is `-f`: named is the word that was written.
    if (!spec) return err(unknownFlag(specs, args[token.index]!.replace(/=.*$/s, ""), elsewhere));
    const problem = problemWith(spec, token.rawName, token.value, token.inlineValue);
    if (problem !== undefined) return err(problem);
    if (spec.type === "list") values.set(token.name, [...((values.get(token.name) as string[]) ?? []), token.value!]);
    else values.set(token.name, spec.type === "boolean" ? token.value !== "false" : token.value ?? true);
  }
  const flags = Object.fromEntries(
    Object.entries(specs).map(([name, { type }]) => [
      name,
      values.get(name) ?? (type === "boolean" ? false : type === "list" ? [] : undefined),
    ]),
  );
  return ok({ flags: flags as Flags<S>["flags"], positionals, rest: cut < 0 ? undefined : argv.slice(cut + 1), given: new Set(values.keys()) });
}

/** `-run=X` → `--run=X` for the flags that Go's commands write with one dash. */
function goDashes(specs: FlagSpecs, argv: readonly string[]): string[] {
  return argv.map((word) => {
    const name = /^-([a-z]{2,})(=|$)/.exec(word)?.[1];
    const own = name === undefined ? undefined : Object.keys(specs).find((flag) => specs[flag]!.goName === name);
    if (own !== undefined) return `--${own}${word.slice(name!.length + 1)}`;
    return name !== undefined && specs[name]?.goStyle ? `-${word}` : word;
  });
}

function problemWith(spec: FlagSpec, raw: string, value: string | undefined, inline: boolean | undefined) {
  // As go's own commands take them: -short=false undoes what stands in a file, or further to the left.
  if (spec.type === "boolean" && value !== undefined && value !== "true" && value !== "false") return `${raw} takes no value, but got '${value}'`;
  if (spec.type !== "string" && spec.type !== "list") return undefined;
  const example = `${raw} ${spec.value ?? "VALUE"}`;
  if (value === undefined) return `${raw} needs a value: ${example}`;
  if (!inline && value.startsWith("-") && value.length > 1) {
    return `${raw} needs a value, but is followed by '${value}': write ${raw}=${value} if that is meant`;
  }
  return undefined;
}

function unknownFlag(specs: FlagSpecs, raw: string, elsewhere: (name: string) => string = () => "; --help lists the flags"): string {
  const wanted = raw.replace(/^-+/, "");
  const close = closest(wanted, Object.keys(specs));
  return `unknown flag ${raw}${close === undefined ? elsewhere(wanted) : `; did you mean --${close}?`}`;
}

/** A flag as it is written: `--json`; `-run` where Go's own commands have it. */
export const flagWord = (name: string, { goName, goStyle }: FlagSpec): string => (goName !== undefined ? `-${goName}` : goStyle ? `-${name}` : `--${name}`);

/** The help text of a command, from its table of flags. */
export function usageText(synopsis: string, about: string, specs: FlagSpecs, examples: readonly string[] = []): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const dashes = flagWord(name, spec);
    const value = spec.value ?? "VALUE";
    const shape =
      spec.type === "boolean" ? dashes : spec.type === "optional" ? `${dashes}[=${value}]` : `${dashes} ${value}`;
    return [spec.short === undefined ? shape : `-${spec.short}, ${shape}`, spec.help] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  const lines = [`Usage: unpark ${synopsis}`, "", about];
  if (rows.length > 0) lines.push("", "Flags:", ...rows.map(([left, help]) => `  ${left.padEnd(width)}${help}`));
  if (examples.length > 0) lines.push("", "Examples:", ...examples.map((line) => `  ${line}`));
  return `${lines.join("\n")}\n`;
}
