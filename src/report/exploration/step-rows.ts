import { number } from "../../base/numerals.js";
import { optional } from "../../base/optional.js";
import type { Contrast, Finding, Step } from "../../model/finding/finding.js";
import { parseSchedule } from "../../model/run/schedule.js";
import { plain, type Style } from "../shared/style.js";
import { columnWidths } from "../shared/column-widths.js";

export interface RowOptions {
  readonly style?: Style;
  /** The scope's own goroutine: `1` of a main, `1.1` of a Go test. */
  readonly scope: string;
  /** What it is called. */
  readonly scopeName: string;
}

/** Steps as aligned rows: number, who, what, where. */
export function stepRows(steps: readonly Step[], options: RowOptions): readonly string[] {
  const rows = steps.map((step) => cells(step, options));
  const widths = columnWidths(rows, 3, 60);
  return rows.map((row) => `      ${row.map((cell, i) => (i === 0 ? cell.padStart(widths[0]!) : i < 3 ? cell.padEnd(widths[i]!) : cell)).join("  ").trimEnd()}`);
}

const CLOCK = "clock: ";

function cells({ number, goroutine, text, file, line, source }: Step, { style = plain, scope, scopeName }: RowOptions): readonly string[] {
  const isClock = goroutine === undefined && text.startsWith(CLOCK);
  const name = isClock ? "clock" : goroutine === undefined ? "" : goroutine === scope ? scopeName : goroutine;
  const place = file === undefined || file === "" ? "" : `${file.slice(file.lastIndexOf("/") + 1)}:${line}`;
  return [number === undefined ? "" : String(number), name, isClock ? text.slice(CLOCK.length) : text, `${place}${source === undefined ? "" : `  ${style.dim(cut(source))}`}`];
}

/** A source line, as much of it as tells which it is. */
export const cut = (source: string): string => (source.length > LONGEST ? `${source.slice(0, LONGEST)}…` : source);
const LONGEST = 60;

/** Those without which the end is not understood; all where nobody said which these are (a report of before). */
export function shownSteps(steps: readonly Step[], all: boolean): readonly Step[] {
  return all || !steps.some(({ key }) => key === true) ? steps : steps.filter(({ key }) => key === true);
}

/** What stands on a screen: how it began, and how it came to its end; what is done at one place again and again, the first and the last time. */
export function onOneScreen(shown: readonly Step[], all: boolean): readonly Step[] {
  if (all || shown.length <= FIRST + LAST + 1) return shown;
  const rows = folded(shown);
  const left = rows.slice(FIRST, -LAST);
  const more = { text: `… ${number(left.reduce((sum, { steps }) => sum + steps, 0))} more steps (-v) …` };
  return left.length <= 1 ? rows.map(({ step }) => step) : [...rows.slice(0, FIRST).map(({ step }) => step), more, ...rows.slice(-LAST).map(({ step }) => step)];
}

const FIRST = 12;
const LAST = 24;

interface FoldedRow {
  readonly step: Step;
  /** So many it stands for. */
  readonly steps: number;
}

/** Steps of a kind that was there before and comes again are one row with their neighbours of that sort: a hundred clients register, and go. */
function folded(steps: readonly Step[]): readonly FoldedRow[] {
  const kinds = steps.map(kindOf);
  const first = new Map([...kinds.entries()].reverse().map(([i, kind]) => [kind, i]));
  const last = new Map([...kinds.entries()].map(([i, kind]) => [kind, i]));
  const comesAgain = kinds.map((kind, i) => kind !== undefined && first.get(kind)! < i && i < last.get(kind)!);
  const rows: FoldedRow[] = [];
  for (let i = 0, next = 0; i < steps.length; i = next) {
    next = i + 1;
    while (comesAgain[i] && comesAgain[next]) next++;
    rows.push({ step: next === i + 1 ? steps[i]! : { text: `… ${number(next - i)} more like these (-v) …` }, steps: next - i });
  }
  return rows;
}

/** Place and operation, whoever does it and on whatever. */
const kindOf = ({ text, file, line }: Step): string | undefined => (file === undefined ? undefined : `${file}:${line} ${text.replace(/\b[A-Z]+\b|\d[\d.]*/g, "")}`);

/** `steps (4 of 213)`: how many of the schedule's steps are shown. */
export function stepsTitle(shown: readonly Step[], { schedule }: Pick<Finding, "schedule">): string {
  const parsed = schedule === undefined ? undefined : parseSchedule(schedule);
  const numbers = new Set(shown.flatMap(({ number }) => number ?? []));
  return parsed?.ok === true && parsed.value.length > numbers.size ? `steps (${numbers.size} of ${parsed.value.length})` : "steps";
}

const STAYS = { here: "here it stays", there: "in another schedule it ends" };
const FAILS = { here: "here the test fails", there: "in another schedule it passes" };
const PANICS = { here: "here it panics", there: "in another schedule the test passes" };

/** Two schedules beside each other: what both share, then how each goes on from where they part. */
export function contrastRows({ verdict, schedule, steps = [] }: Finding, contrast: Contrast, all: boolean, options: RowOptions): readonly string[] {
  const from = (list: readonly Step[], parting: Step): readonly Step[] => {
    const own = shownSteps(list, all).filter(({ number }) => number === undefined || number >= contrast.partsAt);
    const starts = own.filter(({ number, text }) => number !== undefined || !text.startsWith("starts goroutine"));
    return starts.some(({ number }) => number === contrast.partsAt) ? starts : [parting, ...starts];
  };
  const inTwo = verdict === "stuck" ? STAYS : verdict === "panics" ? PANICS : FAILS;
  const before = shownSteps(steps, all).filter(({ number, text }) => (number === undefined ? text.startsWith("starts goroutine") : number < contrast.partsAt));
  return [
    `    ${stepsTitle(shownSteps(steps, all), { ...optional({ schedule }) })}: the same in both schedules before step ${contrast.partsAt}`,
    ...stepRows(onOneScreen(before, all), options),
    `    ${inTwo.here}:`,
    ...stepRows(onOneScreen(from(steps, contrast.here), all), options),
    `    ${inTwo.there}:`,
    ...stepRows(onOneScreen(from(contrast.steps, contrast.there), all), options),
  ];
}
