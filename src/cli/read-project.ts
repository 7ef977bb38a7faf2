import { resolve, dirname } from "node:path";
import { err, ok, type Result } from "../base/result.js";
import type { FlagSetting, PackageFlag, PackageSettings } from "../pipeline/config/config.js";
import type { PackageOverride } from "../pipeline/config/package-match.js";
import type { SettingSpec, SettingTables } from "../pipeline/config/parse-config.js";
import { readConfig } from "../pipeline/config/read-config.js";
import type { Command, CommandTable } from "./command.js";
import { BASELINE_FLAGS, BUILD_FLAGS, EXPLORE_FLAGS, readSettings, SHORT } from "./flags/explore-flags.js";
import type { Project } from "./project.js";
import { flagWord, parseFlags, type FlagSpec, type FlagSpecs } from "./flags/flags.js";

/** What may stand at the top of the file, for every command that has the flag. */
export const SHARED_FLAGS: FlagSpecs = { ...EXPLORE_FLAGS, ...BUILD_FLAGS, baseline: BASELINE_FLAGS.baseline, short: SHORT };

/** Every flag of a command, in whichever way it is called. */
export const allFlags = ({ flags, modes = [] }: Command): FlagSpecs => Object.assign({}, ...modes, flags) as FlagSpecs;

/** Is there a flag that a file may give? Where not, a command does not read it. */
export const readsSettings = (command: Command): boolean => Object.values(allFlags(command)).some(({ never }) => never === undefined);

export const settingTables = (table: CommandTable): SettingTables => ({
  shared: settingSpecs(SHARED_FLAGS),
  commands: Object.keys(table),
  command: async (name) => settingSpecs(allFlags((await table[name]!()).command)),
});

const settingSpecs = (flags: FlagSpecs): Readonly<Record<string, SettingSpec>> =>
  Object.fromEntries(Object.entries(flags).map(([name, { type, kind = "text", never }]) => [name, { type, kind, ...(never === undefined ? {} : { refused: never }) }]));

/** The one place where a command's settings are read: the file's part of them; `argv` are the user's own words. */
export async function projectOf(command: Command, argv: readonly string[], cwd: string, table: CommandTable): Promise<Result<Project, string>> {
  const config = await readConfig(cwd, () => settingTables(table));
  if (!config.ok) return config;
  const specs = command.settable?.(argv) ?? command.flags;
  const own = parseFlags(specs, argv);
  const given = own.ok ? own.value.given : new Set<string>();
  const overrides: PackageOverride[] = [];
  for (const entry of config.value.packages) {
    const read = overrideOf(entry, given);
    if (!read.ok) return err(`${config.value.path}:${entry.line}: ${read.error}`);
    if (Object.keys(read.value.settings).length > 0) overrides.push(read.value);
  }
  return ok({ config: config.value, flags: inForce(config.value.flags, command.name, specs), overrides });
}

function overrideOf({ match, root, values }: PackageSettings, given: ReadonlySet<string>): Result<PackageOverride, string> {
  const left = Object.fromEntries(Object.entries(values).filter(([name]) => !given.has(name))) as Partial<Record<PackageFlag, string>>;
  const settings = readSettings(left);
  return settings.ok ? ok({ match, root, settings: settings.value }) : settings;
}

function inForce(settings: readonly FlagSetting[], command: string, specs: FlagSpecs): readonly FlagSetting[] {
  const found = new Map<string, FlagSetting>();
  for (const setting of settings) {
    const spec = Object.hasOwn(specs, setting.flag) ? specs[setting.flag] : undefined;
    if (spec === undefined || (setting.command ?? command) !== command || (setting.command === undefined && spec.shared !== true)) continue;
    const before = found.get(setting.flag);
    if (before?.command === undefined || setting.command !== undefined) found.set(setting.flag, setting);
  }
  return [...found.values()];
}

/** The file's flags as words, to stand ahead of the user's own: what is further to the right holds. */
export function wordsOf({ flags, config }: Project, specs: FlagSpecs): readonly string[] {
  const folder = config.path === undefined ? "." : dirname(config.path);
  return flags.flatMap(({ flag, value }) => wordsFor(flag, specs[flag]!, value, folder));
}

function wordsFor(name: string, spec: FlagSpec, value: FlagSetting["value"], folder: string): readonly string[] {
  const word = flagWord(name, spec);
  if (typeof value === "boolean") return value ? [word] : [];
  if (typeof value !== "string") return value.map((one) => `${word}=${one}`);
  // Files are named from the folder of the settings, wherever in the project somebody stands.
  const isPath = (spec.kind === "output" || spec.kind === "file") && !(spec.value?.endsWith("|none") === true && value === "none");
  return [`${word}=${isPath ? resolve(folder, value) : value}`];
}
