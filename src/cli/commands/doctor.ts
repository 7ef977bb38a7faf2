import { doctor } from "../../pipeline/doctor/doctor.js";
import { doctorText } from "../../report/doctor/text.js";
import { checkupExit } from "../../report/exit-code.js";
import { jsonText } from "../../report/shared/json-text.js";
import { coloured, plain } from "../../report/shared/style.js";
import { withFlags, type Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";

const FLAGS = { json: { type: "boolean", never: ONCE, help: "as JSON" } } as const satisfies FlagSpecs;

export const command: Command = {
  name: "doctor",
  summary: "Checks that this machine has what Unpark needs, and says what will be slow.",
  flags: FLAGS,
  usage: usageText("doctor [flags]", "Looks at Go, Node, the cache, the disk, the machine and git, and builds nothing. Exit code 2: something that is needed is missing.", FLAGS),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    if (positionals.length > 0) return complain(io, "doctor takes no arguments: it is about this machine and this folder's Go");
    const checkup = await doctor({ cwd: io.cwd, env: io.env, signal: io.signal });
    io.stdout.write(flags.json ? jsonText(checkup, 1) : doctorText(checkup, io.colour ? coloured : plain));
    return checkupExit(checkup);
  }),
};
