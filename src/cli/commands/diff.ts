import { jsonText } from "../../report/shared/json-text.js";
import { diff } from "../../pipeline/services/diff.js";
import { differenceJson } from "../../report/diff/json.js";
import { differenceText } from "../../report/diff/text.js";
import { withFlags, type Command } from "../command.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { differenceExit } from "../../report/exit-code.js";
import { complain } from "../io.js";
import { SOURCE_FLAGS, sourceOptions } from "../flags/source-flags.js";

const FLAGS = {
  json: { type: "boolean", help: "as JSON" },
  all: { type: "boolean", help: "also the groups that stayed the same, and those that take the snapshots" },
  ...SOURCE_FLAGS,
} as const satisfies FlagSpecs;

const ABOUT = `Compares two snapshots of one program: which groups of goroutines are new or gone, and which have grown or shrunk.
Groups are compared by their functions and how they wait, so that a rebuild that moves lines changes nothing.
With one SOURCE that holds several dumps: its first and its last. Exit code 1 when something is new or has grown.`;

export const command: Command = {
  name: "diff",
  summary: "Compares two snapshots: new, grown and gone goroutines.",
  flags: FLAGS,
  usage: usageText("diff [flags] BEFORE AFTER | FILE", ABOUT, FLAGS, ["unpark diff before.txt http://127.0.0.1:6060"]),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    const common = await sourceOptions(flags, io);
    if (!common.ok) return complain(io, common.error);
    if (positionals.length < 1 || positionals.length > 2) return complain(io, "diff needs two sources, or one file with several dumps; 'unpark diff --help' tells more");
    const result = await diff(positionals, { ...common.value, observers: flags.all });
    if (!result.ok) return complain(io, result.error);
    io.stdout.write(
      flags.json ? jsonText(differenceJson(result.value), 1) : differenceText(result.value, { colour: io.colour, cwd: io.cwd, all: flags.all }),
    );
    return differenceExit(result.value);
  }),
};
