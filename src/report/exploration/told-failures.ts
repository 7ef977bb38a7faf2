import type { Examination } from "../../model/results/examination.js";
import { failsItself } from "../exit-code.js";
import { failureWords } from "./alike-failures.js";
import { asPrinted } from "./failed-tests.js";
import { toldLines } from "./failing-lines.js";

/** Of explored tests whose failure stands above already: where. `in the native run`, or a test's name. */
export type ToldFailures = ReadonlyMap<Examination, string>;

const NATIVELY = "in the native run";

/** What is printed of one package's failures. */
interface Shown {
  readonly package: string;
  readonly where: string;
  readonly lines: readonly string[];
}

/**
 * A failure is told once: not again where the native run, or the test that it is a subtest of, shows the test as failed, at the same
 * lines; nor where another test of the package has failed with the same words. A server that is not there fails every test that needs
 * it, each in words of its own: they stand together, too, and what each asserts besides is its consequence. Only what is printed counts.
 */
export function toldFailures(examinations: readonly Examination[]): ToldFailures {
  const told = new Map<Examination, string>();
  const shown: Shown[] = examinations.filter(({ coverage }) => coverage.native).map((one) => shownOf(one, NATIVELY));
  const first = new Map<string, string>();
  for (const one of examinations.filter((any) => !any.coverage.native && failsItself(any))) {
    const words = failureWords(one.name, (one.output ?? "").split("\n"));
    if (words === "") continue;
    const keys = [words, ...missingServer(one)].map((what) => JSON.stringify([one.package, one.outcome, what]));
    const where = shown.find((above) => above.package === one.package && shows(above, one))?.where ?? keys.flatMap((key) => first.get(key) ?? [])[0];
    for (const key of keys) if (!first.has(key)) first.set(key, where ?? one.name);
    if (where !== undefined) told.set(one, where);
    else shown.push(shownOf(one, one.name));
  }
  return told;
}

/** `connect: connection refused`: nobody listens where the test dials. Without the address, which is now the one host's and now the other's. */
const missingServer = ({ output = "" }: Examination): readonly string[] => /\bdial (?:tcp|unix) [^\n]*?(connect: (?:connection refused|no such file or directory))/.exec(output)?.slice(1, 2) ?? [];

/** Is it a subtest of a test that shows its failure, and nothing is found in it besides? Then that test's text has said all. */
export const isToldByItsTest = (one: Examination, failures: ToldFailures): boolean => one.findings.length === 0 && one.name.startsWith(`${failures.get(one) ?? " "}/`);

const shownOf = ({ package: path, output = "" }: Examination, where: string): Shown => ({ package: path, where, lines: toldLines(output) });

function shows({ lines }: Shown, { name, output = "" }: Examination): boolean {
  const own = placesIn(output.split("\n"));
  const places = placesIn(lines);
  return own.length > 0 && own.every((place) => places.includes(place)) && lines.some((line) => line.trimStart().startsWith(`--- FAIL: ${asPrinted(name)} (`));
}

/** `pool_test.go:41`, of what a test printed. */
const placesIn = (lines: readonly string[]): readonly string[] => lines.flatMap((line) => /^\s+(\S+\.go:\d+): /.exec(line)?.[1] ?? []);
