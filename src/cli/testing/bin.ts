import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const made = (path: string): number => statSync(at(path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** What tests start: the command line bundled (scripts/tests/bundled.mjs), where `npm test` has done that of the last build. */
export const BIN = at(made("dist/bundled/main.js") > made("dist/src/cli/main.js") ? "dist/bundled/main.js" : "bin/unpark.js");
