import type { Examination } from "../../model/results/examination.js";
import { failsItself } from "../exit-code.js";
import { failureWords } from "./alike-failures.js";
import { asPrinted } from "./failed-tests.js";
import { toldLines } from "./failing-lines.js";

/** Of explored tests whose failure stands above already: where. `the native run`, or a test's name. */
export type ToldFailures = ReadonlyMap<Examination, string>;

export const NATIVELY = "the native run";

/** What is printed of one package's failures. */
interface Shown {
  readonly package: string;
  readonly where: string;
  readonly lines: readonly string[];
}

/**
 * A failure is told once: not again where the native run, or the test that it is a subtest of, shows the test as failed, at the same
 * lines; nor where another test of the package has failed with the same words (a server that is not there fails every test that
 * needs it). Only what is printed counts.
 */
export function toldFailures(examinations: readonly Examination[]): ToldFailures {
  const told = new Map<Examination, string>();
  const shown: Shown[] = examinations.filter(({ coverage }) => coverage.native).map((one) => shownOf(one, NATIVELY));
  const first = new Map<string, string>();
  for (const one of examinations.filter((any) => !any.coverage.native && failsItself(any))) {
    const words = failureWords(one.name, (one.output ?? "").split("\n"));
    if (words === "") continue;
    const key = JSON.stringify([one.package, one.outcome, words]);
    const where = shown.find((above) => above.package === one.package && shows(above, one))?.where ?? first.get(key);
    if (where !== undefined) told.set(one, where);
    else {
      first.set(key, one.name);
      shown.push(shownOf(one, one.name));
    }
  }
  return told;
}

const shownOf = ({ package: path, output = "" }: Examination, where: string): Shown => ({ package: path, where, lines: toldLines(output) });

function shows({ lines }: Shown, { name, output = "" }: Examination): boolean {
  const own = placesIn(output.split("\n"));
  const places = placesIn(lines);
  return own.length > 0 && own.every((place) => places.includes(place)) && lines.some((line) => line.trimStart().startsWith(`--- FAIL: ${asPrinted(name)} (`));
}

/** `pool_test.go:41`, of what a test printed. */
const placesIn = (lines: readonly string[]): readonly string[] => lines.flatMap((line) => /^\s+(\S+\.go:\d+): /.exec(line)?.[1] ?? []);
