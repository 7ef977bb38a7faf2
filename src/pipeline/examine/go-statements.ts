import { ownerOf } from "../../model/source/blame.js";
import type { GoStatement } from "../../model/results/examination.js";
import type { Trace } from "../../model/run/trace.js";

/** A generated program may have thousands. */
const MOST = 200;

/** The user's `go` statements that a run came to, in the order in which it did; undefined where nothing was traced. */
export function goStatementsOf({ lives }: Pick<Trace, "lives">): readonly GoStatement[] | undefined {
  const found = new Map<string, { -readonly [K in keyof GoStatement]: GoStatement[K] }>();
  for (const { name, createdBy, endedAt } of lives) {
    if (createdBy === undefined || createdBy.line === 0 || name.startsWith("0.") || ownerOf(createdBy) !== "user") continue;
    const { function: by, file, line } = createdBy;
    const key = `${file}:${line} ${by}`;
    const one = found.get(key) ?? { function: by, file, line, started: 0, ended: 0 };
    one.started++;
    if (endedAt !== undefined) one.ended++;
    found.set(key, one);
  }
  return lives.length === 0 ? undefined : [...found.values()].slice(0, MOST);
}
