// The command lines of documents: each `unpark …` in a fenced or indented block, and in backticks.
import { COMMANDS } from "../../src/cli/commands.js";
import { parseFlags } from "../../src/cli/flags/flags.js";

export interface DocumentedCommand {
  readonly document: string;
  readonly line: number;
  /** As it stands there, without its comment. */
  readonly text: string;
  /** Behind `unpark`. */
  readonly words: readonly string[];
}

/** Where a command may begin: the program's name, or a file of a release or a checkout that is it. */
const PROGRAM = /^\s*(?:(?:- )?(?:run|script|entry): )?(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npx |node )?(?:release\/unpark-[\w.-]+-linux-x64|bin\/unpark\.js|unpark)(?= |$)/;

export function commandsIn(document: string, text: string): readonly DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let fenced: string | undefined;
  for (const [i, raw] of text.split("\n").entries()) {
    const fence = /^\s*```(\w*)/.exec(raw);
    if (fence !== null) {
      fenced = fenced === undefined ? fence[1]! : undefined;
      continue;
    }
    const isShell = fenced === undefined ? /^ {4}\S/.test(raw) && !/^\s*\|/.test(raw) : ["sh", "bash", "shell", "console", "yaml", "yml"].includes(fenced);
    const isPlain = fenced === "" && /^(?:npx )?unpark [a-z]+(?: |$)/.test(raw); // words behind three blanks say what it does
    const pieces = isShell ? [raw] : isPlain ? [raw.replace(/ {3,}.*/, "")] : fenced === undefined ? [...raw.matchAll(/`(unpark [^`]+)`/g)].map(([, code]) => code!) : [];
    for (const piece of pieces.flatMap(commandsOf)) {
      const at = PROGRAM.exec(piece);
      if (at === null) continue;
      const command = piece.slice(at[0].length);
      found.push({ document, line: i + 1, text: piece.trim(), words: wordsOf(command) });
    }
  }
  return found;
}

/** The commands of a shell line: without its comment, cut at what ends a command, outside single quotes. */
function commandsOf(line: string): readonly string[] {
  const pieces = [""];
  let quoted = false;
  for (const [i, char] of [...line].entries()) {
    if (!quoted && char === "#" && (i === 0 || line[i - 1] === " ")) break;
    if (char === "'") quoted = !quoted;
    if (!quoted && /[|;&()]/.test(char)) pieces.push("");
    else pieces[pieces.length - 1] += char;
  }
  return pieces;
}

/** As a POSIX shell splits words; redirections are no words. */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  const WORD = /(?:'[^']*'|"[^"]*"|[^\s'"])+/g;
  for (const [word] of command.matchAll(WORD)) words.push(word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ""));
  const end = words.findIndex((word) => /^\d?[<>]/.test(word));
  return end < 0 ? words : words.slice(0, end);
}

/** What is wrong with it: a command that is not there, a flag that it does not take. */
export async function problemOf({ words }: DocumentedCommand): Promise<string | undefined> {
  const [name = "", ...rest] = words;
  if (name === "" || name.startsWith("<") || ["--version", "--help", "version", "help"].includes(name)) return undefined;
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) return `there is no command '${name}'`;
  if (rest.includes("--native") || rest.includes("--help")) return undefined; // go test's own flags: test-native.test.ts
  const { command } = await load();
  const parsed = parseFlags(command.flags, rest.filter((word) => word !== "…" && word !== "..."));
  return parsed.ok ? undefined : parsed.error;
}
