import { wellFormed } from "../../base/spell-out.js";
import { pathBelow } from "./path-below.js";

/**
 * A file as SARIF names it (3.4): below the folder one stands in relative to it; an absolute one as a `file:` URI; any
 * other (a build with -trimpath) as a relative reference. Each part is escaped by itself: a file may be called `a#b?.go`.
 */
export function artifactLocation(file: string, cwd: string | undefined): { readonly uri: string; readonly uriBaseId?: string } {
  const below = pathBelow(file, cwd);
  if (below !== undefined) return { uri: escaped(below), uriBaseId: "%SRCROOT%" };
  if (file.startsWith("\\\\")) return { uri: `file://${escaped(file.slice(2).replace(/\\/g, "/"))}` }; // a share of another machine
  const path = file.replace(/\\/g, "/");
  if (path.startsWith("/")) return { uri: `file://${escaped(path.replace(/^\/+/, "/"))}` };
  if (/^[a-z]:\//i.test(path)) return { uri: `file:///${path.slice(0, 2)}${escaped(path.slice(2))}` };
  return { uri: escaped(path) };
}

const escaped = (path: string): string => wellFormed(path).split("/").map(encodeURIComponent).join("/");

/** SARIF's lines begin with 1, and are an int32 for who reads them. */
export const isLine = (line: number | undefined): line is number => line !== undefined && Number.isSafeInteger(line) && line > 0 && line < 2 ** 31;
