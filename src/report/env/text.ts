import { jsonText } from "../shared/json-text.js";

export type EnvironmentForm = "shell" | "env-file" | "json";

interface Variable {
  readonly name: string;
  readonly value: string;
  /** The value comes before what PATH holds. */
  readonly before?: true;
}

/** The variables for who sets them. `path`: the PATH of now, for forms that cannot refer to it. */
export function environmentText(variables: readonly Variable[], form: EnvironmentForm, path = ""): string {
  const whole = variables.map(({ name, value, before }) => [name, before === undefined || path === "" ? value : `${value}:${path}`] as const);
  if (form === "json") return jsonText(Object.fromEntries(whole));
  if (form === "env-file") return whole.map(([name, value]) => `${name}=${value}\n`).join("");
  return variables.map(({ name, value, before }) => `export ${name}=${shellWord(value)}${before === undefined ? "" : ':"$PATH"'}\n`).join("");
}

/** As POSIX quotes: everything between two apostrophes is itself, and an apostrophe stands outside of them. */
const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
