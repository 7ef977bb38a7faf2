/** Loaded by Node itself, so that import() is Node's. */
module.exports = { load: (): Promise<unknown> => import("./file-awaits.js") };
