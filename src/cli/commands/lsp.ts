import { Readable, Writable } from "node:stream";
import { serveLsp } from "../../lsp/server.js";
import { lastReports, watchReports } from "../../pipeline/results/last-report.js";
import { KeptThreads } from "../../pipeline/pool/kept-threads.js";
import { CLEAN } from "../../report/exit-code.js";
import { captured } from "../captured.js";
import { withFlags, type Command } from "../command.js";
import { ONCE } from "../flags/explore-flags.js";
import { usageText, type FlagSpecs } from "../flags/flags.js";
import { complain } from "../io.js";
import { version } from "../version.js";

const FLAGS = { stdio: { type: "boolean", never: ONCE, help: "speak on stdin and stdout: what it does anyway, and what some editors ask for" } } as const satisfies FlagSpecs;

export const command: Command = {
  name: "lsp",
  summary: "Serves the findings of the last run to an editor, by the Language Server Protocol.",
  flags: FLAGS,
  usage: usageText(
    "lsp",
    "Speaks the Language Server Protocol on stdin and stdout (docs/editors.md): findings of the last run as diagnostics with the\n" +
      "places they are about, a lens on each test to explore it and on each finding to replay it, and on a go statement what is\n" +
      "recorded of the goroutines that it started.",
    FLAGS,
  ),
  run: withFlags(FLAGS, async ({ positionals }, io, all) => {
    if (positionals.length > 0) return complain(io, "lsp takes no arguments: the editor says which folder it has open");
    const threads = new KeptThreads();
    await serveLsp({
      stdin: io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin),
      stdout: new Writable({ write: (chunk: Buffer, _, done) => (io.stdout.write(chunk), done()) }),
      version: version(), cwd: io.cwd, signal: io.signal,
      run: (words, cwd, signal) => captured(words, { env: io.env, cwd, self: io.self, signal, threads }, all ?? {}),
      reports: (folder) => lastReports(folder, io.env),
      watch: (changed) => watchReports(io.env, changed),
    });
    return CLEAN;
  }),
};
