import { Readable } from "node:stream";
import { loadSdk, serveMcp } from "../../mcp/server.js";
import { KeptThreads } from "../../pipeline/pool/kept-threads.js";
import { CLEAN } from "../../report/exit-code.js";
import { captured } from "../captured.js";
import { withFlags, type Command } from "../command.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";
import { version } from "../version.js";

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
  run: withFlags(FLAGS, async ({ positionals }, io, all) => {
    if (positionals.length > 0) return complain(io, "mcp takes no arguments: the folder that it is started in is the project");
    const sdk = await loadSdk();
    if (!sdk.ok) return complain(io, sdk.error);
    const threads = new KeptThreads();
    const stdin = io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin);
    await serveMcp(sdk.value, {
      stdin, write: (text) => io.stdout.write(text), version: version(), cwd: io.cwd, signal: io.signal,
      run: (words, signal) => captured(words, { env: io.env, cwd: io.cwd, self: io.self, signal, threads }, all ?? {}),
    });
    return CLEAN;
  }),
};
