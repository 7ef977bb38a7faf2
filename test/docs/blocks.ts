// The command blocks of the documents: fenced as a shell's, or plain text (indented, or fenced without a language) that begins with
// a program; and what YAML hands to a shell.

export interface CommandBlock {
  readonly document: string;
  /** Of its first command. */
  readonly line: number;
  /** One for each line, without its comment. */
  readonly commands: readonly string[];
}

const SHELL = ["sh", "bash", "shell", "console"];
/** What a command may begin with. A plain block whose first line does not is what a program printed, or a drawing. */
const PROGRAM = /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:unpark|npx|npm|node|go|git|code|claude|eval|source|kubectl|docker|brew|apt|curl|sh|bash|pip|uvx|gotestsum|release\/\S+|bin\/\S+|\.\/\S+)(?= |$)/;
const YAML_COMMAND = /^\s*(?:- )?(?:run|script|entry): (.*)$/;

export const isCommand = (line: string): boolean => PROGRAM.test(line);

export function blocksOf(document: string, text: string): readonly CommandBlock[] {
  const blocks: CommandBlock[] = [];
  for (const { language, line, lines } of regionsOf(text)) {
    if (language === "yaml") {
      for (const [i, raw] of lines.entries()) {
        const command = YAML_COMMAND.exec(raw)?.[1];
        if (command !== undefined && isCommand(command)) blocks.push({ document, line: line + i, commands: [command] });
      }
    } else if (SHELL.includes(language) || (language === "" && isCommand(lines[0] ?? ""))) {
      const own = language === "" ? lines.filter(isCommand) : lines; // a plain block may go on with what the command printed
      const commands = own.map((one) => withoutComment(one)).filter((one) => one !== "");
      if (commands.length > 0) blocks.push({ document, line, commands });
    }
  }
  return blocks;
}

interface Region {
  /** Of the fence; "" for none. */
  readonly language: string;
  readonly line: number;
  readonly lines: string[];
}

/** What is fenced, and what is indented by four blanks, as CommonMark has it but for lists. */
function regionsOf(text: string): readonly Region[] {
  const regions: Region[] = [];
  let fenced = false, open: Region | undefined;
  for (const [i, raw] of text.split("\n").entries()) {
    const fence = /^\s*```(\w*)/.exec(raw);
    if (fence !== null) {
      fenced = !fenced;
      open = fenced ? { language: fence[1]!, line: i + 2, lines: [] } : undefined;
      if (open !== undefined) regions.push(open);
    } else if (fenced) open!.lines.push(raw.replace(/^ {3}(?=\S)/, "")); // a fence in a list
    else if (/^ {4}\S/.test(raw)) {
      if (open === undefined) regions.push((open = { language: "", line: i + 1, lines: [] }));
      open.lines.push(raw.slice(4));
    } else if (raw.trim() !== "") open = undefined;
  }
  return regions;
}

/** "" for a comment; without `# …`, and without the words behind three blanks that say what the command does. */
function withoutComment(line: string): string {
  if (line.trimStart().startsWith("#")) return "";
  let quoted = "";
  for (const [i, char] of [...line].entries()) {
    if (quoted === "" && /^(?: {3,}\S| +# )/.test(line.slice(i))) return line.slice(0, i).trim();
    if (quoted === "" && /['"]/.test(char)) quoted = char;
    else if (char === quoted) quoted = "";
  }
  return line.replace(/^\$ /, "").trim();
}
