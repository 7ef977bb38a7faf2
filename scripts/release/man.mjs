// The man page, made of the same tables as --help and of the topics of `unpark help`: unpark.1, in roff (man(7)).
//   node scripts/release/man.mjs        prints it
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const dist = new URL("../../dist/src/", import.meta.url);

export async function manPage(version, date) {
  const [{ COMMANDS }, { loadCommands }, { flagWord }, { HELP_TOPICS }] = await Promise.all(
    ["cli/commands.js", "cli/command.js", "cli/flags/flags.js", "report/help/topics.js"].map((file) => import(new URL(file, dist))),
  );
  const commands = await loadCommands(COMMANDS);
  return [
    `.TH UNPARK 1 ${quoted(date)} ${quoted(`unpark ${version}`)} "User Commands"`,
    ".SH NAME",
    "unpark \\- finds, proves and explains goroutine leaks",
    ".SH SYNOPSIS",
    ".B unpark",
    ".I command",
    "[flags] [arguments]",
    ".SH DESCRIPTION",
    text("Builds Go code with your own Go, takes every decision of the scheduler, the clock and select itself, tries the schedules that differ, and shows the one that leaks, so that it can be replayed. Of TypeScript, too; and of running services it reads the goroutine profiles."),
    ".SH COMMANDS",
    ...commands.flatMap((command) => commandPart(command, flagWord)),
    ...HELP_TOPICS.flatMap(({ name, summary, text: words }) => [`.SH ${quoted(name.toUpperCase())}`, text(`${summary}.`), ".PP", ".nf", text(words.trimEnd()), ".fi"]),
    ".SH EXIT STATUS",
    ...[["0", "clean"], ["1", "findings, or a test that fails"], ["2", "something could not be done, or was interrupted"]].flatMap(([code, words]) => [".TP", `.B ${code}`, words]),
    ".SH ENVIRONMENT",
    ...[["NO_COLOR", "no colours (no-color.org)"], ["UNPARK_CACHE", "where built modules and results are kept (~/.cache/unpark)"], ["UNPARK_DEBUG", "1: where an internal error came from"]].flatMap(([name, words]) => [".TP", `.B ${name}`, text(words)]),
    ".SH FILES",
    ".TP",
    ".B .unpark.yaml",
    text("settings of a project: 'unpark help config'"),
    ".TP",
    ".B .unpark-baseline.json",
    text("what --baseline accepts"),
    "",
  ].join("\n");
}

function commandPart({ name, usage, flags }, flagWord) {
  const [synopsis, , ...rest] = usage.split("\n");
  const about = rest.slice(0, rest.findIndex((line, i) => line === "" && i > 0) >>> 0).filter((line) => line !== "" && line !== "Flags:");
  const rows = Object.entries(flags).map(([flag, spec]) => {
    const value = spec.value ?? "VALUE";
    const word = flagWord(flag, spec);
    return [`.TP`, `.B ${text(spec.type === "boolean" ? word : spec.type === "optional" ? `${word}[=${value}]` : `${word} ${value}`)}`, text(spec.help)];
  });
  const examples = usage.includes("\nExamples:\n") ? usage.slice(usage.indexOf("\nExamples:\n") + 11).trimEnd().split("\n") : [];
  return [
    `.SS unpark ${text(name)}`,
    `.B ${text(synopsis.replace(/^Usage: /, ""))}`,
    ".PP",
    text(about.join("\n")),
    ...rows.flat(),
    ...(examples.length === 0 ? [] : [".PP", "Examples:", ".PP", ".nf", text(examples.join("\n")), ".fi"]),
  ];
}

/** Plain words for roff: no control lines, no escapes, real hyphens and quotes. */
const text = (words) =>
  words
    .replace(/\\/g, "\\e")
    .replace(/-/g, "\\-")
    .replace(/'/g, "\\(aq")
    .replace(/`/g, "\\(ga")
    .replace(/\^/g, "\\(ha")
    .replace(/~/g, "\\(ti")
    .replace(/…/g, "...")
    .replace(/^([.'])/gm, "\\&$1");

const quoted = (words) => `"${text(words).replace(/"/g, "")}"`;

if (argv[1] === fileURLToPath(import.meta.url)) console.log(await manPage("(from a checkout)", new Date().toISOString().slice(0, 10)));
