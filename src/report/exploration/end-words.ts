import { TIMED_OUT, type Examination } from "../../model/results/examination.js";

/** How a test came to its end that did not return: it ended its process, or go test would have ended it. Nothing of any other. */
export function endWordsOf({ outcome, limits }: Pick<Examination, "outcome" | "limits">): readonly string[] {
  if (outcome === TIMED_OUT) return limits.filter((limit) => limit.startsWith(TIMED_OUT));
  const code = /^exit (\d+)$/.exec(outcome)?.[1];
  if (code === undefined) return [];
  return [`it ended its process: ${code === "0" ? "unexpected call to os.Exit(0) during test" : `exit status ${code}`}`];
}
