import { err, ok } from "../../base/result.js";
import { findingText } from "../../report/exploration/finding-text.js";
import { readWholeReport } from "../../report/exploration/read-whole.js";
import { replayCommand } from "../../report/exploration/replay-command.js";
import { VERDICT_WORDS } from "../../report/exploration/verdict-words.js";
import { CAUSE_WORDS } from "../../report/shared/causes.js";
import { safeText } from "../../report/shared/safe-text.js";
import { fitting } from "../answer.js";
import { numberOf } from "../arguments.js";
import { FINDING_CUTS } from "../bounded.js";
import type { Tool } from "../tool.js";

export const explainFinding: Tool = {
  name: "explain_finding",
  title: "Explain a finding",
  description:
    "One finding of an exploration in full: what its verdict and its cause mean, on which facts of that run the cause rests, the steps that lead there, what to change, and the command that replays it.",
  inputSchema: {
    type: "object",
    properties: {
      finding: { type: "integer", description: "its number in explore_test's list", minimum: 1 },
      exploration: { type: "integer", description: "the exploration's number (the newest)", minimum: 1 },
    },
    required: ["finding"],
    additionalProperties: false,
  },
  readOnly: true,
  async call(args, { explorations, cwd }) {
    const kept = explorations.find(numberOf(args, "exploration"));
    if (!kept.ok) return kept;
    const report = readWholeReport(kept.value.json);
    if (!report.ok) return report;
    const { origin, examinations } = report.value;
    const wanted = numberOf(args, "finding")!;
    const all = examinations.flatMap((one) => one.findings.map((finding) => ({ finding, coverage: one.coverage })));
    const chosen = all[wanted - 1];
    if (chosen === undefined) return err(all.length === 0 ? "this exploration found nothing" : `there is no finding ${wanted}; there are 1 to ${all.length}`);
    const { finding, coverage } = chosen;
    const values = (JSON.parse(kept.value.json) as { readonly programs: readonly { readonly findings: readonly Readonly<Record<string, unknown>>[] }[] }).programs.flatMap((program) => program.findings);
    const text = safeText(finding, (shown) => findingText(shown, coverage, { cwd, steps: false }).join("\n"));
    return ok({
      exploration: kept.value.number,
      verdict: { code: finding.verdict, meaning: VERDICT_WORDS[finding.verdict] },
      cause: { code: finding.cause, meaning: CAUSE_WORDS[finding.cause].phrase, advice: CAUSE_WORDS[finding.cause].advice },
      text: text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text,
      replay: origin === undefined ? undefined : shortCommand(replayCommand(origin, finding)),
      ...fitting("finding", values[wanted - 1]!, FINDING_CUTS),
    });
  },
};

/** A schedule of thousands of choices is of no use in a sentence: replay_schedule takes the finding's number. */
const shortCommand = (command: string | undefined): string | undefined => (command !== undefined && command.length > 2_000 ? undefined : command);
