import type { Style } from "../shared/style.js";
import { columnWidths } from "../shared/column-widths.js";

/** Where a value comes from. */
export type SettingSource = { readonly kind: "default" } | { readonly kind: "file"; readonly line: number } | { readonly kind: "command line" };

/** What is in force for one command, and why. */
export interface SettingsView {
  readonly command: string;
  /** The file of settings, as it is shown; undefined: there is none. */
  readonly file: string | undefined;
  readonly flags: readonly { readonly flag: string; readonly value: string | boolean | readonly string[] | undefined; readonly source: SettingSource }[];
  readonly packages: readonly { readonly match: string; readonly values: Readonly<Record<string, string>>; readonly line: number }[];
  readonly severity: readonly { readonly verdict: string; readonly severity: string; readonly line: number }[];
  readonly skip: readonly { readonly test: string; readonly package?: string; readonly reason: string; readonly line: number }[];
  readonly ignore: readonly { readonly function: string; readonly verdict?: string; readonly expires: string; readonly reason: string; readonly line: number; readonly expired: boolean }[];
}

type Row = readonly [name: string, value: string, why: string];

/** `unpark config`: a row for each value, with the line that gives it. */
export function configText({ command, file, flags, packages, severity, skip, ignore }: SettingsView, { bold, note }: Style): string {
  const at = (line: number): string => `${file ?? ""}:${line}`;
  const why = (source: SettingSource): string => (source.kind === "file" ? at(source.line) : source.kind);
  const set = flags.filter(({ value, source }) => source.kind !== "default" || value !== undefined);
  const rows = (kind: "set" | "usual"): readonly Row[] => set.filter(({ source }) => (source.kind === "default") === (kind === "usual")).map(({ flag, value, source }) => [flag, valueWords(value), why(source)]);
  const unset = flags.filter((one) => !set.includes(one)).map(({ flag }) => flag);
  const blocks: readonly (readonly [title: string, rows: readonly Row[]])[] = [
    ["", [...rows("set"), ...rows("usual")]],
    ["In packages that match (the later entry holds):", packages.map(({ match, values, line }) => [match, Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", "), at(line)])],
    ["Severity:", severity.map((one) => [one.verdict, one.severity, at(one.line)])],
    ["Not explored:", skip.map((one) => [[one.test, one.package].filter(Boolean).join(" in "), one.reason, at(one.line)])],
    ["Ignored:", ignore.map((one) => [[one.function, one.verdict].filter(Boolean).join(" "), `${one.expired ? "EXPIRED on" : "until"} ${one.expires}: ${one.reason}`, at(one.line)])],
  ];
  const all = blocks.flatMap(([, own]) => own);
  const widths = columnWidths(all, 2, 44);
  const line = ([name, value, reason]: Row): string => `  ${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  ${note(reason)}`;
  return `${[
    `${bold(`unpark ${command}`)}, ${file === undefined ? "without a file of settings (.unpark.yaml)" : `with the settings of ${file}`}`,
    ...blocks.filter(([, own]) => own.length > 0).flatMap(([title, own]) => ["", ...(title === "" ? [] : [title]), ...own.map(line)]),
    ...(unset.length === 0 ? [] : ["", `Not set: ${unset.join(", ")}`]),
  ].join("\n")}\n`;
}

const valueWords = (value: string | boolean | readonly string[] | undefined): string => (typeof value === "boolean" ? (value ? "yes" : "no") : typeof value === "object" ? value.join(", ") : value ?? "");
