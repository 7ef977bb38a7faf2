import { safeText } from "../shared/safe-text.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import { painter } from "../inspect/text.js";
import { grouped, place, plural, shortFunction } from "../inspect/words.js";
import { labelText, sparkline, type WatchTextOptions } from "./text.js";

interface KnownTarget {
  readonly target: string;
  readonly scrapes: readonly { readonly at: number; readonly total: number }[];
  readonly rows: readonly { readonly group: { readonly waitReason: string; readonly frame: Frame; readonly label?: string; readonly stack?: Stack }; readonly counts: readonly number[]; readonly growth?: { readonly perMinute: number } }[];
}

interface HistoryOptions extends WatchTextOptions {
  /** Each group with its whole stack. */
  readonly stacks: boolean;
}

/** What a store knows: for each target its groups over time, growing ones first. */
export const historyText = (known: readonly KnownTarget[], options: HistoryOptions): string => safeText(known, (shown) => text(shown, options));

function text(known: readonly KnownTarget[], options: HistoryOptions): string {
  const paint = painter(options.colour);
  if (known.length === 0) return "The store knows no target yet.\n";
  const lines = known.flatMap(({ target, scrapes, rows }) => {
    if (scrapes.length === 0) return [`${paint.bold(target)}: nothing seen in this time`, ""];
    const time = (i: number): string => new Date(scrapes[i]!.at).toISOString().slice(0, 19);
    const head = `${paint.bold(target)}: ${plural(scrapes.length, "look")} from ${time(0)}Z to ${time(scrapes.length - 1)}Z  ${sparkline(scrapes.map(({ total }) => total), 40)}`;
    const shown = rows.slice(0, 20).flatMap(({ group, counts, growth }) => {
      const { frame, waitReason, label, stack } = group;
      const text = `  ${grouped(counts[counts.length - 1] ?? 0).padStart(8)}  ${sparkline(counts, 40).padEnd(40)}  ${waitReason.padEnd(16)} ${shortFunction(frame.function)}  ${place(frame, options.cwd)}${labelText(label)}`;
      const row = growth ? paint.red(`${text}  +${growth.perMinute.toFixed(1)}/min`) : text;
      if (!options.stacks) return [row];
      const frames = stack === undefined ? ["its stack was not kept: it was last seen by an unpark that kept none"] : stack.map((one) => `${shortFunction(one.function)} ${paint.dim(place(one, options.cwd))}`);
      return [row, ...frames.map((line) => `            ${line}`)];
    });
    return [head, ...shown, ""];
  });
  return `${lines.join("\n")}`;
}
