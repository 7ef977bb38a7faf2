import type { Outcome } from "../../src/model/run/outcome.js";

export interface Run {
  readonly outcome: Pick<Outcome, "kind"> & { readonly message?: string };
  readonly printed: string;
}

/** What a schedule decided: each goroutine's own log, and how the run ended. */
export function told({ outcome, printed }: Run): string {
  const logs = new Map<string, string[]>();
  for (const line of printed.split("\n")) {
    const found = /^(1(?:\.t?\d+)*) (.*)$/.exec(line);
    if (found === null) continue; // the testing package's own lines
    logs.set(found[1]!, [...(logs.get(found[1]!) ?? []), found[2]!]);
  }
  const end = outcome.kind === "panic" ? outcome.message!.split("\n")[0]!.replace(/ \[recovered.*$/, "") : outcome.kind;
  return [end, ...[...logs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, log]) => `${label}: ${log.join(", ")}`)].join(" | ");
}
