import { optional } from "../../base/optional.js";
import { artifactLocation, isLine } from "../shared/file-uri.js";
import { ownPlace } from "../shared/own-place.js";
import { jsonText } from "../shared/json-text.js";
import { CAUSES } from "../../model/finding/cause.js";
import type { Report } from "../../model/results/examination.js";
import { hash64, shortName } from "../../base/short-hash.js";
import type { Finding } from "../../model/finding/finding.js";
import { acrossBuilds, sameAcrossBuilds } from "../../model/finding/finding-identity.js";
import { counts } from "../exit-code.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { count, VERDICT_WORDS } from "./verdict-words.js";

/** SARIF 2.1.0 (OASIS, 2020) for code scanning: a rule for each cause, a result for each finding. */
export function reportSarif(report: Report, options: { readonly cwd?: string; readonly strict?: boolean } = {}): string {
  return sarifLog(report, report.examinations.flatMap(({ findings }) => findings.map((finding) => sarifResult(finding, options))));
}

/** A log of one run with these results. */
export function sarifLog(report: Pick<Report, "origin" | "failures">, results: readonly object[]): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "unpark",
            ...(report.origin === undefined ? {} : { version: report.origin.unpark }),
            rules: CAUSES.map((code) => ({ id: code, shortDescription: { text: CAUSE_WORDS[code].advice } })),
          },
        },
        invocations: [
          {
            executionSuccessful: report.failures.length === 0,
            toolExecutionNotifications: report.failures.map(({ package: path, message }) => ({ level: "error", message: { text: `${path}: ${message}` } })),
          },
        ],
        // Code scanning keeps the results of other tools, and of other commands, apart by it.
        automationDetails: { id: `unpark/${report.origin?.command ?? "test"}/` },
        results,
      },
    ],
  };
  return jsonText(log, 2);
}

export function sarifResult(finding: Finding, { cwd, strict }: { readonly cwd?: string; readonly strict?: boolean }) {
  const { blocked, cause, createdBy, calledFrom, evidence, steps = [] } = finding;
  const own = ownPlace(finding, cwd);
  const related = [
    { place: blocked, text: "blocked here" },
    ...(createdBy === undefined ? [] : [{ place: createdBy, text: "created here" }]),
    ...(calledFrom === undefined ? [] : [{ place: calledFrom, text: "this call led there" }]),
  ].filter(({ place }) => isLine(place.line) && !(place.file === own.file && place.line === own.line));
  return {
    ruleId: cause,
    ruleIndex: CAUSES.indexOf(cause),
    level: counts(finding, strict ?? false) ? "error" : "note",
    message: { text: message(finding) },
    // An alert stays the same when other lines of the file change (model/finding/finding-identity.ts).
    partialFingerprints: { "unpark/v1": fingerprint(finding) },
    locations: isLine(own.line) ? [location(own, cwd)] : [],
    ...(related.length === 0 ? {} : { relatedLocations: related.map(({ place, text }) => ({ ...location(place, cwd), message: { text } })) }),
    ...(steps.some(({ file, line }) => file !== undefined && isLine(line)) ? { codeFlows: [{ threadFlows: [{ locations: steps.flatMap((step) => flow(step, cwd)) }] }] } : {}),
    properties: { verdict: finding.verdict, evidence, ...(finding.testCode ? { tags: ["test-code"] } : {}), ...optional({ schedule: finding.schedule }) },
  };
}

/** Names a finding in trackers that compare one report with the next. */
export const fingerprint = (finding: Finding): string => shortName(hash64(JSON.stringify([sameAcrossBuilds(acrossBuilds(finding)), finding.test ?? ""])));

/** The finding in one line. */
export const message = ({ verdict, goroutines, blocked, evidence, test }: Finding): string =>
  [`${count(goroutines, "goroutine")} ${verdict} (${VERDICT_WORDS[verdict]})${test === undefined ? "" : ` in ${test}`}: ${blocked.reason}`, ...evidence].join("; ");

const flow = ({ goroutine, text, file, line }: NonNullable<Finding["steps"]>[number], cwd: string | undefined) =>
  file === undefined || !isLine(line) ? [] : [{ location: { ...location({ file, line }, cwd), message: { text: `${goroutine ?? "clock"} ${text}` } } }];

function location({ file, line }: { readonly file: string; readonly line: number }, cwd: string | undefined) {
  return { physicalLocation: { artifactLocation: artifactLocation(file, cwd), region: { startLine: line } } };
}
