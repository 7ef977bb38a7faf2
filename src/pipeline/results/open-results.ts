import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../base/user-folders.js";
import { engineOf, ResultCache } from "./result-cache.js";

/** The results that are kept in the user's cache folder, as this Unpark may use them. */
export const resultCache = (env: Readonly<Record<string, string | undefined>>): ResultCache => new ResultCache(cacheFolder(env), engine().version);

/** What of Unpark itself decides what comes out (engineOf), and as people are told of it. */
export function engine(): { readonly version: string; readonly shown: string } {
  const root = new URL("../../../../", import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { readonly version: string };
  const whole = engineOf(version, fileURLToPath(new URL("dist/src", root)), existsSync(new URL("tsconfig.json", root)));
  return { version: whole, shown: whole === version ? version : `${version} (${whole.split(" ").at(-1)!.slice(0, 8)})` };
}
