import type { Finding } from "../../model/finding/finding.js";
import type { FixOutcome, ProvedFix, Way } from "../../model/results/fix.js";
import type { SaidSettings } from "../config/settings.js";
import type { ExploreRequest, Listener } from "../go/explore-request.js";

export interface FixRequest extends ExploreRequest {
  readonly language: "go" | "ts";
  /** Of TypeScript: which runner, and what the command line said of exploring. */
  readonly runner?: string;
  readonly said?: SaidSettings;
  /** Diffs are relative to it: the top of the repository, as `git apply` wants them. */
  readonly root: string;
  /** Only these findings: of a report that was written before. Undefined: all that fail. */
  readonly wanted?: (finding: Finding) => boolean;
  /** What the project's settings do not count is not mended. Default: what is a note. */
  readonly counts?: (finding: Finding) => boolean;
  /** Only these ways. */
  readonly ways?: readonly Way[];
  /** Which of an outcome's proved patches is to be part of the whole; undefined: none. Default: the first. */
  readonly choose?: (outcome: FixOutcome) => Promise<ProvedFix | undefined>;
}

export interface FixListener extends Listener {
  readonly trying?: (way: Way, finding: Finding) => void;
}
