import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultCacheDir } from "../../toolchain/go/cache.js";
import { engineOf, ResultCache } from "./result-cache.js";

/** The results that are kept in the user's cache folder, as this Unpark may use them. */
export function resultCache(env: Readonly<Record<string, string | undefined>>): ResultCache {
  const root = new URL("../../../../", import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { readonly version: string };
  return new ResultCache(defaultCacheDir(env, process.platform), engineOf(version, fileURLToPath(new URL("dist/src", root)), existsSync(new URL("tsconfig.json", root))));
}
