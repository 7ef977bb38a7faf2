// What is wrong with an examination, measured by what the example's comments expect: sentences, none when all is well.
import type { Examination } from "../../src/model/results/examination.js";
import { isNote, type Finding } from "../../src/model/finding/finding.js";
import { compareOutput, type Expectation, type Want } from "./expectations.js";

export function compare(expected: Expectation, found: Examination): readonly string[] {
  const findings = found.findings.filter((one) => !isNote(one));
  const notes = found.findings.filter(isNote);
  const taken = new Set<Finding>();
  const problems: string[] = [];
  for (const want of expected.wants) {
    const match = findings.find((finding) => !taken.has(finding) && fits(want, finding));
    if (match) taken.add(match);
    else problems.push(`not found: ${showWant(want)}`);
  }
  for (const finding of findings) if (!taken.has(finding)) problems.push(`not wanted: ${showFinding(finding)}`);
  for (const note of expected.notes) {
    if (!notes.some((n) => n.verdict === note.verdict && n.goroutines === note.goroutines)) {
      problems.push(`no note: ${note.verdict} x${note.goroutines}, but ${notes.map(showFinding).join(", ") || "none"}`);
    }
  }
  const outcome = outcomeProblem(expected, found);
  if (outcome !== undefined) problems.push(outcome);
  if (found.coverage.schedules < 1) problems.push("no schedule was tried");
  const output = expected.kind === "main" ? printedProblem(expected, found) : undefined;
  if (output !== undefined) problems.push(output);
  return problems;
}

const fits = (want: Want, { verdict, cause, goroutines, blocked }: Finding): boolean =>
  verdict === want.verdict &&
  (want.cause === undefined || cause === want.cause) &&
  goroutines === want.goroutines &&
  (blocked.file === want.file || blocked.file.endsWith(`/${want.file}`) || want.file.endsWith(`/${blocked.file}`)) &&
  blocked.line === want.line;

/** How a panicking or never-ending program's natural schedule ends depends on the schedule and the horizon. */
function outcomeProblem(expected: Expectation, found: Examination): string | undefined {
  const free = expected.neverEnds || expected.wants.some(({ verdict }) => verdict === "panics");
  if (expected.outcome === undefined && free) return undefined;
  const wanted = expected.outcome ?? "passed";
  return found.outcome === wanted ? undefined : `outcome '${found.outcome}', expected '${wanted}'`;
}

/** What a program prints before it panics in its natural schedule is not determined here. */
function printedProblem(expected: Expectation, found: Examination): string | undefined {
  if (expected.wants.some(({ verdict }) => verdict === "panics")) return undefined;
  return compareOutput(expected.printed, found.output ?? "");
}

const showWant = ({ verdict, cause, goroutines, file, line }: Want): string =>
  `${verdict} ${cause ?? ""} x${goroutines} at ${file}:${line}`;

const showFinding = ({ verdict, cause, goroutines, blocked }: Finding): string =>
  `${verdict} ${cause} x${goroutines} at ${blocked.file}:${blocked.line} (${blocked.reason} in ${blocked.function})`;
