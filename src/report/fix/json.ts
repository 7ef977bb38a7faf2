import type { FixOutcome, FixReport, FixTrial } from "../../model/results/fix.js";
import { jsonText } from "../shared/json-text.js";
import { missWords } from "./miss-words.js";
import { proofWords } from "./text.js";
import { changesWords, doesWords, waysText } from "./way-words.js";

/** The version of the JSON form: docs/fix.md says what each field means. */
const FIX_SCHEMA = "unpark-fix/1";

export const fixJson = ({ origin, explored, outcomes, together, failures, written }: FixReport): string =>
  jsonText({ schema: FIX_SCHEMA, origin, explored, findings: outcomes.map(outcomeValue), ...(together === undefined ? {} : { patch: together.diff }), failures, written }, 2);

function outcomeValue({ findings, seen, schedules, proved, missed, refused }: FixOutcome) {
  const [{ verdict, cause, blocked, evidence }] = findings as readonly [FixOutcome["findings"][number]];
  return {
    verdict,
    cause,
    blocked,
    evidence,
    programs: findings.map(({ package: path, test }) => ({ package: path, ...(test === undefined ? {} : { test }) })),
    seen,
    schedules,
    proved: proved.map((one) => ({ ...trialValue(one), changes: changesWords(one), proof: { ...one.proof, words: proofWords(one) } })),
    missed: missed.map((one) => ({ ...trialValue(one), miss: { kind: one.miss.kind, words: missWords(one.miss), ...("finding" in one.miss ? { schedule: one.miss.finding.schedule } : {}) } })),
    refused,
  };
}

const trialValue = (trial: FixTrial) => ({ way: waysText(trial.candidate), does: doesWords(trial), ...(trial.of === undefined ? {} : { of: trial.of }), edits: trial.candidate.edits, diff: trial.diff });
