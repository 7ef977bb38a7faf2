/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
}

export interface CompletedFlag {
  /** As it is written: `--json`, `-run`. */
  readonly word: string;
  readonly help: string;
  /** `optional`: a value only behind `=`. */
  readonly value: "none" | "needed" | "optional";
  /** The value is a file. */
  readonly file: boolean;
}

export const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** What a shell reads to complete `unpark`: commands, the flags of each, else files. Nothing is started for it. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  if (shell === "bash") return bash(commands);
  return shell === "zsh" ? zsh(commands) : fish(commands);
}

/** The text between two apostrophes, in which nothing else means anything. Fish also reads a backslash there. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const fishQuote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const wordsOf = ({ flags }: CompletedCommand): string => flags.map(({ word, value }) => (value === "none" ? word : `${word}${value === "optional" && !word.startsWith("--") ? "" : "="}`)).join(" ");

const bash = (commands: readonly CompletedCommand[]): string => `# bash completion of unpark: source <(unpark completion bash)
_unpark() {
  local current="\${COMP_WORDS[COMP_CWORD]}" flags=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote(commands.map(({ name }) => name).join(" "))} -- "$current"))
    return
  fi
  case "$current" in
    -*) ;;
    *)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$current"))
      return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${commands.map((one) => `    ${one.name}) flags=${quote(wordsOf(one))} ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$flags" -- "$current"))
  case "\${COMPREPLY[0]}" in *=) compopt -o nospace 2>/dev/null ;; esac
  return 0
}
complete -F _unpark unpark
`;

/** `=-`: the value stands behind the sign alone; `=`: it may be the next word, too (zshcompsys). `_arguments` reads [ ] and : inside of a specification. */
const zshText = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&");

function zshFlag({ word, help, value, file }: CompletedFlag): string {
  const action = value === "none" ? "" : `${value === "optional" ? "::" : ":"}value:${file ? "_files" : ""}`;
  return quote(`${word}${value === "none" ? "" : value === "optional" ? "=-" : "="}[${zshText(help)}]${action}`);
}

const zsh = (commands: readonly CompletedCommand[]): string => `#compdef unpark
# zsh completion of unpark: a file _unpark in a folder of $fpath, or source <(unpark completion zsh)
_unpark() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands.map((one) => `    ${one.name}) _arguments ${one.flags.map(zshFlag).join(" ")} '*:file:_files' ;;`).join("\n")}
  esac
}
if [ "$funcstack[1]" = _unpark ]; then _unpark "$@"; else compdef _unpark unpark; fi
`;

function fishFlag(command: string, { word, help, value, file }: CompletedFlag): string {
  const name = word.startsWith("--") ? `-l ${word.slice(2)}` : word.length === 2 ? `-s ${word.slice(1)}` : `-o ${word.slice(1)}`;
  return `complete -c unpark -n '__fish_seen_subcommand_from ${command}' ${name}${value === "needed" ? (file ? " -r" : " -x") : ""} -d ${fishQuote(help)}`;
}

const fish = (commands: readonly CompletedCommand[]): string => `# fish completion of unpark: unpark completion fish | source
${commands.map(({ name, summary }) => `complete -c unpark -f -n __fish_use_subcommand -a ${name} -d ${fishQuote(summary)}`).join("\n")}
${commands.flatMap(({ name, flags }) => flags.map((flag) => fishFlag(name, flag))).join("\n")}
`;
