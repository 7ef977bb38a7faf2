import type { Expectation, Verification } from "../../model/results/verification.js";
import { xml, xmlText } from "../shared/xml.js";
import { demandWords, verificationText } from "./text.js";

/** JUnit XML: a suite for the source, a case for each demand. */
export function verificationJunit(verification: Verification, cwd: string): string {
  const { source, demands, violations, milliseconds } = verification;
  const cases = demands.map((demand) => {
    const own = violations.filter((violation) => violation.demand === demand);
    const head = `<testcase classname="${xml(source)}" name="${xml(demandWords(demand))}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (own.length === 0) return `  ${head}/>`;
    const text = verificationText({ ...verification, violations: own }, { colour: false, cwd });
    return `  ${head}><failure message="${xml(own[0]!.text)}">${xmlText(text)}</failure></testcase>`;
  });
  const suite = `<testsuite name="unpark verify ${xml(source)}" tests="${demands.length}" failures="${failed(demands, verification)}" errors="0">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suite}\n${cases.join("\n")}\n</testsuite>\n</testsuites>\n`;
}

const failed = (demands: readonly Expectation[], { violations }: Verification): number =>
  demands.filter((demand) => violations.some((violation) => violation.demand === demand)).length;
