import type { DrawnRun } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { PageFinding, ReportPageData } from "./data.js";
import type { fillFinding as fillClient } from "./finding-body-client.js";
import type { findingCard as cardClient } from "./finding-card-client.js";
import type { mountPrograms as programsClient } from "./programs-client.js";

/** The other functions of the page, which html.ts puts beside this one; `mount` draws a schedule. */
interface ReportParts {
  readonly el: typeof pageElement;
  readonly fillFinding: typeof fillClient;
  readonly findingCard: typeof cardClient;
  readonly mountPrograms: typeof programsClient;
  readonly mount: (root: HTMLElement, run: DrawnRun) => void;
}

/**
 * Runs in the browser: findings as cards that open, programs with a bar each. The page embeds this function's text, so it
 * refers to nothing outside itself. Cards are made 50 at a time, so that 5,000 stay quick.
 */
export function mountReport(data: ReportPageData, { el, fillFinding, findingCard, mountPrograms, mount }: ReportParts): void {
  const STEP = 50;
  const list = document.getElementById("findings")!;
  const notes = document.getElementById("notes")!;
  const search = document.getElementById("search") as HTMLInputElement;
  const status = document.getElementById("status")!;
  const textOf = (finding: PageFinding): string => `${finding.verdict} ${finding.cause} ${finding.title} ${finding.place} ${finding.program} ${finding.message} ${finding.why.join(" ")}`.toLowerCase();
  const texts = new Map(data.findings.map((finding) => [finding, textOf(finding)]));

  const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

  const more = (into: HTMLElement, of: readonly PageFinding[]): void => {
    let shown = 0;
    const button = el("button", "more");
    button.type = "button";
    const next = (): void => {
      const batch = document.createDocumentFragment();
      for (const end = Math.min(of.length, shown + STEP); shown < end; shown++) batch.append(findingCard(of[shown]!, { el, mount }, fillFinding));
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

  mountPrograms(data, el);
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
