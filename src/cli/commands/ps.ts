import { jsonText } from "../../report/shared/json-text.js";
import { publicName } from "../../model/public-name.js";
import { processes } from "../../pipeline/services/processes.js";
import { processesJson, processesText } from "../../report/ps/text.js";
import { withFlags, type Command } from "../command.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { CLEAN } from "../../report/exit-code.js";
import { complain } from "../io.js";
import { SOURCE_FLAGS, sourceOptions } from "../flags/source-flags.js";

const FLAGS = {
  json: { type: "boolean", help: "as JSON" },
  timeout: SOURCE_FLAGS.timeout,
} as const satisfies FlagSpecs;

const ABOUT = `Lists this user's processes that have a gops agent (Go's github.com/google/gops/agent, or Unpark's for TypeScript),
with what the agent says of each. The first column is a SOURCE: unpark inspect pid:4711.`;

export const command: Command = {
  name: "ps",
  summary: "Lists running processes that `unpark inspect pid:N` can ask.",
  flags: FLAGS,
  usage: usageText("ps [flags]", ABOUT, FLAGS),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    if (positionals.length > 0) return complain(io, `ps takes no arguments, but got '${publicName(positionals[0]!)}'; to look at a process: unpark inspect pid:N`);
    const options = await sourceOptions({ ...NO_SOURCE_FLAGS, timeout: flags.timeout ?? "2s" }, io);
    if (!options.ok) return complain(io, options.error);
    const found = await processes(options.value);
    if (flags.json) io.stdout.write(jsonText(processesJson(found), 1));
    else if (found.length > 0) io.stdout.write(processesText(found));
    else io.stderr.write("no process of this user has a gops agent\n");
    return CLEAN;
  }),
};

/** Agents are asked on loopback, without HTTP. */
const NO_SOURCE_FLAGS = {
  debug: undefined, leaks: false, header: [], user: undefined, cert: undefined, key: undefined, ca: undefined, insecure: false,
  "max-size": undefined, where: [], "by-label": undefined, module: undefined,
} as const;
