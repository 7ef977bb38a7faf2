import { neverAnswered } from "../exit-code.js";
import { spellOut } from "../../base/spell-out.js";
import { withoutCommands } from "../shared/safe-text.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { grouped, place, plural, shortFunction } from "../inspect/words.js";
import { withoutSource } from "../../model/public-name.js";
import { painter } from "../inspect/text.js";
import type { GrowingGroup, TargetView, WatchEvent, WatchSummary } from "../../model/results/watching.js";

export interface WatchTextOptions {
  readonly colour: boolean;
  readonly cwd: string;
  readonly columns: number;
}

const BARS = "▁▂▃▄▅▆▇█";

/** The last values as a row of bars, the highest full; a flat line is low. */
export function sparkline(values: readonly number[], width: number): string {
  const last = condensed(values, width);
  const max = Math.max(1, ...last);
  if (last.every((value) => value === last[0])) return BARS[0]!.repeat(last.length);
  return last.map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / max) * (BARS.length - 1) + 0.5))]!).join("");
}

/** All values in `width` points: the largest of each piece, so that no peak is lost. */
function condensed(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, i) => Math.max(...values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width))));
}

/** One frame of the live view, at most `rows` lines. */
export function watchScreen(view: readonly TargetView[], head: string, rows: number, options: WatchTextOptions): string {
  const paint = painter(options.colour);
  const lines = [paint.bold(head)];
  const each = Math.max(2, Math.floor((rows - 2) / Math.max(1, view.length)) - 2);
  for (const target of view) lines.push("", ...targetLines(target, each, options));
  return withoutCommands(lines.slice(0, rows).map((line) => clip(line, options.columns)).join("\n"));
}

function targetLines(target: TargetView, rows: number, options: WatchTextOptions): string[] {
  const paint = painter(options.colour);
  if (target.state === "waiting") return [`${target.target}  ${paint.dim("asking")}`];
  const head = `${paint.bold(target.target)}  ${plural(target.total, "goroutine")}  ${sparkline(target.totals, 30)}`;
  const lines = target.state === "down" ? [`${paint.bold(target.target)}  ${paint.red(`down, asked ${plural(target.failures, "time")}: ${withoutSource(target.error ?? "", target.target)}`)}`] : [head];
  for (const { count, waitReason, frame, label, counts, growing, rising } of target.rows.slice(0, rows)) {
    const text = `${grouped(count).padStart(8)}  ${sparkline(counts, 20).padEnd(20)}  ${waitReason.padEnd(16)} ${shortFunction(frame.function)}  ${place(frame, options.cwd)}${labelText(label)}`;
    lines.push(growing ? paint[rising ? "yellow" : "red"](`${rising ? "?" : "!"} ${rate(growing).padStart(9)} ${text}  ${growing.cause}`) : `  ${"".padStart(9)} ${text}`);
  }
  const more = Math.max(0, target.rows.length - rows) + target.moreRows;
  if (more > 0) lines.push(paint.dim(`  and ${plural(more, "more group")}`));
  return lines;
}

const rate = ({ growth }: GrowingGroup): string => `+${growth.perMinute >= 10 ? Math.round(growth.perMinute) : growth.perMinute.toFixed(1)}/min`;

/** Cuts a line to the terminal's width, so that it takes one row; escape codes take no room, wide characters two columns. */
export function clip(line: string, columns: number): string {
  let width = 0;
  let out = "";
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    if (part.startsWith("\u001b[")) out += part;
    else for (const character of part) if ((width += widthOf(character)) <= columns) out += character;
  }
  return out;
}

/** As terminals have it (Unicode Standard Annex 11): marks stand on what is before them, East Asian letters and pictures are wide. */
const widthOf = (character: string): number => (character <= "~" || /[\u2500-\u259f]/.test(character) ? 1 : /\p{M}|\u200d/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1);
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** One line an event; undefined for those that only a live view shows. */
export function watchEventText(event: WatchEvent, options: WatchTextOptions): string | undefined {
  const text = eventText(event, options);
  return text === undefined ? undefined : withoutCommands(text);
}

// eslint-disable-next-line complexity -- a table of sentences, one for each kind of event
function eventText(event: WatchEvent, options: WatchTextOptions): string | undefined {
  const paint = painter(options.colour);
  const time = new Date(event.at).toISOString().slice(11, 19);
  switch (event.kind) {
    case "scraped":
    case "handed-over":
      return undefined;
    case "shared":
      return `${time} looks at ${grouped(event.mine)} of ${plural(event.all, "target")}${event.watchers > 1 ? `; ${event.watchers === 2 ? "another watch of this store has" : `${event.watchers - 1} other watches of this store have`} the others` : ""}`;
    case "failed":
      // The first failure, then ever more seldom: 1, 2, 4, 8 …
      return isPowerOfTwo(event.inARow) ? paint.yellow(`${time} ${event.error} (${event.inARow > 1 ? `no answer ${event.inARow} times in a row; ` : ""}asking again)`) : undefined;
    case "unsaved":
      return isPowerOfTwo(event.inARow) ? paint.yellow(`${time} not kept: ${event.error}; ${plural(event.waiting, "look")} waiting${event.dropped > 0 ? `, ${grouped(event.dropped)} lost` : ""}; trying again`) : undefined;
    case "saved-again":
      return paint.green(`${time} the store takes looks again; those that waited are kept`);
    case "clock":
      return paint.yellow(`${time} ${event.target}: the clock was set back by ${duration(event.backMs)}; the watch goes on`);
    case "recovered":
      return paint.green(`${time} ${event.target}: answers again`);
    case "added":
      return `${time} ${event.target}: found by ${event.discovery}`;
    case "removed":
      return `${time} ${event.target}: ${event.discovery} no longer knows it; it is not looked at any more`;
    case "undiscovered":
      return isPowerOfTwo(event.inARow) ? paint.yellow(`${time} ${event.error} (${event.inARow > 1 ? `no answer ${event.inARow} times in a row; ` : ""}asking again; what was found before is still looked at)`) : undefined;
    case "rediscovered":
      return paint.green(`${time} ${event.discovery}: answers again`);
    case "settled":
      return `${time} ${event.target}: no longer growing: ${shortFunction(event.group.frame.function)} ${place(event.group.frame, options.cwd)}${labelText(event.group.label)}, ${grouped(event.group.count)} left`;
    case "rising":
      return paint.yellow(`${time} ${event.target}: rising, like a leak or like a day's load (not known yet): ${growthWords(event.group, options.cwd)}`);
    case "growing":
      return [paint.red(`${time} ${event.target}: growing`), ...growingLines(event.group, options)].join("\n");
  }
}

/** Ever more seldom: 1, 2, 4, 8 … */
const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

const duration = (ms: number): string => (ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : minutes(ms / 60_000));

function growingLines(group: GrowingGroup, options: WatchTextOptions): string[] {
  const { growth, cause } = group;
  const how = HOW[growth.how];
  return [
    `    ${growthWords(group, options.cwd)}`,
    `    ${CAUSE_WORDS[cause].phrase} [${cause}]; ${how}`,
    ...group.evidence.map((fact) => `    - ${fact}`),
  ];
}

const HOW = {
  steady: "it never falls", floors: "what is left after each wave of load rises", stays: "it never falls, on the second day no less than on the first",
} as const;

export const growthWords = (group: GrowingGroup, cwd: string): string => {
  const { growth, frame, label } = group;
  return `${shortFunction(frame.function)}  ${place(frame, cwd)}${labelText(label)}: ${grouped(growth.from)} → ${grouped(growth.to)} in ${minutes(growth.minutes)}, ${rate(group)}; at this rate ${grouped(Math.round(growth.perMinute * 1440))} more in a day`;
};

export const labelText = (label: string | undefined): string => (label === undefined ? "" : `  ${spellOut(label)}`);

const minutes = (value: number): string => (value < 2 ? `${Math.round(value * 60)} s` : value < 180 ? `${Math.round(value)} min` : `${Math.round(value / 60)} h`);

/** The last word, when the watch ends. */
export function watchSummaryText(summary: WatchSummary, options: WatchTextOptions): string {
  const paint = painter(options.colour);
  const lines = summary.targets.map(({ target, scrapes, failures, lastError }) => `${target}: asked ${scrapes + failures} times, ${failures} without an answer${lastError === undefined ? "" : ` (${withoutSource(lastError, target)})`}`);
  if (summary.unsaved > 0) lines.push(paint.red(`${plural(summary.unsaved, "look")} could not be kept.`));
  if (summary.growing.length === 0) lines.push(summary.targets.every(neverAnswered) ? paint.yellow("Nothing was seen.") : paint.green("Nothing grows."));
  for (const { target, group } of summary.growing) lines.push(paint.red(`Growing in ${target}:`), ...growingLines(group, options));
  return withoutCommands(`${lines.join("\n")}\n`);
}
