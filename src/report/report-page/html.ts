import type { Report } from "../../model/results/examination.js";
import { escapeHtml, htmlPage } from "../shared/page.js";
import { PICTURE_SCRIPT } from "../schedule/script.js";
import { below } from "../schedule/html.js";
import { PICTURE_STYLE } from "../schedule/style.js";
import { mountReport } from "./client.js";
import { fillFinding } from "./finding-body-client.js";
import { findingCard } from "./finding-card-client.js";
import { mountPrograms } from "./programs-client.js";
import { reportPageData, type ReportPageData, type ReportPageOptions } from "./data.js";

/** The report as one page: findings with their pictures, what was explored and how completely, what could not be done. */
export function reportPage(report: Report, options: ReportPageOptions): string {
  const data = below(reportPageData(report, options), options.cwd);
  return htmlPage({
    title: `Unpark: ${headline(data)}`,
    style: PICTURE_STYLE + STYLE,
    body: bodyOf(data),
    data,
    script: `${PICTURE_SCRIPT}\nconst mountReport = ${mountReport.toString()};\nmountReport(JSON.parse(document.getElementById("data").textContent), { el, mount: mountPicture, fillFinding: ${fillFinding.toString()}, findingCard: ${findingCard.toString()}, mountPrograms: ${mountPrograms.toString()} });`,
  });
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

function headline({ findings, programs, failures }: ReportPageData): string {
  const found = findings.filter((finding) => finding.counts).length;
  const could = failures.length === 0 ? "" : `, ${plural(failures.length, "thing")} that could not be done`;
  return `${found === 0 ? "no findings" : plural(found, "finding")} in ${plural(programs.length, "program")}${could}`;
}

function bodyOf(data: ReportPageData): string {
  const complete = data.programs.filter((program) => program.complete).length;
  return `<header><h1>${escapeHtml(headline(data))}</h1><p class="quiet">${complete} of ${data.programs.length} explored completely</p></header>
<main>
<section aria-labelledby="h-failures"${data.failures.length === 0 ? " hidden" : ""}><h2 id="h-failures">Could not be done</h2><div id="failures"></div></section>
<section aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>
<div class="bar"><input id="search" class="search" type="search" placeholder="Search findings: verdict, cause, function, file" aria-label="Search findings"><span id="status" role="status"></span></div>
<div id="findings"></div>
<details id="notes-box"><summary id="notes-count"></summary><div id="notes"></div></details></section>
<section aria-labelledby="h-programs"><h2 id="h-programs">What was explored</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Table of programs"><table><thead><tr><th scope="col">program</th><th scope="col">outcome</th><th scope="col">explored</th><th scope="col">how completely</th></tr></thead><tbody id="programs"></tbody></table></div>
<button id="more-programs" type="button" class="more"></button></section>
</main>`;
}

const STYLE = `
.finding { border: 1px solid var(--line); border-left: 4px solid var(--amber); border-radius: 6px; margin: 6px 0; padding: 6px 10px; } .finding.counts { border-left-color: var(--red); }
.finding summary { cursor: pointer; overflow-wrap: anywhere; } .finding summary > * { margin-right: 10px; } .title { font-weight: 600; } .body { margin-top: 8px; }
.failure { border-left: 4px solid var(--red); padding: 4px 10px; } .failure pre { white-space: pre-wrap; overflow-wrap: anywhere; } .body > pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.more { margin: 6px 0; } .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--quiet); font-weight: 500; } td, th { padding: 3px 12px 3px 0; vertical-align: top; border-bottom: 1px solid var(--line); }
.bars { width: 160px; min-width: 90px; } .explored { display: block; height: 10px; margin-top: 6px; border-radius: 5px; background: var(--amber); } .explored.complete { background: var(--lane2); }
.steps-text { max-height: 40vh; overflow: auto; }
`;
