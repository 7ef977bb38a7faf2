import type { Finding, Verdict } from "../../model/finding/finding.js";

/** Of each finding that is told in short: the one above it, whose goroutines started its own. */
export type ToldBelow = ReadonlyMap<Finding, Finding>;

/**
 * One thing that nobody closed leaves all the goroutines that it started: a router its handlers, a server its connections. Of the findings of one
 * test, in one run, those whose goroutines all go back to goroutines of another finding (over any number of starts) stand in short below it.
 * A goroutine's name begins with that of the one that started it.
 */
export function toldBelow(findings: readonly Finding[]): ToldBelow {
  const left = findings.filter(({ verdict }) => LEFT.has(verdict)).map((finding) => ({ finding, names: namesOf(finding) }));
  const owners = new Map<string, Finding>();
  for (const { finding, names } of left) for (const name of names) owners.set(keyOf(finding, name), finding);
  return new Map(left.flatMap(({ finding, names }): readonly (readonly [Finding, Finding])[] => {
    const first = names.map((name) => firstAbove(finding, name, owners));
    const from = finding.verdict === "runaway" ? undefined : first[0];
    return from === undefined || first.some((one) => one === undefined || one === finding) ? [] : [[finding, from]];
  }));
}

/** A runaway may be what the others come from; it keeps its own text, for it uses up the processor. */
const LEFT: ReadonlySet<Verdict> = new Set<Verdict>(["leaked", "abandoned", "stuck", "waiting-outside", "runaway"]);

/** The finding of the first goroutine that is left, of those from which this one was started. */
function firstAbove(finding: Finding, name: string, owners: ReadonlyMap<string, Finding>): Finding | undefined {
  const parts = name.split(".");
  return parts.slice(0, -1).flatMap((_, i) => owners.get(keyOf(finding, parts.slice(0, i + 1).join("."))) ?? [])[0];
}

/** A name says the same in one run only. */
const keyOf = ({ schedule = "", test = "" }: Finding, name: string): string => JSON.stringify([test, schedule, name]);

/** Those that stand at the end of its steps; none where these do not name all of them. */
function namesOf({ steps = [], goroutines, schedule }: Finding): readonly string[] {
  const ends = steps.filter(({ number, text }) => number === undefined && !text.startsWith("starts goroutine"));
  const names = ends.flatMap(({ goroutine, text }) => goroutine ?? /^likewise \d+ more: (.*)$/.exec(text)?.[1]!.split(", ") ?? []);
  return schedule !== undefined && names.length === goroutines && !names.includes("…") ? names : [];
}
