import type { pageElement } from "../shared/page-element.js";
import type { ReportPageData } from "./data.js";

/** The programs, with a bar each, in the browser. The page embeds this function's text, so it refers to nothing outside itself. */
export function mountPrograms(data: ReportPageData, el: typeof pageElement): void {
  const programs = document.getElementById("programs")!;
  const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const most = Math.max(1, ...data.programs.map(({ schedules }) => schedules));
  const row = (program: ReportPageData["programs"][number]): HTMLElement => {
    const line = el("tr");
    const name = el("td", "", program.name === program.package ? program.package : program.name);
    name.title = program.package;
    const bar = el("td", "bars");
    const full = el("span", program.complete ? "explored complete" : "explored");
    full.style.width = program.complete ? "100%" : `${Math.max(2, Math.round((60 * Math.log(1 + program.schedules)) / Math.log(1 + most)))}%`;
    bar.append(full);
    const findings = el("td", program.findings > 0 ? "verdict" : "quiet", program.findings > 0 ? plural(program.findings, "finding") : program.outcome);
    line.append(name, findings, bar, el("td", "quiet", `${plural(program.schedules, "schedule")}; ${program.words}${program.limits.length > 0 ? `. ${program.limits.join(" ")}` : ""}`));
    return line;
  };
  let rows = 0;
  const moreRows = document.getElementById("more-programs") as HTMLButtonElement;
  const nextRows = (): void => {
    const batch = document.createDocumentFragment();
    for (const end = Math.min(data.programs.length, rows + 200); rows < end; rows++) batch.append(row(data.programs[rows]!));
    programs.append(batch);
    moreRows.hidden = rows === data.programs.length;
    moreRows.textContent = `${data.programs.length - rows} more`;
  };
  moreRows.onclick = nextRows;
  nextRows();
}
