import type { Failure } from "../../model/results/examination.js";
import type { Style } from "../shared/style.js";
import { count, number } from "./verdict-words.js";

/** `CANNOT example.com/a and 2 more packages (-v): …`: what could not be done, and why. */
export function failureText([failure, ...others]: readonly [Failure, ...Failure[]], { bad }: Style, verbose: boolean): readonly string[] {
  const [first = "", ...rest] = failure.message.split("\n");
  const more = verbose || rest.length <= MOST_LINES ? rest : [...rest.slice(0, MOST_LINES - 1), `… ${number(rest.length - MOST_LINES + 1)} more lines (-v)`];
  const also = others.length === 0 ? "" : ` and ${failure.test === undefined ? count(others.length, "more package") : `${number(others.length)} more`} (-v)`;
  return [`${bad("CANNOT")} ${[failure.package, failure.test].filter(Boolean).join(" ")}${also}: ${first}`, ...more.map((line) => `    ${line}`)];
}

/** A file that is not there is missed in every package that imports it. */
const MOST_LINES = 5;

/** What it is that a native run alone can do, or that there was no time, without what each test or package says besides; else its message. */
const reasonOf = ({ message, onlyNatively }: Failure): string => onlyNatively?.split(":", 1)[0] ?? /^left out when the total time ended [^:]*/.exec(message)?.[0] ?? message;

/** Tests of one package, or packages, that cannot be done for the same reason, as the first of them says it. */
export function failuresTogether(failures: readonly Failure[], verbose: boolean): readonly (readonly [Failure, ...Failure[]])[] {
  const groups = new Map<string, [Failure, ...Failure[]]>();
  for (const failure of failures) {
    const key = JSON.stringify([verbose ? failure.message : reasonOf(failure), ...(verbose || failure.test !== undefined ? [failure.package] : []), ...(verbose ? [failure.test] : [])]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  return [...groups.values()];
}
