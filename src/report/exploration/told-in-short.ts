import type { Examination } from "../../model/results/examination.js";
import type { Finding } from "../../model/finding/finding.js";

/** So many lines of a report can be read: what more there is stands in a line for each finding. */
const MOST_LINES = 140;
/** But so many of what is told in full stand there, however long the rest is. */
const FEWEST_LINES = 24;

/** Of a test that has something new to show: how many lines that takes, in full and in short. */
interface Lengths {
  readonly one: Examination;
  readonly full: number;
  readonly brief: number;
}

/**
 * The tests that are told in short, so that a first run on a large project can be read: none where all stand in MOST_LINES, of which the
 * rest of the report takes `others`. Else those keep their full text that tell most: first what is left of the code under test, then
 * loops that go on, then what the test's own code does; of these first what most other tests repeat (`repeats`: so many findings). Where no finding stands in full, what there is to
 * say is short already. One test by itself is told in full.
 */
export function toldInShort(tests: readonly Lengths[], others: number, isFull: (finding: Finding) => boolean, repeats: (finding: Finding) => number): ReadonlySet<Examination> {
  if (others + tests.reduce((sum, { full }) => sum + full + 1, 0) <= MOST_LINES) return new Set();
  const brief = new Set(tests.map(({ one }) => one));
  const rankOfTest = ({ one }: Lengths): number => Math.min(...one.findings.filter(isFull).map(rankOf), LEAST);
  const repeatsOf = ({ one }: Lengths): number => Math.max(...one.findings.filter(isFull).map(repeats), 0);
  let left = Math.max(FEWEST_LINES, MOST_LINES - others - tests.reduce((sum, one) => sum + one.brief, 0));
  for (const { one, full, brief: short } of tests.filter((any) => any.one.findings.length === 0 || any.one.findings.some(isFull)).sort((a, b) => rankOfTest(a) - rankOfTest(b) || repeatsOf(b) - repeatsOf(a))) {
    if (full - short > left && brief.size < tests.length) continue;
    brief.delete(one);
    left -= full - short;
  }
  return brief;
}

const LEAST = 4;

function rankOf({ verdict, testCode }: Finding): number {
  if (verdict === "flaky" || verdict === "panics") return 3;
  if (testCode === true) return 2;
  return verdict === "runaway" || verdict === "waiting-outside" ? 1 : 0;
}

/** What is told in short needs no empty line in between. */
export function together(texts: readonly { readonly isBrief: boolean; readonly lines: readonly string[] }[]): readonly (readonly string[])[] {
  const blocks: { readonly isBrief: boolean; readonly lines: string[] }[] = [];
  for (const { isBrief, lines } of texts.filter((one) => one.lines.length > 0)) {
    const last = blocks.at(-1);
    if (isBrief && last?.isBrief === true) last.lines.push(...lines);
    else blocks.push({ isBrief, lines: [...lines] });
  }
  return blocks.map(({ lines }) => lines);
}
