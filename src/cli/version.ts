import { readFileSync } from "node:fs";

/** From the package's own package.json, which lies beside dist/ in a clone and in an installed package. */
export function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
