import { artifactLocation, isLine } from "../shared/file-uri.js";
import { jsonText } from "../shared/json-text.js";
import { blamedFrame } from "../../model/source/blame.js";
import type { Verification, Violation } from "../../model/results/verification.js";

const RULES = [
  { id: "absent", shortDescription: { text: "A goroutine is there that must not be." } },
  { id: "max", shortDescription: { text: "There are more goroutines than allowed." } },
  { id: "baseline", shortDescription: { text: "A group of goroutines is new or has grown since the baseline." } },
];

/** SARIF 2.1.0: a result for each group of goroutines at fault, at the innermost line of the user's. */
export function verificationSarif(verification: Verification, version: string, cwd: string): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "unpark", version, rules: RULES } },
        invocations: [{ executionSuccessful: true }],
        results: verification.violations.flatMap((violation) => results(violation, verification.source, cwd)),
      },
    ],
  };
  return jsonText(log, 2);
}

function results({ demand, text, groups }: Violation, source: string, cwd: string): unknown[] {
  const ruleIndex = RULES.findIndex(({ id }) => id === demand.kind);
  return groups.map((group) => {
    const frame = blamedFrame(group.stack);
    return {
      ruleId: demand.kind,
      ruleIndex,
      level: "error",
      message: { text: `${source}: ${text}; ${group.count} in '${group.waitReason || group.kind}' at ${frame?.function ?? "an unknown place"}` },
      locations: frame && isLine(frame.line) ? [{ physicalLocation: { artifactLocation: artifactLocation(frame.file, cwd), region: { startLine: frame.line } } }] : [],
      partialFingerprints: { "unparkGroup/v1": group.fingerprint },
    };
  });
}

