import type { CommandTable } from "./command.js";

/** The commands, in the order of the help. */
export const COMMANDS: CommandTable = {
  run: () => import("./run.js"),
  test: () => import("./test.js"),
  worker: () => import("./worker.js"),
  soak: () => import("./soak.js"),
  env: () => import("./env.js"),
  merge: () => import("./merge.js"),
  replay: () => import("./replay.js"),
  fix: () => import("./fix.js"),
  inspect: () => import("./inspect.js"),
  diff: () => import("./diff.js"),
  verify: () => import("./verify.js"),
  ps: () => import("./ps.js"),
  watch: () => import("./watch.js"),
  serve: () => import("./serve.js"),
  migrate: () => import("./migrate.js"),
  config: () => import("./config.js"),
  doctor: () => import("./doctor.js"),
  lsp: () => import("./lsp.js"),
  mcp: () => import("./mcp.js"),
  completion: () => import("./completion.js"),
};
