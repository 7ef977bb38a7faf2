import type { Program } from "../../model/run/program.js";
import { explore, type ExplorerOptions } from "../explorer.js";
import type { Exploration } from "../exploration.js";
import type { RunEnd } from "../strategy.js";
import { ModelProgram } from "./model-program.js";
import type { ModelRun } from "./model-run.js";
import type { ModelProgramText } from "./model-operations.js";

/** Explores a model program and finds every signature (see ModelRun) that some run ends with. */
export function signatures(
  text: ModelProgramText,
  options: ExplorerOptions,
  program: Program = new ModelProgram(text),
): Promise<Exploration<string>> {
  return explore(program, { budget: Infinity, ...options }, signatureOf);
}

export const signatureOf = (end: RunEnd): readonly { key: string; value: string }[] => {
  const signature = (end.run as ModelRun).signature();
  return [{ key: signature, value: signature }];
};
