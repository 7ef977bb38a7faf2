import { faultsIn, type ExaminationOrigin } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";

/** The command line that replays a finding: a schedule alone needs the package and how it was built beside it. */
export function replayCommand(origin: ExaminationOrigin, finding: Finding): string | undefined {
  if (finding.schedule === undefined) return undefined;
  const faults = faultsIn(origin, finding.package);
  const program = finding.program ?? finding.test;
  const where = origin.command === "run" ? origin.packages : [finding.package ?? origin.packages[0] ?? "."];
  return [
    "unpark replay",
    quoted(finding.schedule),
    ...(origin.tags === undefined ? [] : [`-tags=${quoted(origin.tags)}`]),
    ...(origin.short ? ["-short"] : []),
    ...(["run", "skip", "count"] as const).flatMap((name) => (origin[name] === undefined ? [] : [`-${name}=${quoted(origin[name])}`])),
    ...(faults === undefined ? [] : [`--faults=${faults}`]),
    ...(origin.horizon === undefined ? [] : [`--horizon=${origin.horizon}`]),
    ...(origin.runner === undefined ? [] : [`--runner=${origin.runner}`]),
    ...(program === undefined ? [] : [`--test=${quoted(program)}`]),
    ...where.map(quoted),
    ...(origin.args.length === 0 ? [] : ["--", ...origin.args.map(quoted)]),
  ].join(" ");
}

/** As a POSIX shell reads it back. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);
