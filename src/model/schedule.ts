import { err, ok, type Result } from "../base/result.js";
import { formatChoice, parseChoice, type Choice } from "./choice.js";

/** The choices that fix one run, in order. */
export type Schedule = readonly Choice[];

/**
 * The printable form: choices with a space between, a choice taken n times in a row as `choice*n`; behind the version
 * of the form. `"u1 1 1.1*3 @ 1>1.1"`. Round trip is tested.
 */
export function formatSchedule(schedule: Schedule): string {
  const words: string[] = [];
  for (let i = 0; i < schedule.length; ) {
    const word = formatChoice(schedule[i]!);
    let n = 1;
    while (i + n < schedule.length && formatChoice(schedule[i + n]!) === word) n++;
    words.push(n === 1 ? word : `${word}*${n}`);
    i += n;
  }
  return ["u1", ...words].join(" ");
}

/** Longer schedules than this are refused: a corrupt repeat count must not fill the memory. */
const MAX_STEPS = 10_000_000;

export function parseSchedule(text: string): Result<Schedule, string> {
  const [version, ...words] = text.trim().split(/\s+/);
  if (version !== "u1") return err(`not a schedule: it begins with '${(version ?? "").slice(0, 20)}', expected 'u1'`);
  const schedule: Choice[] = [];
  for (const [index, word] of words.entries()) {
    const repeat = /^(.+)\*([1-9]\d*)$/.exec(word);
    const choice = parseChoice(repeat ? repeat[1]! : word);
    if (!choice.ok) return err(`corrupt schedule at word ${index + 2}: ${choice.error}`);
    const n = repeat ? Number(repeat[2]) : 1;
    if (schedule.length + n > MAX_STEPS) return err(`corrupt schedule at word ${index + 2}: more than ${MAX_STEPS} steps`);
    for (let k = 0; k < n; k++) schedule.push(choice.value);
  }
  return ok(schedule);
}
