import type { Judge } from "../explorer.js";
import { ModelProgram } from "./model-program.js";
import type { ModelProgramText } from "./operations.js";
import { signatureOf } from "./signatures.js";

/** What a worker loads for model programs. */
export const createProgram = (description: unknown): ModelProgram => new ModelProgram(description as ModelProgramText);
export const judge: Judge<unknown> = signatureOf;
