import { shortSymbol } from "../../model/source/blame.js";
import type { Finding } from "../../model/finding/finding.js";
import type { FixMiss } from "../../model/results/fix.js";
import { count, number } from "../exploration/verdict-words.js";

/** Why a patch does not hold: a sentence, and the schedule that shows it where there is one. */
export function missWords(miss: FixMiss): string {
  switch (miss.kind) {
    case "build": return `it does not build: ${firstLine(miss.words)}`;
    case "still": return `${miss.program}: with it the goroutine is still ${foundWords(miss.finding, miss.schedules)}`;
    case "new": return `${miss.program}: with it something else is found: ${foundWords(miss.finding, miss.schedules)}`;
    case "outcome": return miss.after === "gone" ? `${miss.program} is no longer there` : `${miss.program} ends otherwise: ${miss.after}, and before: ${miss.before}`;
    case "fewer": return miss.wanted === "interrupted" ? `${miss.program}: it was interrupted before all was tried` : `${miss.program}: only ${count(miss.schedules, "schedule")} of ${miss.wanted === "all" ? "all" : number(Number(miss.wanted))} could be tried with it: raise --budget`;
    case "limit": return `${miss.program}: with it ${miss.words}`;
    case "tests": return `${miss.failed.length === 1 ? "a test that passed fails" : `${miss.failed.length} tests that passed fail`}: ${miss.failed.slice(0, 3).join(", ")}`;
    case "vet": return `go vet says of it: ${firstLine(miss.words)}`;
    case "types": return `the type checker says of it: ${firstLine(miss.words)}`;
  }
}

function foundWords({ verdict, blocked, seen, schedule, message }: Finding, schedules: number): string {
  const often = seen === undefined ? "" : ` in ${number(seen)} of ${count(schedules, "schedule")}`;
  const words = verdict === "panics" || verdict === "flaky" ? firstLine(message ?? "") : "";
  const said = words === "" ? "" : ` (${words})`;
  return `${verdict}${said}${often}, ${blocked.reason} in ${shortSymbol(blocked.function)}${schedule === undefined ? "" : `, by schedule '${schedule}'`}`;
}

const firstLine = (text: string): string => text.split("\n").find((line) => line.trim() !== "")?.trim() ?? "";
