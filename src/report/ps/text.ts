import { withoutCommands } from "../shared/safe-text.js";
import type { ListedProcess } from "../../model/results/process.js";
import { grouped } from "../inspect/words.js";
import { columnWidths } from "../shared/column-widths.js";

const HEAD = ["SOURCE", "GOROUTINES", "THREADS", "VERSION", "PROGRAM"];

/** A line a process; the first column is what `inspect`, `verify` and `watch` take. */
export function processesText(processes: readonly ListedProcess[]): string {
  const rows = processes.map(({ pid, program, stats }) =>
    stats.ok ? [`pid:${pid}`, grouped(stats.value.goroutines), grouped(stats.value.counts["OS threads"] ?? 0), stats.value.version, program] : [`pid:${pid}`, "?", "?", "?", `${program} (${stats.error})`],
  );
  const all = [HEAD, ...rows];
  const widths = columnWidths(all, HEAD.length);
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 1 || column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join("  ").trimEnd();
  return withoutCommands(`${all.map(line).join("\n")}\n`);
}

export function processesJson(processes: readonly ListedProcess[]): unknown {
  return {
    version: 1,
    kind: "ps",
    processes: processes.map(({ pid, program, port, stats }) => ({
      source: `pid:${pid}`, pid, program, agent: `127.0.0.1:${port}`,
      ...(stats.ok ? { version: stats.value.version, counts: stats.value.counts } : { error: stats.error }),
    })),
  };
}
