import { NO_CONFIG, type Config, type FlagSetting } from "../pipeline/config/config.js";
import type { PackageOverride } from "../pipeline/config/package-match.js";

/** What `.unpark.yaml` says, as far as it holds for one call of one command. */
export interface Project {
  readonly config: Config;
  /** The flags that the file gives, each once: what it says of the command goes before what it says of all. */
  readonly flags: readonly FlagSetting[];
  /** What holds in some packages only. A flag on the command line goes before it. */
  readonly overrides: readonly PackageOverride[];
}

export const NO_PROJECT: Project = { config: NO_CONFIG, flags: [], overrides: [] };
