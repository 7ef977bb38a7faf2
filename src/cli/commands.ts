import type { Command } from "./command.js";

type Load = () => Promise<{ readonly command: Command }>;

/** The commands, in the order of the help. Loaded only when asked for, so that start-up stays quick. */
export const COMMANDS: Readonly<Record<string, Load>> = {
  run: () => import("./run.js"),
  test: () => import("./test.js"),
  env: () => import("./env.js"),
  merge: () => import("./merge.js"),
  replay: () => import("./replay.js"),
  inspect: () => import("./inspect.js"),
  diff: () => import("./diff.js"),
  verify: () => import("./verify.js"),
  ps: () => import("./ps.js"),
  watch: () => import("./watch.js"),
};
