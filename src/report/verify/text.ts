import type { GoroutineGroup } from "../../model/goroutine/goroutine-group.js";
import { creatorsOf } from "../../model/goroutine/group-creators.js";
import type { Expectation, Verification, Violation } from "../../model/results/verification.js";
import { ages, grouped, labelWords, place, plural, shortFunction, stateWords } from "../inspect/words.js";
import { spellOut } from "../../base/spell-out.js";
import { withoutCommands } from "../shared/safe-text.js";
import { painter } from "../inspect/text.js";

export interface VerifyTextOptions {
  readonly colour: boolean;
  readonly cwd: string;
}

/** One line when all holds; else each demand that does not, with the stacks at fault. */
export function verificationText(verification: Verification, options: VerifyTextOptions): string {
  const paint = painter(options.colour);
  const { source, violations, demands, attempts, milliseconds } = verification;
  const asked = attempts === 1 ? "" : ` (asked ${attempts} times in ${(milliseconds / 1000).toFixed(1)} s)`;
  const seen = `${source}: ${countWords(verification)}`;
  if (violations.length === 0) return `${paint.green("ok")} ${seen}; ${demands.map(demandWords).join("; ")}${asked}\n`;
  const lines = [`${paint.red("FAIL")} ${seen}${asked}`];
  for (const violation of violations) lines.push("", `  ${spellOut(violation.text)}`, ...stacksOf(violation, options, paint.dim));
  return withoutCommands(`${lines.join("\n")}\n`);
}

/** `7 goroutines (the last of 2 dumps)`. */
const countWords = ({ total, dumps }: Verification): string => `${plural(total, "goroutine")}${dumps === undefined ? "" : ` (the last of ${dumps} dumps)`}`;

export function demandWords(demand: Expectation): string {
  switch (demand.kind) {
    case "absent":
      return `none with '${demand.pattern}'`;
    case "max":
      return `at most ${grouped(demand.limit)}${demand.only === undefined ? "" : ` with '${demand.only}'`}${each(demand.byLabel)}`;
    case "baseline":
      return `nothing new or grown since ${demand.file}${each(demand.byLabel)}`;
  }
}

const each = (byLabel: string | undefined): string => (byLabel === undefined ? "" : ` for each ${spellOut(byLabel)}`);

const MAX_GROUPS = 10;

function stacksOf({ groups }: Violation, options: VerifyTextOptions, dim: (text: string) => string): string[] {
  const lines = groups.slice(0, MAX_GROUPS).flatMap((group) => ["", ...stackLines(group, options, dim)]);
  if (groups.length > MAX_GROUPS) lines.push("", dim(`    and ${plural(groups.length - MAX_GROUPS, "more group")}`));
  return lines;
}

export function stackLines(group: GoroutineGroup, { cwd }: { readonly cwd: string }, dim: (text: string) => string = (text) => text): string[] {
  const waited = ages(group);
  const lines = [`    ${grouped(group.count)} × ${stateWords(group)}${waited === "" ? "" : `, ${waited}`}${group.label ? `, ${labelWords(group.label)}` : ""}`];
  for (const frame of group.stack) lines.push(`      ${shortFunction(frame.function)} ${dim(place(frame, cwd))}`);
  const [first] = creatorsOf(group);
  if (first) lines.push(dim(`      started by ${shortFunction(first.creator.function)} ${place(first.creator, cwd)}`));
  return lines;
}
