import { err, ok, type Result } from "../../base/result.js";
import { formatChoice, parseChoice, type Choice } from "./choice.js";

/** The choices that fix one run, in order. */
export type Schedule = readonly Choice[];

/**
 * The printable form: choices with a space between, a choice taken n times in a row as `choice*n`, a group of up to
 * eight that comes n times in a row as `(a b)*n`; behind the version of the form. `"u1 1 1.1*3 (@ 1)*64 1>1.1"`. Round
 * trip is tested. `u1e`: of a program with every step of the standard library's (host/ignored/ignored-by-program.ts, Steps).
 */
export function formatSchedule(schedule: Schedule): string {
  const words = schedule.map(formatChoice);
  const parts = ["u1"];
  for (let at = 0; at < words.length; ) {
    const { period, count } = repetition(words, at);
    const group = words.slice(at, at + period).join(" ");
    parts.push(count === 1 ? group : period === 1 ? `${group}*${count}` : `(${group})*${count}`);
    at += period * count;
  }
  return parts.join(" ");
}

const MAX_PERIOD = 8;

/** The shortest group from here on that repeats at once: at least twice for one word, three times for more. */
function repetition(words: readonly string[], at: number): { period: number; count: number } {
  for (let period = 1; period <= MAX_PERIOD; period++) {
    let count = 1;
    while (sameGroup(words, at, at + count * period, period)) count++;
    if (count >= (period === 1 ? 2 : 3)) return { period, count };
  }
  return { period: 1, count: 1 };
}

function sameGroup(words: readonly string[], a: number, b: number, length: number): boolean {
  if (b + length > words.length) return false;
  for (let i = 0; i < length; i++) if (words[a + i] !== words[b + i]) return false;
  return true;
}

/** Longer schedules than this are refused: a corrupt repeat count must not fill the memory. */
const MAX_STEPS = 10_000_000;

export function parseSchedule(text: string): Result<Schedule, string> {
  const [version, ...tokens] = text.trim().split(/\s+/);
  if (version !== "u1" && version !== EVERY) return err(`not a schedule: it begins with '${(version ?? "").slice(0, 20)}', expected 'u1'`);
  const schedule: Choice[] = [];
  let group: Choice[] | undefined;
  for (const [index, token] of tokens.entries()) {
    const where = `corrupt schedule at word ${index + 2}`;
    const opens = token.startsWith("(");
    if (opens && group) return err(`${where}: a group within a group`);
    if (opens) group = [];
    const close = /\)\*([1-9]\d*)$/.exec(token);
    const bare = token.slice(opens ? 1 : 0, close ? close.index : undefined);
    const repeat = /^(.+)\*([1-9]\d*)$/.exec(bare);
    const choice = parseChoice(repeat ? repeat[1]! : bare);
    if (!choice.ok) return err(`${where}: ${choice.error}`);
    const into = group ?? schedule;
    if (!append(into, [choice.value], repeat ? Number(repeat[2]) : 1)) return err(`${where}: more than ${MAX_STEPS} steps`);
    if (!close) continue;
    if (!group) return err(`${where}: ')' without '('`);
    if (!append(schedule, group, Number(close[1]))) return err(`${where}: more than ${MAX_STEPS} steps`);
    group = undefined;
  }
  return group ? err("corrupt schedule: '(' without ')'") : ok(schedule);
}

const EVERY = "u1e";

/** A printed schedule, of a program with every step. */
export const ofEveryStep = (text: string): string => text.replace(/^u1(?= |$)/, EVERY);
export const hasEveryStep = (text: string): boolean => text.trim().split(/\s/, 1)[0] === EVERY;

function append(into: Choice[], group: readonly Choice[], times: number): boolean {
  if (into.length + group.length * times > MAX_STEPS) return false;
  for (let n = 0; n < times; n++) into.push(...group);
  return true;
}
