import { spellOut } from "../../base/spell-out.js";
import { pathBelow } from "../shared/path-below.js";
import { type GoroutineGroup, type GroupLabel } from "../../model/goroutine/goroutine-group.js";
import { shortSymbol as shortFunction } from "../../model/source/blame.js";
import { count as plural, number as grouped } from "../exploration/verdict-words.js";
import type { Frame } from "../../model/goroutine/stack.js";

export { grouped, plural, shortFunction };

/** Relative to the folder one stands in, if below it; the module cache's and Go's own without their roots. */
function shortFile(file: string, cwd: string): string {
  const below = pathBelow(file, cwd);
  if (below !== undefined) return below;
  const toolchain = /^.*\/pkg\/mod\/golang\.org\/toolchain@[^/]*\/src\//.exec(file)?.[0];
  if (toolchain !== undefined) return `$GOROOT/${file.slice(toolchain.length)}`;
  if (/\/pkg\/mod\//.test(file)) return file.replace(/^.*\/pkg\/mod\//, "");
  const root = /^.*\/go[^/]*\/src\/(?:pkg\/)?/.exec(file)?.[0];
  // GOPATH is mostly called go, too: there a path begins with a host's name, which has a dot.
  if (root !== undefined && !/^[^/]*\./.test(file.slice(root.length)) && file.slice(root.length).includes("/")) return `$GOROOT/${file.slice(root.length)}`;
  return file.replace(/^.*\/node_modules\//, "");
}

export const place = (frame: Frame, cwd: string): string =>
  frame.file === "" ? "" : `${shortFile(frame.file, cwd)}:${frame.line}`;

/** `45m`, `2h`, `3d`; empty where it is not known. */
export function age(minutes: number | undefined): string {
  if (minutes === undefined) return "";
  if (minutes < 120) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

export function ages(group: GoroutineGroup): string {
  const waits = group.waits;
  return waits === undefined ? "" : waits.min === waits.max || waits.min === 0 ? age(waits.max) : `${age(waits.min)}-${age(waits.max)}`;
}

/** As it is where it is one word, else in quotes. */
const labelValue = (value: string): string => (/^[^\s"',=]+$/.test(value) ? spellOut(value) : spellOut(JSON.stringify(value)));

/** `tenant=a`, `no tenant`; empty where groups were not asked for by label. */
export const labelWords = (label: GroupLabel | undefined): string =>
  label === undefined ? "" : label.value === undefined ? `no ${spellOut(label.key)}` : `${spellOut(label.key)}=${labelValue(label.value)}`;

/** The state of a group in the runtime's words. */
export const stateWords = (group: GoroutineGroup): string => {
  if (group.leaked) return `${group.waitReason || "?"} (leaked)`;
  if (group.waitReason !== "") return group.waitReason;
  return group.kind === "unknown" ? "?" : group.kind;
};
