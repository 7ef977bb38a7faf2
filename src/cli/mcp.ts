import { Readable } from "node:stream";
import { BoundedText } from "../base/bounded-text.js";
import { loadSdk, serveMcp } from "../mcp/server.js";
import type { CommandEnd } from "../mcp/tool.js";
import { secretsIn, without } from "../model/public-name.js";
import { CLEAN } from "../report/exit-code.js";
import type { Command, CommandTable } from "./command.js";
import { parseFlags, usageText, type FlagSpecs } from "./flags.js";
import { complain, type Io } from "./io.js";
import { version } from "./version.js";

const FLAGS = {} as const satisfies FlagSpecs;

export const command: Command = {
  name: "mcp",
  summary: "Serves explorations, findings and dumps to an agent, by the Model Context Protocol.",
  flags: FLAGS,
  usage: usageText(
    "mcp",
    "Speaks the Model Context Protocol on stdin and stdout, for an agent that starts it in the project's folder (docs/agents.md).\n" +
      "Tools: explore_test, explain_finding, replay_schedule, inspect_dump (loopback addresses and files only).",
    FLAGS,
    ["claude mcp add unpark -- unpark mcp"],
  ),
  async run(argv, io, all) {
    const parsed = parseFlags(FLAGS, argv);
    if (!parsed.ok) return complain(io, parsed.error);
    if (parsed.value.positionals.length > 0) return complain(io, "mcp takes no arguments: the folder that it is started in is the project");
    const sdk = await loadSdk();
    if (!sdk.ok) return complain(io, sdk.error);
    const stdin = io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin);
    await serveMcp(sdk.value, {
      stdin, write: (text) => io.stdout.write(text), version: version(), cwd: io.cwd, signal: io.signal,
      run: (words, signal) => captured(words, io, signal, all ?? {}),
    });
    return CLEAN;
  },
};

/** One command line whose output is kept: nothing of it reaches the terminal's streams. */
async function captured([name = "", ...words]: readonly string[], io: Io, signal: AbortSignal, all: CommandTable): Promise<CommandEnd> {
  const stdout: Uint8Array[] = [];
  const stderr = new BoundedText();
  const { GITHUB_ACTIONS: _, ...env } = io.env; // its annotations are for a runner's log
  const own: Io = {
    env, cwd: io.cwd, self: io.self, signal,
    stdout: { write: (data) => void stdout.push(Buffer.from(data)) },
    stderr: { write: (data) => stderr.add(typeof data === "string" ? data : Buffer.from(data).toString()) },
    stdin: Readable.from([]),
    isTTY: { stdout: false, stderr: false }, colour: false, columns: 80, rows: 24,
  };
  const exit = await all[name]!().then(({ command: one }) => one.run(words, own, all)).catch((error: Error) => complain(own, `${error.message} (this was not expected: please report it)`));
  return { exit, stdout: Buffer.concat(stdout).toString(), stderr: without(secretsIn(words), stderr.toString()) };
}
