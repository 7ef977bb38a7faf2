import { optional } from "../../base/optional.js";
import type { Difference } from "../../model/results/difference.js";
import { groupJson } from "../inspect/json.js";

export function differenceJson({ before, after, changes, minutes }: Difference): unknown {
  const side = ({ provenance, total, dump }: Difference["before"]): unknown => ({ source: provenance.source, how: provenance.how, goroutines: total, ...optional({ dump }) });
  return {
    version: 1,
    kind: "diff",
    before: side(before),
    after: side(after),
    ...optional({ minutes }),
    changes: changes.map(({ kind, group, before: was, after: is, stayed, rate }) => ({
      change: kind, before: was, after: is, ...optional({ stayed, rate }), group: groupJson(group),
    })),
  };
}
