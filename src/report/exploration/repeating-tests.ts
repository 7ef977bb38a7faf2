import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";
import { hasOwnPlace, type RepeatedFindings } from "./repeated.js";
import type { ToldBelow } from "./told-below.js";
import type { ToldFailures } from "./told-failures.js";
import { count, number } from "./verdict-words.js";

/** Tests of one package that show the same earlier findings, and nothing else. */
export type RepeatingTests = readonly [Examination, ...Examination[]];

/** What stands above the tests that repeat it. */
export interface ToldAbove {
  readonly repeated: RepeatedFindings;
  readonly toldBelow: ToldBelow;
  readonly failures: ToldFailures;
}

/** Tests that have nothing new to show, by what they repeat. The native run of a package is no test, and stays by itself. */
export function repeatingTogether(repeating: readonly Examination[], { repeated, failures }: ToldAbove): readonly RepeatingTests[] {
  const ids = new Map<Finding, number>();
  const id = (first: Finding): number => ids.get(first) ?? (ids.set(first, ids.size), ids.size - 1);
  const groups = new Map<string, [Examination, ...Examination[]]>();
  for (const one of repeating) {
    const key = JSON.stringify([one.package, one.name === one.package, failures.get(one) ?? "", firstsOf(one, repeated).map(([finding, first]) => `${id(first)} ${hasOwnPlace(first) ? `${finding.blocked.file}:${finding.blocked.line}` : ""}`).sort()]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** What of a test repeats a finding above, with that one; each of these once. */
export function firstsOf(one: Examination, repeated: RepeatedFindings): readonly (readonly [Finding, first: Finding])[] {
  const firsts = new Map(one.findings.flatMap((finding) => (repeated.has(finding) ? [[repeated.get(finding)!, finding]] : [])));
  return [...firsts].map(([first, finding]) => [finding, first]);
}

/** `TestGet, TestSet, TestExpire (10 subtests)`, in lines of a screen's width. Where names have spaces, as in TypeScript, each has a line to itself. */
export function testNames(tests: readonly Examination[]): readonly string[] {
  const names = [...new Set(tests.map(parentOf))].flatMap((parent) => {
    const own = tests.filter((one) => parentOf(one) === parent).map(({ name }) => name);
    return own.length > MOST_SUBTESTS ? [`${parent} (${count(own.length, "subtest")})`] : own;
  });
  const hasSentences = tests.some(({ name }) => name.includes(" "));
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    const isFull = last === undefined || last.length + name.length > WIDTH || hasSentences;
    if (isFull) lines.push(name);
    else lines[lines.length - 1] = `${last}, ${name}`;
  }
  const shown = lines.length <= MOST_LINES + 1 ? lines : lines.slice(0, MOST_LINES);
  const left = names.length - (hasSentences ? shown.length : shown.flatMap((line) => line.split(", ")).length);
  return [...(hasSentences ? shown : shown.map((line, i) => (i < lines.length - 1 ? `${line},` : line))), ...(left === 0 ? [] : [`… and ${number(left)} more (-v)`])];
}

const parentOf = ({ name }: Examination): string => (name.includes(" ") ? name : name.split("/", 1)[0]!);

/** As many subtests of one test are named; of more, how many they are. */
const MOST_SUBTESTS = 3;

const WIDTH = 110;

/** So many lines of names. */
const MOST_LINES = 3;
