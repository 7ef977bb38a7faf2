import type { DrawnRun } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { PageFinding, ReportPageData } from "./data.js";

/**
 * Runs in the browser: findings as cards that open, programs with a bar each. The page embeds this function's text, so it
 * refers to nothing outside itself; `mount` draws a schedule. Cards are made 50 at a time, so that 5,000 stay quick.
 */
export function mountReport(data: ReportPageData, el: typeof pageElement, mount: (root: HTMLElement, run: DrawnRun) => void): void {
  const STEP = 50;
  const list = document.getElementById("findings")!;
  const notes = document.getElementById("notes")!;
  const programs = document.getElementById("programs")!;
  const search = document.getElementById("search") as HTMLInputElement;
  const status = document.getElementById("status")!;
  const textOf = (finding: PageFinding): string => `${finding.verdict} ${finding.cause} ${finding.title} ${finding.place} ${finding.program} ${finding.message} ${finding.why.join(" ")}`.toLowerCase();
  const texts = new Map(data.findings.map((finding) => [finding, textOf(finding)]));

  const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

  const fill = (body: HTMLElement, finding: PageFinding): void => {
    body.append(el("p", "quiet", `${finding.verdict}: ${finding.meaning}${finding.proved ? ". Proved: the runtime's leak collection cannot reach it" : ""}`));
    if (finding.createdBy !== "") body.append(el("p", "quiet", `started by ${finding.createdBy} at ${finding.createdAt}`));
    if (finding.message !== "") body.append(el("pre", "", finding.message));
    if (finding.why.length > 0) {
      const why = el("ul", "why");
      for (const sentence of finding.why) why.append(el("li", "", sentence));
      body.append(why);
    }
    if (finding.replay !== "") {
      const again = el("p", "commands quiet", "again: ");
      again.append(el("code", "", finding.replay));
      body.append(again);
    }
    if (finding.drawn !== undefined) {
      const root = el("div");
      root.id = `${finding.id}-picture`;
      body.append(root);
      mount(root, finding.drawn);
    } else if (finding.steps.length > 0) {
      const steps = el("ol", "steps-text");
      for (const step of finding.steps) steps.append(el("li", "", `${step.goroutine ?? ""} ${step.text}${step.file === undefined ? "" : ` (${step.file}:${step.line})`}`));
      body.append(steps);
    }
  };

  const card = (finding: PageFinding): HTMLElement => {
    const box = el("details", `finding ${finding.counts ? "counts" : "note"}`);
    box.id = finding.id;
    const head = el("summary");
    head.append(el("span", finding.counts ? "verdict" : "note", finding.verdict), el("span", "title", finding.title), el("code", "place", finding.place));
    head.append(el("span", "quiet", [finding.program, plural(finding.goroutines, "goroutine"), finding.seen].filter((word) => word !== "").join(", ")));
    box.append(head);
    let filled = false;
    box.ontoggle = () => {
      if (filled || !box.open) return;
      filled = true;
      const body = el("div", "body");
      // In the page first: a picture measures what it is drawn into.
      box.append(body);
      fill(body, finding);
      history.replaceState(undefined, "", `#${finding.id}`);
    };
    return box;
  };

  const more = (into: HTMLElement, of: readonly PageFinding[]): void => {
    let shown = 0;
    const button = el("button", "more");
    button.type = "button";
    const next = (): void => {
      const batch = document.createDocumentFragment();
      for (const end = Math.min(of.length, shown + STEP); shown < end; shown++) batch.append(card(of[shown]!));
      into.insertBefore(batch, button);
      button.textContent = `${of.length - shown} more`;
      button.hidden = shown === of.length;
    };
    button.onclick = next;
    into.replaceChildren(button);
    next();
  };

  const draw = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const shown = data.findings.filter((finding) => words.every((word) => texts.get(finding)!.includes(word)));
    const findings = shown.filter((finding) => finding.counts);
    const rest = shown.filter((finding) => !finding.counts);
    more(list, findings);
    more(notes, rest);
    document.getElementById("notes-count")!.textContent = plural(rest.length, "note");
    (document.getElementById("notes-box") as HTMLDetailsElement).hidden = rest.length === 0;
    status.textContent = `${plural(findings.length, "finding")}, ${plural(rest.length, "note")}`;
    if (findings.length === 0) list.prepend(el("p", "none", words.length === 0 ? "No findings." : "No finding fits."));
  };

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
  for (const failure of data.failures) {
    const box = el("div", "failure");
    box.append(el("p", "verdict", failure.where), el("pre", "", failure.message));
    document.getElementById("failures")!.append(box);
  }
  let timer = 0;
  search.oninput = () => {
    clearTimeout(timer);
    timer = window.setTimeout(draw, 80);
  };
  draw();
  const open = (): void => {
    const id = decodeURIComponent(location.hash.slice(1));
    const at = data.findings.findIndex((finding) => finding.id === id);
    if (at < 0) return;
    while (document.getElementById(id) === null) {
      const button = [...document.querySelectorAll<HTMLButtonElement>("button.more")].find((one) => !one.hidden);
      if (button === undefined) return;
      button.click();
    }
    const box = document.getElementById(id) as HTMLDetailsElement;
    for (let outer = box.parentElement?.closest("details"); outer; outer = outer.parentElement?.closest("details") ?? null) outer.open = true;
    box.open = true;
    box.scrollIntoView();
  };
  window.addEventListener("hashchange", open);
  if (location.hash !== "") open();
  else if (data.findings.filter((finding) => finding.counts).length === 1) (list.querySelector("details") as HTMLDetailsElement).open = true;
}
