import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { CodeLens } from "vscode-languageserver-protocol";
import type { Examination } from "../model/results/examination.js";
import { testWords } from "../report/exploration/text.js";
import { rangeOf } from "./line-finder.js";
import { pathOf, type Workspace } from "./workspace.js";

export const EXPLORE = "unpark.explore";
export const REPLAY = "unpark.replay";

/** What `go test` runs: `func TestX(t *testing.T)`, fuzz targets, examples. */
const TEST = /^func ((?:Test|Fuzz)(?:[^\p{Ll}(]\w*)?|Example\w*)\((?:\w+ \*\w*\.?(?:T|F))?\)/u;

/** Above each test: explore it. Above each finding's line: replay its schedule. */
export function lensesOf(workspace: Workspace, uri: string): readonly CodeLens[] {
  const file = pathOf(uri);
  const lines = workspace.linesOf(file) ?? [];
  const tests = file.endsWith("_test.go") ? lines.flatMap((text, i) => (TEST.test(text) ? [{ test: TEST.exec(text)![1]!, line: i + 1 }] : [])) : [];
  const findings = workspace.findings.flatMap(({ finding, number, report }) => {
    if (finding.blocked.file !== file || finding.schedule === undefined) return [];
    const line = workspace.lineNow(report, finding.blocked);
    return line === undefined ? [] : [{ line, finding, number, report }];
  });
  return [
    ...tests.map(({ test, line }) => ({ range: rangeOf(lines, line), command: { title: exploreTitle(lastOf(workspace, file, test)), command: EXPLORE, arguments: [uri, test] } })),
    ...findings.map(({ line, finding, number, report }) => ({ range: rangeOf(lines, line), command: { title: `replay: ${finding.verdict}${finding.test === undefined ? "" : ` in ${finding.test}`}`, command: REPLAY, arguments: [report.id, number] } })),
  ];
}

const exploreTitle = (last: Examination | undefined): string => (last === undefined ? "explore this test" : `explore this test (last: ${testWords(last)})`);

/** What the last run said of a test of this file's package. */
function lastOf({ reports }: Workspace, file: string, test: string): Examination | undefined {
  for (const { root, report } of reports) {
    const inside = relative(root, dirname(file)).split(sep).join("/");
    if (inside.startsWith("..")) continue;
    const path = [moduleOf(root), inside].filter((part) => part !== "").join("/");
    const found = report.examinations.find((one) => one.name === test && one.package === path && one.coverage.native !== true);
    if (found !== undefined) return found;
  }
  return undefined;
}

function moduleOf(root: string): string {
  try {
    return /^module\s+"?([^\s"]+)/m.exec(readFileSync(join(root, "go.mod"), "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}
