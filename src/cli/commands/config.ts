import { dirname, relative } from "node:path";
import { closest } from "../../base/closest.js";
import { publicName } from "../../model/public-name.js";
import { configText, type SettingSource, type SettingsView } from "../../report/config/text.js";
import { CLEAN } from "../../report/exit-code.js";
import { jsonText } from "../../report/shared/json-text.js";
import { coloured, plain } from "../../report/shared/style.js";
import type { Command, CommandTable } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { parseFlags, usageText, type FlagSpecs } from "../flags/flags.js";
import { complain, type Io } from "../io.js";
import type { Project } from "../project.js";
import { allFlags, projectOf, readsSettings, wordsOf } from "../read-project.js";
import { settingsSchema } from "../flags/settings-schema.js";

const FLAGS = {
  json: { type: "boolean", never: ONCE, help: "as JSON" },
  schema: { type: "boolean", never: ONCE, help: "print the JSON schema of .unpark.yaml, for editors" },
} as const satisfies FlagSpecs;

export const command: Command = {
  name: "config",
  summary: "Shows which settings are in force, and why: default, .unpark.yaml, command line.",
  flags: FLAGS,
  usage: usageText(
    "config [flags] [COMMAND [its flags]]",
    "Reads .unpark.yaml as COMMAND would (default: test), with the flags that follow it, and prints each value and the place that it\n" +
      "comes from. Nothing is run. docs/config.md says what may stand in the file.",
    FLAGS,
    ["unpark config", "unpark config test --budget 10s", "unpark config --json run", "unpark config --schema > .unpark.schema.json"],
  ),
  async run(argv, io, all = {}) {
    const first = argv.findIndex((word) => !word.startsWith("-"));
    const parsed = parseFlags(FLAGS, first < 0 ? argv : argv.slice(0, first));
    if (!parsed.ok) return complain(io, parsed.error);
    const { flags } = parsed.value;
    if (flags.schema) {
      io.stdout.write(jsonText(await settingsSchema(all), 1));
      return CLEAN;
    }
    return show(first < 0 ? ["test"] : argv.slice(first), flags.json, io, all);
  },
};

async function show([name = "test", ...words]: readonly string[], asJson: boolean, io: Io, all: CommandTable): Promise<number> {
  const load = Object.hasOwn(all, name) ? all[name] : undefined;
  const word = publicName(name);
  if (load === undefined) {
    const close = closest(word, Object.keys(all));
    return complain(io, `config takes a command's name, but got '${word}'; ${close === undefined ? "'unpark --help' lists them" : `did you mean '${close}'?`}`);
  }
  const { command: wanted } = await load();
  if (!readsSettings(wanted)) return complain(io, `'unpark ${word}' has no flags that a file of settings may give`);
  const project = await projectOf(wanted, words, io.cwd, all);
  if (!project.ok) return complain(io, project.error);
  const view = viewOf(wanted, words, project.value, io.cwd);
  if (typeof view === "string") return complain(io, view);
  io.stdout.write(asJson ? jsonText(view, 1) : configText(view, io.colour ? coloured : plain));
  return CLEAN;
}

/** A text: what is wrong with the words. */
function viewOf(wanted: Command, words: readonly string[], project: Project, cwd: string): SettingsView | string {
  const specs = wanted.settable?.(words) ?? wanted.flags;
  const own = parseFlags(allFlags(wanted), words);
  if (!own.ok) return own.error;
  const both = parseFlags(allFlags(wanted), [...wordsOf(project, specs), ...words]);
  if (!both.ok) return both.error;
  const { config, overrides } = project;
  const today = new Date().toISOString().slice(0, 10);
  const sourceOf = (flag: string): SettingSource => {
    if (own.value.given.has(flag)) return { kind: "command line" };
    const line = project.flags.find((one) => one.flag === flag)?.line;
    return line === undefined ? { kind: "default" } : { kind: "file", line };
  };
  return {
    command: wanted.name,
    file: config.path === undefined ? undefined : shown(config.path, cwd),
    flags: Object.entries(specs).filter(([name, { never }]) => never === undefined || own.value.given.has(name)).map(([flag, { usual }]) => {
      const source = sourceOf(flag);
      return { flag, value: source.kind === "default" ? usual : both.value.flags[flag], source };
    }),
    packages: overrides.length === 0 ? [] : config.packages.flatMap(({ match, values, line }) => {
      const left = Object.fromEntries(Object.entries(values).filter(([flag]) => !own.value.given.has(flag)));
      return Object.keys(left).length === 0 ? [] : [{ match, values: left, line }];
    }),
    severity: config.severity,
    skip: config.skip.map(({ root: _, ...one }) => one),
    ignore: config.ignore.map(({ function: name, stack, expires, reason, line, verdict }) => ({ function: name ?? `${stack} on the stack`, ...(verdict === undefined ? {} : { verdict }), expires, reason, line, expired: today > expires })),
  };
}

/** `.unpark.yaml`, `../.unpark.yaml`; whole where that is shorter. */
function shown(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.length <= path.length && dirname(near) !== "" ? near : path;
}
