import { dirname } from "node:path";
import { closest } from "../../base/closest.js";
import { err, ok, type Result } from "../../base/result.js";
import { SEVERITIES, VERDICTS, type Verdict } from "../../model/finding/finding.js";
import { PACKAGE_FLAGS, type Config, type FlagSetting, type Ignore, type PackageSettings, type SeveritySetting, type Skip } from "./config.js";
import { openYaml, type At, type Entry, type Read, type YamlReader } from "./yaml-reader.js";
import { fitsKind, kindWords, type ValueKind } from "./value-kind.js";

/** A flag, as far as a file of settings may give it. */
export interface SettingSpec {
  readonly type: "boolean" | "string" | "optional" | "list";
  readonly kind: ValueKind;
  /** Why it may not: the second half of a sentence. */
  readonly refused?: string;
}

type SettingSpecs = Readonly<Record<string, SettingSpec>>;

/** The flags that there are: those that may stand at the top, and each command's own. */
export interface SettingTables {
  readonly shared: SettingSpecs;
  readonly commands: readonly string[];
  command(name: string): Promise<SettingSpecs>;
}

type Words = Readonly<Record<string, string>>;

const SECTIONS = ["ignore", "skip", "severity", "packages"] as const;

/** The text of a `.unpark.yaml`; an error names the line, what is wrong with it, and what to write instead. */
export async function parseConfig(text: string, path: string, tables: SettingTables): Promise<Result<Config, string>> {
  const reader = openYaml(text, dirname(path));
  const read = reader.ok ? await configOf(reader.value, tables) : reader;
  return read.ok ? ok({ path, ...read.value }) : err(`${path}:${read.error.line}: ${read.error.value}`);
}

async function configOf(reader: YamlReader, tables: SettingTables): Promise<Read<Omit<Config, "path">>> {
  const parts: { ignore: readonly Ignore[]; skip: readonly Skip[]; severity: readonly SeveritySetting[]; packages: readonly PackageSettings[]; flags: FlagSetting[] } = { ignore: [], skip: [], severity: [], packages: [], flags: [] };
  const root = reader.root();
  if (root === undefined) return ok(parts);
  const settings = reader.entries(root, "settings such as 'ignore:'");
  if (!settings.ok) return settings;
  for (const { key, value, line } of settings.value) {
    const at = { value, line };
    const done = await readSetting(key, at);
    if (!done.ok) return done;
  }
  return ok(parts);

  async function readSetting(key: string, at: At<unknown>): Promise<Read<unknown>> {
    if (key === "ignore") return keep("ignore", reader.list(at, key, readIgnore));
    if (key === "skip") return keep("skip", reader.list(at, key, readSkip));
    if (key === "packages") return keep("packages", reader.list(at, key, (reading, one) => readPackage(reading, one, tables.shared)));
    if (key === "severity") return keep("severity", readSeverity(reader, at));
    if (tables.commands.includes(key)) return readCommand(reader, key, at, await tables.command(key), parts.flags);
    const spec = Object.hasOwn(tables.shared, key) ? tables.shared[key]! : undefined;
    if (spec !== undefined) return readFlag(reader, { key, ...at }, spec, undefined, parts.flags);
    return err({ line: at.line, value: await unknownSetting(key, tables) });
  }

  function keep<K extends "ignore" | "skip" | "severity" | "packages">(name: K, read: Read<(typeof parts)[K]>): Read<unknown> {
    if (read.ok) parts[name] = read.value;
    return read;
  }
}

/** A flag of one command at the top is what most often goes wrong. */
async function unknownSetting(key: string, tables: SettingTables): Promise<string> {
  const names = [...SECTIONS, ...Object.keys(tables.shared), ...tables.commands];
  const close = closest(key, names);
  if (close !== undefined) return `unknown setting '${key}'; did you mean '${close}'?`;
  for (const command of tables.commands) if (Object.hasOwn(await tables.command(command), key)) return `'${key}' is a flag of single commands: write it below the command's name, as '${command}: { ${key}: … }'`;
  return `unknown setting '${key}'; there are ${[...SECTIONS, ...Object.keys(tables.shared)].join(", ")}, and the commands' names`;
}

function readCommand(reader: YamlReader, command: string, at: At<unknown>, specs: SettingSpecs, flags: FlagSetting[]): Read<unknown> {
  const entries = reader.entries(at, `flags of 'unpark ${command}'`);
  if (!entries.ok) return entries;
  for (const entry of entries.value) {
    const spec = Object.hasOwn(specs, entry.key) ? specs[entry.key]! : undefined;
    if (spec === undefined) {
      const close = closest(entry.key, Object.keys(specs).filter((name) => specs[name]!.refused === undefined));
      return err({ line: entry.line, value: `'unpark ${command}' has no flag '${entry.key}'${close === undefined ? `; unpark ${command} --help lists them` : `; did you mean '${close}'?`}` });
    }
    const done = readFlag(reader, entry, spec, command, flags);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

function readFlag(reader: YamlReader, { key, ...at }: Entry, spec: SettingSpec, command: string | undefined, flags: FlagSetting[]): Read<unknown> {
  const wrong = (value: string): Read<never> => err({ line: at.line, value });
  if (spec.refused !== undefined) return wrong(`'${key}' cannot be set here: ${spec.refused}`);
  const add = (value: FlagSetting["value"]): Read<unknown> => ok(flags.push({ command, flag: key, value, line: at.line }));
  const plain = reader.scalar(at);
  if (spec.type === "boolean") return typeof plain === "boolean" ? add(plain) : wrong(`'${key}' is true or false, but this is ${reader.what(at)}`);
  if (spec.type === "optional" && typeof plain === "boolean") return add(plain);
  if (spec.type === "list") {
    const items = reader.items(at) ?? [at];
    const texts = items.map((item) => reader.text(item));
    const bad = texts.findIndex((text) => text === undefined || !fitsKind(spec.kind, text));
    return bad < 0 ? add(texts as string[]) : err({ line: items[bad]!.line, value: `'${key}' is a list of texts, each ${kindWords(spec.kind)}, but this is ${reader.what(items[bad]!)}` });
  }
  const text = reader.text(at);
  if (text !== undefined && fitsKind(spec.kind, text)) return add(text);
  return wrong(`'${key}' is ${spec.type === "optional" ? "true, or " : ""}${kindWords(spec.kind)}, but this is ${reader.what(at)}`);
}

const IGNORE_FIELDS = ["function", "stack", "test", "package", "verdict", "reason", "expires"] as const;

function readIgnore(reader: YamlReader, at: At<unknown>): Read<Ignore> {
  const fields = readWords(reader, at, "ignore", IGNORE_FIELDS, ["reason", "expires"], (key, text) => {
    if (key === "expires" && text.trim() !== "" && !isDay(text)) return `'expires' is a day such as 2027-03-31, but got '${text}'`;
    return key === "verdict" && !isVerdict(text) ? unknownVerdict(text) : undefined;
  });
  if (!fields.ok) return fields;
  const { function: name = "", stack = "" } = fields.value;
  if (name.trim() === "" && stack.trim() === "") return err({ line: at.line, value: neededWords("ignore", "function") });
  return ok({ ...(fields.value as unknown as Omit<Ignore, "line">), line: at.line });
}

function readSkip(reader: YamlReader, at: At<unknown>): Read<Skip> {
  const fields = readWords(reader, at, "skip", ["test", "package", "reason"], ["test", "reason"]);
  return fields.ok ? ok({ ...(fields.value as { test: string; reason: string }), root: reader.folder, line: at.line }) : fields;
}

function readPackage(reader: YamlReader, at: At<unknown>, shared: SettingSpecs): Read<PackageSettings> {
  const fields = readWords(reader, at, "packages", ["match", ...PACKAGE_FLAGS], ["match"], (key, text) => {
    const kind = shared[key]?.kind ?? "text";
    return fitsKind(kind, text) ? undefined : `'${key}' is ${kindWords(kind)}, but got '${text}'`;
  });
  if (!fields.ok) return fields;
  const { match, ...values } = fields.value;
  if (Object.keys(values).length === 0) return err({ line: at.line, value: `an entry of 'packages' sets something for the packages that it matches: one of ${PACKAGE_FLAGS.join(", ")}` });
  return ok({ match: match!, root: reader.folder, values, line: at.line });
}

function readSeverity(reader: YamlReader, at: At<unknown>): Read<readonly SeveritySetting[]> {
  const entries = reader.entries(at, "a severity for verdicts, as 'lingering: error'");
  if (!entries.ok) return entries;
  const read: SeveritySetting[] = [];
  for (const { key, line, value } of entries.value) {
    if (!isVerdict(key)) return err({ line, value: unknownVerdict(key) });
    const given = reader.scalar({ value, line });
    // YAML 1.1 readers take a bare `off` for false, and editors format it so.
    const word = SEVERITIES.find((one) => one === (given === false ? "off" : given));
    if (word === undefined) return err({ line, value: `a severity is ${SEVERITIES.join(", ")}, but this is ${reader.what({ value, line })}` });
    read.push({ verdict: key, severity: word, line });
  }
  return ok(read);
}

/** What is wrong with a field's text; undefined: nothing. */
type FieldCheck = (key: string, text: string) => string | undefined;

/** The fields of a list's entry: texts (numbers are taken as they stand), all of them known. */
function readWords(reader: YamlReader, at: At<unknown>, list: string, known: readonly string[], needed: readonly string[], check: FieldCheck = () => undefined): Read<Words> {
  const wrong = (value: string, line = at.line): Read<never> => err({ line, value });
  const entries = reader.isMap(at) ? reader.entries(at, "fields") : wrong(`an entry of '${list}' has fields (${known.slice(0, 3).join(", ")} …), but this is ${reader.what(at)}`);
  if (!entries.ok) return entries;
  const words: Record<string, string> = {};
  for (const { key, value, line } of entries.value) {
    if (!known.includes(key)) {
      const close = closest(key, known);
      return wrong(`unknown field '${key}'; ${close === undefined ? `an entry has ${known.join(", ")}` : `did you mean '${close}'?`}`, line);
    }
    const text = reader.text({ value, line });
    const isNumber = typeof reader.scalar({ value, line }) === "number";
    if (text === undefined || (isNumber && list !== "packages")) {
      if (needed.includes(key)) return wrong(neededWords(list, key), line);
      return wrong(`'${key}' is a text, but this is ${reader.what({ value, line })}`, line);
    }
    const bad = check(key, text);
    if (bad !== undefined) return wrong(bad, line);
    words[key] = text;
  }
  const missing = needed.find((key) => (words[key] ?? "").trim() === "");
  return missing === undefined ? ok(words) : wrong(neededWords(list, missing));
}

const neededWords = (list: string, key: string): string => `an entry of '${list}' needs '${key}'${HINTS[key] ?? ""}`;
const HINTS: Words = { expires: " (the last day on which it holds, as 2027-03-31)", match: " (packages, as ./server/...)", test: " (a test's name; * stands for anything)", function: " (where it is blocked, or what started it; * stands for anything), or 'stack' (anywhere on its stack)", reason: " (why, for whoever reads it)" };

const isVerdict = (word: string): word is Verdict => VERDICTS.some((one) => one === word);

function unknownVerdict(word: string): string {
  const close = closest(word, VERDICTS);
  return `unknown verdict '${word}'; ${close === undefined ? `known are ${VERDICTS.join(", ")}` : `did you mean '${close}'?`}`;
}

/** A day that there is: `Date` takes 2027-02-30 for the second of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
