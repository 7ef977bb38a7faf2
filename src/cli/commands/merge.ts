import { readGivenFile } from "../../pipeline/given-file.js";
import type { Report } from "../../model/results/examination.js";
import { mergeReports, readWholeReport } from "../../report/exploration/read-whole.js";
import { accept } from "../accept.js";
import { withFlags, type Command } from "../command.js";
import { BASELINE_FLAGS, OUTPUT_FLAGS } from "../flags/explore-flags.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";
import { deliver } from "../output.js";

const FLAGS = {
  ...OUTPUT_FLAGS,
  strict: { type: "boolean", shared: true, help: "notes are findings, too, as for `unpark test`" },
  ...BASELINE_FLAGS,
  "go-json": { type: "boolean", goName: "json", help: "as `go test -json` events" },
} as const satisfies FlagSpecs;

export const command: Command = {
  name: "merge",
  summary: "Makes one report of the reports of several machines (unpark test --shard).",
  flags: FLAGS,
  usage: usageText(
    "merge [flags] report.json …",
    "Reads the reports that `unpark test --shard i/n --json=FILE` wrote on each machine, and prints them as one, in any form;\n" +
      "the exit code is that of the whole. A report that is damaged, was made with other flags, or is given twice is refused.",
    FLAGS,
    ["unpark test --shard 1/2 --json=one.json ./...", "unpark merge one.json two.json --junit=unpark.xml --sarif=unpark.sarif"],
  ),
  run: withFlags(FLAGS, async ({ flags, positionals }, io) => {
    if (positionals.length === 0) return complain(io, "merge needs the reports: unpark merge one.json two.json");
    const parts: { readonly name: string; readonly report: Report }[] = [];
    for (const name of positionals) {
      const read = await readGivenFile(name, io);
      if (!read.ok) return complain(io, read.error);
      const report = readWholeReport(read.value);
      if (!report.ok) return complain(io, `${name} cannot be merged: ${report.error}`);
      parts.push({ name, report: report.value });
    }
    const merged = mergeReports(parts);
    if (!merged.ok) return complain(io, merged.error);
    const left = accept(merged.value, io.project.config, { baseline: flags.baseline, update: flags["update-baseline"] }, io);
    return left.ok ? deliver(left.value, { ...flags, goJson: flags["go-json"] }, io) : complain(io, left.error);
  }),
};
