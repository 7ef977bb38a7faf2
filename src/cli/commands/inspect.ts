import { resolve } from "node:path";
import { parseDuration } from "../../base/duration.js";
import { err, ok, type Result } from "../../base/result.js";
import type { Inspection } from "../../model/results/inspection.js";
import { inspect, inspectChild } from "../../pipeline/services/inspect.js";
import { inspectionText } from "../../report/inspect/text.js";
import { withFlags, type Command } from "../command.js";
import { type FlagSpecs, usageText } from "../flags/flags.js";
import { inspectionExit } from "../../report/exit-code.js";
import { complain, type Io } from "../io.js";
import { SOURCE_FLAGS, sourceOptions } from "../flags/source-flags.js";

const FLAGS = {
  json: { type: "boolean", help: "as JSON, everything that was found" },
  all: { type: "boolean", help: "all groups, with their stacks" },
  web: { type: "optional", kind: "output", value: "FILE", help: "write a page to search and fold, one file without network (unpark-inspect.html)" },
  save: { type: "string", kind: "output", value: "FILE", help: "write the last snapshot as a pprof profile (go tool pprof opens it)" },
  after: { type: "string", kind: "time", usual: "5s", value: "TIME", help: "with -- PROGRAM: how long to let it run (5s)" },
  many: { type: "string", kind: "positive", usual: "10", value: "N", help: "a place stands out with this many goroutines (10)" },
  long: { type: "string", kind: "positive", usual: "5", value: "MINUTES", help: "a wait stands out after this many minutes (5)" },
  ...SOURCE_FLAGS,
} as const satisfies FlagSpecs;

const ABOUT = `Reads goroutine dumps and profiles, groups what is alike, and names what looks like a leak.
A SOURCE is a file (plain, gzip, zstd), '-', a URL (a base finds /debug/pprof/), host:port, pid:N (gops agent; see unpark ps),
gops:HOST:PORT, unix:SOCKET[:PATH], pyroscope+http://HOST:PORT/SERVICE, or pods: k8s://NAMESPACE/DEPLOYMENT (docs/fleet.md). With -- PROGRAM, runs it and asks it for a dump by SIGQUIT.`;

export const command: Command = {
  name: "inspect",
  summary: "Reads goroutine dumps and profiles, and names what looks like a leak.",
  flags: FLAGS,
  usage: usageText("inspect [flags] SOURCE... | -- PROGRAM [ARGS]", ABOUT, FLAGS, [
    "unpark inspect http://127.0.0.1:6060",
    "unpark inspect dump.txt.gz",
    "kubectl logs pod | unpark inspect -",
  ]),
  run: withFlags(FLAGS, async ({ flags, positionals, rest }, io) => {
    const common = await sourceOptions(flags, io);
    if (!common.ok) return complain(io, common.error);
    const limits = thresholds(flags.many, flags.long);
    if (!limits.ok) return complain(io, limits.error);
    const after = parseDuration(flags.after ?? "5s");
    if (!after.ok) return complain(io, `--after: ${after.error}`);
    if (positionals.length === 0 && !rest?.length) return complain(io, "nothing to inspect: give a file, a URL, pid:N or '-'; 'unpark inspect --help' tells more");
    const options = { ...common.value, ...limits.value };
    const result = rest?.length
      ? await inspectChild(rest, Number(after.value / 1_000_000n), options)
      : await inspect(positionals, options);
    if (!result.ok) return complain(io, result.error);
    // What most do not ask for is loaded when it is: start-up is a fifth of the time that a large profile takes.
    if (flags.save !== undefined) {
      const { saveProfile } = await import("../../pipeline/go/save.js");
      const saved = saveProfile(result.value[result.value.length - 1]!.snapshot, resolve(io.cwd, flags.save));
      if (!saved.ok) return complain(io, `--save: ${flags.save} ${saved.error}`);
    }
    if (flags.web !== undefined) {
      const file = flags.web === true ? "unpark-inspect.html" : flags.web;
      const [{ inspectionPage }, { writeWhole }] = await Promise.all([import("../../report/inspect/page/html.js"), import("../../pipeline/go/save.js")]);
      const page = inspectionPage(result.value[result.value.length - 1]!);
      const written = writeWhole(page, resolve(io.cwd, file));
      if (!written.ok) return complain(io, `--web: ${file} ${written.error}`);
      io.stderr.write(`wrote ${file}${result.value.length > 1 ? ` (the last of ${result.value.length} snapshots)` : ""}\n`);
    }
    await print(result.value, { json: flags.json, all: flags.all }, io);
    return inspectionExit(result.value);
  }),
};

async function print(inspections: readonly Inspection[], form: { json: boolean; all: boolean }, io: Io): Promise<void> {
  if (form.json) {
    const [{ inspectionJson }, { jsonText }] = await Promise.all([import("../../report/inspect/json.js"), import("../../report/shared/json-text.js")]);
    return io.stdout.write(jsonText(inspectionJson(inspections), 1));
  }
  const texts = inspections.map((i) => inspectionText(i, { colour: io.colour, columns: io.columns, cwd: io.cwd, all: form.all }));
  io.stdout.write(texts.join("\n"));
}

function thresholds(many: string | undefined, long: string | undefined): Result<{ readonly many?: number; readonly longMinutes?: number }, string> {
  for (const [name, text] of [["--many", many], ["--long", long]] as const) {
    if (text !== undefined && !/^[1-9]\d*$/.test(text)) return err(`${name}: '${text}' is not a positive number`);
  }
  return ok({ ...(many === undefined ? {} : { many: Number(many) }), ...(long === undefined ? {} : { longMinutes: Number(long) }) });
}
