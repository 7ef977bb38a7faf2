import { withoutCommands } from "../shared/safe-text.js";
import type { Change, Difference } from "../../model/results/difference.js";
import { blamedFrame } from "../../model/source/blame.js";
import { painter } from "../inspect/text.js";
import { grouped, labelWords, place, plural, shortFunction, stateWords } from "../inspect/words.js";

/** New and grown groups first, each in a line, with the rate where both times are known. */
export function differenceText(difference: Difference, options: { readonly colour: boolean; readonly cwd: string; readonly all: boolean }): string {
  const paint = painter(options.colour);
  const { before, after, changes, minutes } = difference;
  const delta = after.total - before.total;
  const lines = [
    paint.bold(`${sideWords(before)} → ${sideWords(after)}: ${grouped(before.total)} → ${plural(after.total, "goroutine")} (${signed(delta)})`) +
      (minutes === undefined || minutes < 1 / 60 ? "" : paint.dim(` in ${duration(minutes)}`)),
  ];
  for (const kind of ["new", "grown", "shrunk", "gone", "same"] as const) {
    const own = changes.filter((change) => change.kind === kind);
    if (own.length === 0) continue;
    if (kind === "same" && !options.all) {
      const stayed = own.reduce((n, change) => n + (change.stayed ?? 0), 0);
      lines.push("", paint.dim(`Same: ${plural(own.length, "group")}${stayed > 0 ? `, ${plural(stayed, "goroutine")} never moved` : ""}`));
      continue;
    }
    const colour = kind === "new" || kind === "grown" ? paint.red : kind === "same" ? paint.dim : paint.green;
    lines.push("", colour(`${kind[0]!.toUpperCase()}${kind.slice(1)}`), ...own.map((change) => changeLine(change, options.cwd)));
  }
  if (changes.every(({ kind }) => kind === "same")) lines.push("", paint.green("Nothing is new, grown or gone."));
  return withoutCommands(`${lines.join("\n")}\n`);
}

function changeLine({ group, before, after, stayed, rate }: Change, cwd: string): string {
  const frame = blamedFrame(group.stack);
  const where = frame ? `${shortFunction(frame.function)}  ${place(frame, cwd)}` : "(no stack)";
  const delta = after - before;
  const grows = rate === undefined ? "" : `, ${signed(round(rate.perMinute))} a minute${rate.perMinute > 0 ? `: at this rate ${grouped(rate.inAnHour)} in an hour, ${grouped(rate.inADay)} in a day` : ""}`;
  const still = stayed !== undefined && stayed > 0 ? `; ${grouped(stayed)} never moved` : "";
  return `  ${signed(delta).padStart(7)}  ${grouped(before)} → ${grouped(after)}  ${stateWords(group)}  ${where}${group.label ? `  ${labelWords(group.label)}` : ""}${grows}${still}`;
}

/** `app.log (the last of 2 dumps)`. */
const sideWords = ({ provenance, dump }: Difference["before"]): string =>
  `${provenance.source}${dump === undefined ? "" : ` (the ${dump.number === dump.of ? "last" : "first"} of ${dump.of} dumps)`}`;

const signed = (n: number): string => (n > 0 ? `+${n}` : String(n));
const round = (n: number): number => (Math.abs(n) >= 10 ? Math.round(n) : Math.round(n * 10) / 10);

const duration = (minutes: number): string => (minutes < 2 ? `${Math.round(minutes * 60)} s` : minutes < 180 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`);
