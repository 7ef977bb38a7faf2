import { CLEAN } from "../../report/exit-code.js";
import { completionScript, SHELLS, type CompletedFlag } from "../../report/completion/scripts.js";
import { loadCommands, withFlags, type Command } from "../command.js";
import { flagWord, usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";

const FLAGS = {} as const satisfies FlagSpecs;

export const command: Command = {
  name: "completion",
  summary: "Prints a script that lets bash, zsh or fish complete commands and flags.",
  flags: FLAGS,
  usage: usageText("completion bash|zsh|fish", "Commands, the flags of each, and else files. It is made from the same table as --help.", FLAGS, [
    "source <(unpark completion bash)",
    "unpark completion zsh > ~/.zfunc/_unpark",
    "unpark completion fish > ~/.config/fish/completions/unpark.fish",
  ]),
  run: withFlags(FLAGS, async ({ positionals }, io, all = {}) => {
    const [wanted, ...more] = positionals;
    const shell = SHELLS.find((one) => one === wanted);
    if (shell === undefined || more.length > 0) return complain(io, `completion needs one shell: ${SHELLS.join(", ")}${wanted === undefined ? "" : `; but got '${positionals.join(" ")}'`}`);
    const commands = await loadCommands(all);
    io.stdout.write(completionScript(shell, commands.map(({ name, summary, flags }) => ({ name, summary, flags: flagsOf(flags) }))));
    return CLEAN;
  }),
};

const flagsOf = (specs: FlagSpecs): readonly CompletedFlag[] => [
  ...Object.entries(specs).map(([name, spec]): CompletedFlag => ({ word: flagWord(name, spec), help: spec.help, value: spec.type === "boolean" ? "none" : spec.type === "optional" ? "optional" : "needed", file: spec.value === "FILE" })),
  { word: "--help", help: "what the command does, and all of its flags", value: "none", file: false },
];
