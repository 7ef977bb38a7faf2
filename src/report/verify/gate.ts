import { spellOut } from "../../base/spell-out.js";
import type { AcceptedLeak, GateReport, GateTarget } from "../../model/results/gate.js";
import { groupJson } from "../inspect/json.js";
import { painter } from "../inspect/text.js";
import { grouped, plural } from "../inspect/words.js";
import { withoutCommands } from "../shared/safe-text.js";
import { xml, xmlText } from "../shared/xml.js";
import { stackLines, type VerifyTextOptions } from "./text.js";

const count = ({ targets }: GateReport, state: GateTarget["state"]): number => targets.filter((one) => one.state === state).length;

/** One line for each target, the stacks of those that leak, and how many there are of each kind. */
export function gateText(report: GateReport, options: VerifyTextOptions): string {
  const paint = painter(options.colour);
  const lines = report.targets.flatMap((target) => targetLines(target, options));
  lines.push("", `${plural(report.targets.length, "target")}: ${grouped(count(report, "clean"))} clean, ${grouped(count(report, "leaking"))} leaking, ${grouped(count(report, "unchecked"))} unchecked${report.build === undefined ? "" : `; build ${spellOut(report.build)}`}`);
  for (const one of report.unused) lines.push(paint.dim(`line ${one.line} of the list of accepted leaks matches nothing: ${spellOut(one.pattern)}`));
  if (report.warnOnly && report.targets.some(({ state }) => state !== "clean")) lines.push(paint.yellow("Only a warning: --warn-only was given."));
  return withoutCommands(`${lines.join("\n")}\n`);
}

function targetLines(one: GateTarget, options: VerifyTextOptions): readonly string[] {
  const paint = painter(options.colour);
  const name = spellOut(one.target);
  switch (one.state) {
    case "clean":
      return [`${paint.green("clean")}      ${name}${ignoredWords(one.ignored)}`];
    case "unchecked":
      return [`${paint.yellow("unchecked")}  ${name}: ${spellOut(one.reason)}`];
    case "leaking":
      return [
        `${paint.red("leaking")}    ${name}: ${plural(one.leaked, "goroutine")} that nothing can wake${ignoredWords(one.ignored)}`,
        ...one.leaks.flatMap(({ group, since }) => [...stackLines(group, options, paint.dim), ...(since === undefined ? [] : [paint.dim(`      since build ${spellOut(since)}`)])]),
      ];
  }
}

const ignoredWords = (ignored: number): string => (ignored === 0 ? "" : ` (${plural(ignored, "accepted one")})`);

export function gateJson(report: GateReport): unknown {
  return {
    version: 1, kind: "gate", ...report,
    clean: count(report, "clean"), leaking: count(report, "leaking"), unchecked: count(report, "unchecked"),
    unused: report.unused.map(({ pattern, reason, line }: AcceptedLeak) => ({ pattern, reason, line })),
    targets: report.targets.map((one) => (one.state === "leaking" ? { ...one, leaks: one.leaks.map(({ group, ...rest }) => ({ ...groupJson(group), ...rest })) } : one)),
  };
}

/** JUnit XML: a case for each target. What could not be checked is an error; with `warnOnly` it is skipped, with its reason. */
export function gateJunit(report: GateReport, cwd: string): string {
  const { targets, warnOnly, milliseconds } = report;
  const text = (one: GateTarget): string => xmlText(`${targetLines(one, { colour: false, cwd }).join("\n")}\n`);
  const cases = targets.map((one) => {
    const head = `  <testcase classname="unpark verify --leaks" name="${xml(one.target)}"`;
    if (one.state === "clean") return `${head}/>`;
    if (one.state === "unchecked") return `${head}>${warnOnly ? `<skipped message="unchecked: ${xml(one.reason)}"/>` : `<error message="unchecked: ${xml(one.reason)}"/>`}</testcase>`;
    return `${head}>${warnOnly ? `<system-out>${text(one)}</system-out>` : `<failure message="${plural(one.leaked, "goroutine")} that nothing can wake">${text(one)}</failure>`}</testcase>`;
  });
  const failures = warnOnly ? 0 : count(report, "leaking");
  const errors = warnOnly ? 0 : count(report, "unchecked");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="unpark verify --leaks" tests="${targets.length}" failures="${failures}" errors="${errors}" skipped="${warnOnly ? count(report, "unchecked") : 0}" time="${(milliseconds / 1000).toFixed(3)}">\n${cases.join("\n")}\n</testsuite>\n</testsuites>\n`;
}
