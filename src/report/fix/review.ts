import { spellOutLines } from "../../base/spell-out.js";
import type { FixOutcome, FixReport } from "../../model/results/fix.js";
import { jsonText } from "../shared/json-text.js";
import { lineChanges, type LineChange } from "./hunks.js";
import { proofWords } from "./text.js";
import { changesWords, doesWords } from "./way-words.js";

/**
 * A review of a pull request, as GitHub's REST API takes it (POST /repos/{owner}/{repo}/pulls/{number}/reviews): each change of
 * the patches that hold together is a comment with a suggestion. GitHub refuses comments outside of the request's own changes.
 */
export function fixReview({ together }: FixReport): string {
  const changes = lineChanges(together?.diff ?? "");
  const comments = changes.map((change) => comment(change, (together?.mends ?? []).filter((outcome) => touches(outcome, change))));
  return jsonText({ event: "COMMENT", body: `unpark fix: ${changes.length === 0 ? "no patch is proved." : `${together!.mends.length === 1 ? "a patch that is" : `${together!.mends.length} patches that are`} proved. Commit ${changes.length === 1 ? "it" : "all suggestions as one batch"}.`}`, comments }, 2);
}

function comment(change: LineChange, outcomes: readonly FixOutcome[]) {
  const { path, first, last, text } = suggestion(change);
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const words = outcomes.flatMap(({ findings: [finding], proved: [fix] }) => [`**${finding!.verdict}** at line ${finding!.blocked.line}: ${plain(doesWords(fix!))}.`, `Proved: ${plain(proofWords(fix!))}.`, `Afterwards: ${plain(changesWords(fix!))}.`]);
  const body = [...words, "", `${fence}suggestion`, text.replace(/\n$/, ""), fence].join("\n");
  return { path, side: "RIGHT", line: last, ...(last > first ? { start_line: first, start_side: "RIGHT" } : {}), body };
}

/** A suggestion takes the place of lines that are there: one that adds alone repeats the line above it, or below. */
function suggestion({ path, line, removed, added, above, below }: LineChange): { readonly path: string; readonly first: number; readonly last: number; readonly text: string } {
  if (removed.length > 0) return { path, first: line, last: line + removed.length - 1, text: added.join("") };
  if (above !== undefined) return { path, first: line - 1, last: line - 1, text: above.replace(/\n?$/, "\n") + added.join("") };
  return { path, first: line, last: line, text: added.join("") + (below ?? "") };
}

const touches = ({ proved: [fix] }: FixOutcome, change: LineChange): boolean =>
  lineChanges(fix?.diff ?? "").some(({ path, line, removed }) => path === change.path && line <= change.line + change.removed.length && change.line <= line + removed.length);

/** Names of the program's, in a sentence of Markdown: as they are, no mark-up, nobody is called. */
const plain = (words: string): string => spellOutLines(words).replace(/[\\`*_[\]<>#|!]/g, "\\$&").replace(/@/g, "@\u200b");
