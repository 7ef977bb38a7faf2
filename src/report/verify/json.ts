import type { Verification } from "../../model/results/verification.js";
import { groupJson } from "../inspect/json.js";

export function verificationJson({ violations, ...rest }: Verification): unknown {
  return {
    version: 1,
    kind: "verify",
    holds: violations.length === 0,
    ...rest,
    violations: violations.map(({ demand, text, groups, count }) => ({ demand, text, count, groups: groups.map(groupJson) })),
  };
}
