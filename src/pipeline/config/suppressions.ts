import type { Report } from "../../model/results/examination.js";
import { acrossBuilds, sameAcrossBuilds, type FindingAcrossBuilds } from "../../model/finding/finding-identity.js";
import { isNote, type Finding } from "../../model/finding/finding.js";
import type { Config, Ignore, SeveritySetting } from "./config.js";

/** A report without what is accepted, and what is to be said about that, each a sentence. */
export interface Suppressed {
  readonly report: Report;
  readonly notes: readonly string[];
}

/**
 * Takes out what `.unpark.yaml` ignores.
 * A1. An entry holds up to its day, that day included; after it the finding counts again, and the entry is told.
 * A2. An entry that fits nothing is told, so that lists do not outlive their reason; not where only a part was run.
 * `today`: `2027-03-31`, the caller's day.
 */
export function applyIgnores(report: Report, ignores: readonly Ignore[], today: string, partial = false): Suppressed {
  const used = new Map<Ignore, number>();
  const expired = new Set<Ignore>();
  const accepts = (finding: Finding): boolean => {
    const fitting = ignores.filter((entry) => fits(entry, finding));
    const holding = fitting.find(({ expires }) => today <= expires);
    for (const entry of fitting) if (today > entry.expires) expired.add(entry);
    if (holding) used.set(holding, (used.get(holding) ?? 0) + 1);
    return holding !== undefined;
  };
  const kept = without(report, accepts);
  const notes = ignores.flatMap((entry) => {
    const many = used.get(entry);
    if (many !== undefined) return [`ignored ${findings(many)} in ${placeOf(entry)} until ${entry.expires}: ${entry.reason}`];
    if (expired.has(entry)) return [`line ${entry.line} of the ignore list expired on ${entry.expires}, and what it is for is still there: ${placeOf(entry)}`];
    return partial ? [] : [`line ${entry.line} of the ignore list fits nothing that was found: ${placeOf(entry)}`];
  });
  return { report: kept, notes };
}

/** Does it count by the project's settings: not ignored today, neither a note nor off? */
export function countsFor(finding: Finding, { ignore, severity }: Config, today: string): boolean {
  const said = severity.find(({ verdict }) => verdict === finding.verdict)?.severity;
  if (said === "off" || ignore.some((entry) => today <= entry.expires && fits(entry, finding))) return false;
  return !isNote({ ...finding, ...(said === undefined ? {} : { severity: said }) });
}

/** Says of each finding what the project says of its verdict, and takes out those that are off; that is told. */
export function applySeverity(report: Report, settings: readonly SeveritySetting[]): Suppressed {
  if (settings.length === 0) return { report, notes: [] };
  const said = new Map(settings.map((one) => [one.verdict, one]));
  const off = new Map<SeveritySetting, number>();
  const examinations = report.examinations.map((one) => ({
    ...one,
    findings: one.findings.flatMap((finding): readonly Finding[] => {
      const setting = said.get(finding.verdict);
      if (setting === undefined) return [finding];
      if (setting.severity !== "off") return [{ ...finding, severity: setting.severity }];
      off.set(setting, (off.get(setting) ?? 0) + 1);
      return [];
    }),
  }));
  const notes = [...off].map(([{ verdict, line }, many]) => `${findings(many)} not shown: severity of '${verdict}' is off (line ${line} of the settings)`);
  return { report: { ...report, examinations }, notes };
}

const findings = (n: number): string => `${n} finding${n === 1 ? "" : "s"}`;

const placeOf = ({ function: name, stack }: Ignore): string => name ?? stack ?? "";

function fits(entry: Ignore, finding: Finding): boolean {
  const { stack } = entry;
  const createdBy = finding.createdBy?.function ?? "";
  return (
    (entry.function === undefined || matches(entry.function, finding.blocked.function) || matches(entry.function, createdBy)) &&
    (stack === undefined || finding.stack.some((frame) => matches(stack, frame.function)) || matches(stack, createdBy)) &&
    (entry.test === undefined || matches(entry.test, finding.test ?? "") || matches(`${entry.test}/*`, finding.test ?? "")) &&
    (entry.package === undefined || matches(entry.package, finding.package ?? "")) &&
    (entry.verdict === undefined || entry.verdict === finding.verdict)
  );
}

/** `*` stands for anything, everything else for itself. No regular expression: `a*a*a*b` would try each way to cut a text. */
export function matches(pattern: string, text: string): boolean {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) return pattern === text;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const part of parts) {
    const found = text.indexOf(part, at); // the first place is the best: it leaves most for the others
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

const without = (report: Report, accepts: (finding: Finding) => boolean): Report => ({
  ...report,
  examinations: report.examinations.map((one) => ({ ...one, findings: one.findings.filter((finding) => !accepts(finding)) })),
});

const BASELINE_SCHEMA = "unpark-baseline/1";

/** The text of a baseline file: everything that is found now. Sorted, so that it can be reviewed. */
export function baselineText(report: Report): string {
  const all = new Map(report.examinations.flatMap(({ findings: found }) => found.map((finding) => [sameAcrossBuilds(acrossBuilds(finding)), acrossBuilds(finding)] as const)));
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return `${JSON.stringify({ schema: BASELINE_SCHEMA, findings: sorted }, undefined, 2)}\n`;
}

/** Reads a baseline file's text; undefined: it is none. */
export function parseBaseline(text: string): readonly FindingAcrossBuilds[] | undefined {
  try {
    const value = JSON.parse(text) as { readonly schema?: unknown; readonly findings?: unknown } | null;
    return value?.schema === BASELINE_SCHEMA && Array.isArray(value.findings) && value.findings.every((one: unknown) => typeof one === "object" && one !== null) ? (value.findings as readonly FindingAcrossBuilds[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes out what was there before: only what is new is left. What is gone is told, so that the file can shrink. */
export function applyBaseline(report: Report, baseline: readonly FindingAcrossBuilds[]): Suppressed {
  const known = new Set(baseline.map(sameAcrossBuilds));
  const met = new Set<string>();
  const kept = without(report, (finding) => {
    const key = sameAcrossBuilds(acrossBuilds(finding));
    if (known.has(key)) met.add(key);
    return known.has(key);
  });
  const gone = known.size - met.size;
  return {
    report: kept,
    notes: [
      ...(met.size > 0 ? [`${findings(met.size)} of the baseline ${met.size === 1 ? "is" : "are"} still there and not counted`] : []),
      ...(gone > 0 ? [`${findings(gone)} of the baseline ${gone === 1 ? "was" : "were"} not found this time: if they are mended, write it again`] : []),
    ],
  };
}
