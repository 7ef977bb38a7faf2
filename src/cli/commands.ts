import type { CommandTable } from "./command.js";

/** The commands, in the order of the help. */
export const COMMANDS: CommandTable = {
  run: () => import("./commands/run.js"),
  test: () => import("./commands/test.js"),
  worker: () => import("./commands/worker.js"),
  soak: () => import("./commands/soak.js"),
  env: () => import("./commands/env.js"),
  merge: () => import("./commands/merge.js"),
  replay: () => import("./commands/replay.js"),
  fix: () => import("./commands/fix.js"),
  inspect: () => import("./commands/inspect.js"),
  diff: () => import("./commands/diff.js"),
  verify: () => import("./commands/verify.js"),
  ps: () => import("./commands/ps.js"),
  watch: () => import("./commands/watch.js"),
  serve: () => import("./commands/serve.js"),
  migrate: () => import("./commands/migrate.js"),
  config: () => import("./commands/config.js"),
  doctor: () => import("./commands/doctor.js"),
  lsp: () => import("./commands/lsp.js"),
  mcp: () => import("./commands/mcp.js"),
  completion: () => import("./commands/completion.js"),
};
