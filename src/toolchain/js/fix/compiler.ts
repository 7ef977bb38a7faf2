import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { err, ok, type Result } from "../../../base/result.js";

/** The project's own TypeScript: Unpark ships none. */
export type Compiler = typeof ts;

/** What the project has installed, for JavaScript as well. An error says what to install. */
export function compilerOf(project: string): Result<Compiler, string> {
  try {
    const compiler = createRequire(join(project, "package.json"))("typescript") as Partial<Compiler>;
    if (compiler.createProgram !== undefined) return ok(compiler as Compiler);
    return err(`its TypeScript ${compiler.version ?? ""} has no compiler API, by which fixes are proposed: npm install --save-dev typescript@6`);
  } catch {
    return err("fixes are proposed by the compiler's API: npm install --save-dev typescript");
  }
}
