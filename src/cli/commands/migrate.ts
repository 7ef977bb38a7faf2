import { resolve } from "node:path";
import { statSync } from "node:fs";
import { optional } from "../../base/optional.js";
import { publicName } from "../../model/public-name.js";
import { migrateGoleak } from "../../pipeline/migrate/goleak.js";
import { CLEAN } from "../../report/exit-code.js";
import { migrationText } from "../../report/migrate/text.js";
import { jsonText } from "../../report/shared/json-text.js";
import { coloured, plain } from "../../report/shared/style.js";
import { withFlags, type Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";

const FLAGS = {
  write: { type: "boolean", never: ONCE, help: "write .unpark.yaml, in place of printing its patch" },
  json: { type: "boolean", never: ONCE, help: "every use and what it becomes, as JSON" },
  expires: { type: "string", never: ONCE, value: "DAY", help: "last day of new entries, as 2027-03-31 (default: a year from now)" },
} as const satisfies FlagSpecs;

export const command: Command = {
  name: "migrate",
  summary: "Turns a repository's use of goleak into settings, and says what each use becomes.",
  flags: FLAGS,
  usage: usageText(
    "migrate goleak [flags] [folder]",
    "Reads the Go files of the folder (default: this one) with Go's own parser, and says of each use of go.uber.org/goleak what it\n" +
      "becomes: nothing, for `unpark test` does it of every test; an entry of .unpark.yaml; or why it cannot be converted. The patch of\n" +
      ".unpark.yaml goes to stdout, the words to stderr. Go files are not changed, and goleak may stay: the two get along (docs/goleak.md).",
    FLAGS,
    ["unpark migrate goleak", "unpark migrate goleak | git apply", "unpark migrate goleak --write ./server"],
  ),
  readsIgnores: true,
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    const [from, folder = ".", ...more] = positionals;
    if (from !== "goleak" || more.length > 0) return complain(io, from === undefined ? "migrate needs what to migrate from: unpark migrate goleak" : more.length > 0 ? `migrate goleak takes one folder, but got '${publicName(more[0]!)}' too` : `migrate knows goleak, but got '${publicName(from)}'`);
    const root = resolve(io.cwd, folder);
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) return complain(io, `there is no folder ${publicName(folder)}: migrate goleak takes a folder with Go files`);
    const expires = flags.expires ?? aYearFrom(new Date());
    if (!/^\d{4}-\d\d-\d\d$/.test(expires) || Number.isNaN(Date.parse(expires))) return complain(io, `--expires takes a day such as 2027-03-31, but got '${flags.expires}'`);
    const done = await migrateGoleak({ cwd: io.cwd, root, env: io.env, config: io.project.config, write: flags.write, expires, ...optional({ signal: io.signal }) });
    if (!done.ok) return complain(io, done.error);
    if (flags.json) io.stdout.write(jsonText(done.value, 1));
    else {
      io.stderr.write(migrationText(done.value, { cwd: io.cwd, style: io.colour ? coloured : plain }));
      if (!flags.write) io.stdout.write(done.value.diff);
    }
    return CLEAN;
  }),
};

const aYearFrom = (day: Date): string => new Date(Date.UTC(day.getUTCFullYear() + 1, day.getUTCMonth(), day.getUTCDate())).toISOString().slice(0, 10);
