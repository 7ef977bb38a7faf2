import { jsonText } from "../shared/json-text.js";
import type { Report } from "../../model/results/examination.js";
import { isNote, type Finding, type Verdict } from "../../model/finding/finding.js";
import { counts } from "../exit-code.js";
import { isLine } from "../shared/file-uri.js";
import { ownPlace } from "../shared/own-place.js";
import { pathBelow } from "../shared/path-below.js";
import { fingerprint, message } from "./sarif.js";

/** How GitLab ranks what a code quality tool found. */
type Severity = "info" | "minor" | "major" | "critical" | "blocker";

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/**
 * GitLab's code quality report (its documentation, "Code Quality report format"). `root`: the repository's folder, for paths are
 * relative to it. A finding whose goroutine is blocked in another module's file stands where this repository started it.
 * What could not be done has no place in this form: the exit code says it.
 */
export function reportGitlab(report: Report, { root, strict = false }: { readonly root: string; readonly strict?: boolean }): string {
  const seen = new Map<string, number>();
  const issues = report.examinations.flatMap(({ findings }) => findings).map((finding): Issue => {
    const print = fingerprint(finding);
    const before = seen.get(print) ?? 0;
    seen.set(print, before + 1);
    return {
      description: message(finding),
      check_name: finding.cause,
      fingerprint: before === 0 ? print : `${print}-${before + 1}`, // GitLab shows one of those that are alike
      severity: severityOf(finding, strict),
      location: locationOf(finding, root),
    };
  });
  return jsonText(issues, 2);
}

const SEVERITY: Readonly<Record<Verdict, Severity>> = {
  panics: "critical", deadlock: "critical", leaked: "major", abandoned: "major", stuck: "major", grows: "major", runaway: "major", flaky: "minor", "waiting-outside": "minor", lingering: "minor", "cut-short": "info",
};

/** A note is information, and with --strict the least of what counts. */
const severityOf = (finding: Finding, strict: boolean): Severity => (!counts(finding, strict) ? "info" : isNote(finding) ? "minor" : SEVERITY[finding.verdict]);

function locationOf(finding: Finding, root: string): Issue["location"] {
  const { file, line } = ownPlace(finding, root);
  return { path: pathBelow(file, root) ?? file, lines: { begin: isLine(line) ? line : 1 } };
}
