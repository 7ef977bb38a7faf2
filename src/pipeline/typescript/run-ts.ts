import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { optional } from "../../base/optional.js";
import { err, ok, type Result } from "../../base/result.js";
import type { Report } from "../../model/results/examination.js";
import { loaderFor } from "../../toolchain/js/js-project.js";
import { runNode } from "../../toolchain/js/run-node.js";
import { readFailure, TELL, withAnswers, type RunnerRequest } from "./runner-protocol.js";
import { reportOf } from "./report-of.js";
import type { TsTestRequest } from "./test-ts.js";
import type { Listener } from "../go/explore-request.js";

type TsRunRequest = Pick<TsTestRequest, "cwd" | "env" | "args" | "options" | "replay" | "each" | "unparkVersion" | "signal"> & { readonly file: string };

/** A TypeScript (or JavaScript) program's main under control, in a process of its own. */
export async function runTs(request: TsRunRequest, onOutput: NonNullable<Listener["output"]>): Promise<Report> {
  const { cwd, env, file: name, args, options, replay, each, unparkVersion, signal } = request;
  const file = resolve(cwd, name);
  const fails = (message: string): Report => ({ examinations: [], failures: [{ package: name, message }] });
  if (!existsSync(file)) return fails("there is no such file");
  const loader = loaderFor([file], dirname(file));
  if (!loader.ok) return fails(loader.error);
  const own = unparkOf(file, unparkVersion);
  if (!own.ok) return fails(own.error);
  return withAnswers(async (folder, read) => {
    const asked: RunnerRequest = { folder, cwd, options, ...optional({ replay, each }) };
    let said = "";
    const outcome = await runNode({
      args: ["--enable-source-maps", ...loader.value, join(own.value, "dist/src/testing/ts-main.js"), file, ...args],
      cwd,
      env: { ...env, [TELL]: JSON.stringify(asked) },
      onOutput: (stream, bytes) => {
        if (stream === "stderr") said = (said + Buffer.from(bytes).toString("utf8")).slice(-4_000);
        return onOutput(stream, bytes);
      },
      ...optional({ signal }),
    });
    const told = read();
    if (outcome.kind === "interrupted") return fails("interrupted");
    if (told.length === 0) return fails(outcome.kind === "not-started" ? outcome.message : (readFailure(folder) ?? said.trim()) || `it ended the process itself (exit code ${outcome.status})`);
    return { ...reportOf(told), origin: { command: "run", unpark: unparkVersion, packages: [name], args } };
  });
}

/** The copy of Unpark that the program imports: another one would not share its channels. */
function unparkOf(file: string, wanted: string): Result<string, string> {
  try {
    const manifest = createRequire(file).resolve("unpark/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string };
    return version === wanted ? ok(dirname(manifest)) : err(`it imports unpark ${version}, and this command is ${wanted}: use the project's own (npx unpark run …)`);
  } catch {
    return err("unpark is not installed where it is: npm install unpark");
  }
}
