import nodePath, { type PlatformPath } from "node:path";
import { optional } from "../../base/optional.js";
import { exploreSettings, type ExploreSettings, type SaidSettings } from "../../explore/explore-settings.js";
import type { PackageFlag } from "./config.js";

/** A package, as far as a pattern can see it. */
export interface MatchedPackage {
  readonly importPath: string;
  readonly dir: string;
}

/** What holds in the packages that match; where several do, the later one's values. */
export interface PackageOverride {
  readonly match: string;
  /** The folder that `./` means. */
  readonly root: string;
  readonly settings: Pick<SaidSettings, PackageFlag>;
}

/** As go's commands take patterns: `./server/...` from `root`, else an import path; `...` stands for anything, and `x/...` for x, too. */
export function matchesPackage(match: string, root: string, { importPath, dir }: MatchedPackage, paths: Pick<PlatformPath, "relative" | "sep"> = nodePath): boolean {
  if (!/^\.\.?(\/|$)/.test(match)) return fits(match, importPath);
  const path = paths.relative(root, dir).split(paths.sep).join("/");
  return fits(normal(match), path === "" ? "." : path.startsWith("../") || path === ".." ? path : `./${path}`);
}

/** `./a/../b/` → `./b` */
function normal(match: string): string {
  const parts: string[] = [];
  for (const part of match.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else parts.push(part);
  }
  if (parts.length === 0) return ".";
  return parts[0] === ".." ? parts.join("/") : `./${parts.join("/")}`;
}

function fits(pattern: string, text: string): boolean {
  const source = pattern.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${source.replace(/\/\.\*$/, "(?:/.*)?")}$`, "s").test(text);
}

/** The settings of one package: those of all, and what is said of it. */
export function settingsOfPackage(settings: ExploreSettings, overrides: readonly PackageOverride[], pkg: MatchedPackage): ExploreSettings {
  const said = overrides.filter(({ match, root }) => matchesPackage(match, root, pkg)).map((one) => one.settings);
  if (said.length === 0) return settings;
  const { clock, ...rest } = Object.assign({}, ...said) as Pick<SaidSettings, PackageFlag>;
  return { ...settings, ...optional(rest), ...(clock === undefined ? {} : { clock: exploreSettings({ clock }, settings).clock }) };
}
