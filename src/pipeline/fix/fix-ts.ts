import { join, resolve } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import type { FixReport } from "../../model/results/fix.js";
import { compilerOf } from "../../toolchain/js/fix/compiler.js";
import { proposals } from "../../toolchain/js/fix/propose.js";
import { Sources } from "../../toolchain/js/fix/sources.js";
import { findJsProject } from "../../toolchain/js/js-project.js";
import { ProjectCopy, wholeOf } from "../../toolchain/js/project-copy.js";
import { folderOf } from "../config/language.js";
import { fixFindings, type ExploredPrograms } from "./fix-findings.js";
import type { FixListener, FixRequest } from "./fix-request.js";
import { TsProver } from "./ts-prover.js";

/** Explores TypeScript tests, or a program, in a copy of their project, and mends what was found. */
export async function fixTs(request: FixRequest, listener: FixListener): Promise<Result<FixReport, string>> {
  const { cwd, patterns, root } = request;
  const [first = "."] = patterns;
  const project = findJsProject(join(resolve(cwd, folderOf(first)), ".")) ?? findJsProject(cwd);
  if (project === undefined) return err(`no package.json at or above ${first} depends on unpark: npm install --save-dev unpark (docs/typescript.md)`);
  const compiler = compilerOf(project);
  if (!compiler.ok) return compiler;
  const whole = wholeOf(project, root);
  const copy = new ProjectCopy(whole);
  try {
    const prover = new TsProver(copy, request, listener);
    const before = await prover.explore();
    const found = before.examinations.flatMap(({ findings, package: path }) => [resolve(cwd, path), ...findings.flatMap(({ stack, createdBy }) => [...stack, ...(createdBy === undefined ? [] : [createdBy])].map(({ file }) => file))]);
    const within: ExploredPrograms["within"] = async (use) => {
      const open = Sources.opener(compiler.value, project, [...new Set(found)]);
      prover.check(open);
      return use({ prover, propose: async (sites, patched) => ok(proposals(open(patched), sites)) });
    };
    const origin = before.origin ?? { command: request.command, unpark: request.unparkVersion, packages: patterns, args: request.args };
    // What was left behind by a test that is not explored is seen in one order alone: nothing would be proved. What is repeated, as often.
    const counts: ExploredPrograms["counts"] = ({ coverage, findings }) => coverage.native !== true || findings.some(({ verdict }) => verdict === "grows");
    return await fixFindings({ before, origin, counts, within }, request, listener);
  } finally {
    copy.remove();
  }
}
