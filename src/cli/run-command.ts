import { cacheProblem } from "../base/user-folders.js";
import { configPath } from "../pipeline/config/read-config.js";
import type { Command, CommandTable } from "./command.js";
import { complain, ioWith, type Io } from "./io.js";

/** A command with the user's words, behind those that the project's `.unpark.yaml` gives. */
export async function runCommand(command: Command, argv: readonly string[], io: Io, table: CommandTable): Promise<number> {
  const odd = cacheProblem(io.env);
  if (odd !== undefined) return complain(io, odd);
  if (configPath(io.cwd) === undefined) return command.run(argv, io, table);
  const { projectOf, readsSettings, wordsOf } = await import("./read-project.js"); // with the tables of all flags, which most calls do without
  if (!readsSettings(command) && command.readsIgnores !== true) return command.run(argv, io, table);
  const project = await projectOf(command, argv, io.cwd, table);
  if (!project.ok) return complain(io, project.error);
  const words = wordsOf(project.value, command.settable?.(argv) ?? command.flags);
  return command.run([...words, ...argv], withProject(io, project.value), table);
}

/** Columns and rows stay what they are at each moment. */
const withProject = (io: Io, project: Io["project"]): Io => ioWith(io, { project });
