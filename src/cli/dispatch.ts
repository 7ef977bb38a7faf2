import { closest } from "../base/closest.js";
import { COMMANDS } from "./commands.js";
import { loadCommands, type CommandTable } from "./command.js";
import { publicName, secretsIn, without } from "../model/public-name.js";
import { CLEAN, FAILED } from "../report/exit-code.js";
import { complain, ioWith, type Io } from "./io.js";
import { runCommand } from "./run-command.js";
import { version } from "./version.js";

/** One command line, from words to exit code. Never throws: what goes wrong inside is said in one sentence. */
export async function dispatch(argv: readonly string[], outer: Io, table: CommandTable = COMMANDS): Promise<number> {
  const io = discreet(outer, secretsIn(argv));
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && (rest[0] ?? "-h").startsWith("-"))) {
    (name === undefined ? io.stderr : io.stdout).write(await overview(table));
    return name === undefined ? FAILED : CLEAN;
  }
  if (name === "--version" || name === "version") {
    io.stdout.write(`unpark ${version()}\n`);
    return CLEAN;
  }
  if (name === "help") return help(rest[0]!, io, table);
  const load = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!load) return complain(io, unknownCommand(name, table));
  const { command } = await load();
  const ownWords = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  if (ownWords.includes("--help") || ownWords.includes("-h")) {
    io.stdout.write(command.usage);
    return CLEAN;
  }
  try {
    return await runCommand(command, rest, io, table);
  } catch (error) {
    return complain(io, internalError(error, io));
  }
}

/** On a topic, or a command. */
async function help(wanted: string, io: Io, table: CommandTable): Promise<number> {
  const { HELP_TOPICS } = await import("../report/help/topics.js");
  const topic = HELP_TOPICS.find((one) => one.name === wanted);
  const load = topic === undefined && Object.hasOwn(table, wanted) ? table[wanted] : undefined;
  if (topic === undefined && load === undefined) return complain(io, unknownTopic(wanted, [...Object.keys(table), ...HELP_TOPICS.map((one) => one.name)]));
  io.stdout.write(topic?.text ?? (await load!()).command.usage);
  return CLEAN;
}

/** A net behind everything that takes care by itself: what is said on stderr holds no secret of the command line. */
function discreet(io: Io, secrets: readonly string[]): Io {
  if (secrets.length === 0) return io;
  const stderr: Io["stderr"] = { write: (data) => io.stderr.write(typeof data === "string" ? without(secrets, data) : data) };
  return ioWith(io, { stderr });
}

function unknownTopic(given: string, names: readonly string[]): string {
  const word = publicName(given);
  const close = closest(word, names);
  return `there is no help on '${word}'; ${close === undefined ? "'unpark help' lists commands and topics" : `did you mean '${close}'?`}`;
}

function unknownCommand(given: string, table: CommandTable): string {
  const word = publicName(given);
  if (word.startsWith("-")) return `unknown flag ${word}; 'unpark --help' lists the commands`;
  const close = closest(word, Object.keys(table));
  return `unknown command '${word}'; ${close === undefined ? "'unpark --help' lists the commands" : `did you mean '${close}'?`}`;
}

function internalError(error: unknown, io: Io): string {
  const text = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && io.env["UNPARK_DEBUG"] ? `\n${error.stack ?? ""}` : "";
  return `${text}\nThis was not expected: please report it (UNPARK_DEBUG=1 shows where it came from).${stack}`;
}

async function overview(table: CommandTable): Promise<string> {
  const [commands, { HELP_TOPICS }] = await Promise.all([loadCommands(table), import("../report/help/topics.js")]);
  const width = Math.max(...[...commands, ...HELP_TOPICS].map(({ name }) => name.length)) + 2;
  return [
    "unpark finds, proves and explains goroutine leaks.",
    "",
    "Usage: unpark <command> [flags] [arguments]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    "",
    "Topics:",
    ...HELP_TOPICS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    "",
    "'unpark <command> --help' and 'unpark help <topic>' tell more. Exit code: 0 clean, 1 findings, 2 could not do it.",
    "",
  ].join("\n");
}
