import type { DrawnRun } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { PageFinding } from "./data.js";

/**
 * A finding as a card that opens, in the browser. The page embeds this function's text, so it refers to nothing outside itself; `mount`
 * draws a schedule.
 */
export function findingCard(finding: PageFinding, el: typeof pageElement, mount: (root: HTMLElement, run: DrawnRun) => void): HTMLElement {
  const fill = (body: HTMLElement): void => {
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

  const box = el("details", `finding ${finding.counts ? "counts" : "note"}`);
  box.id = finding.id;
  const head = el("summary");
  head.append(el("span", finding.counts ? "verdict" : "note", finding.verdict), el("span", "title", finding.title), el("code", "place", finding.place));
  head.append(el("span", "quiet", [finding.program, `${finding.goroutines} goroutine${finding.goroutines === 1 ? "" : "s"}`, finding.seen].filter((word) => word !== "").join(", ")));
  box.append(head);
  let filled = false;
  box.ontoggle = () => {
    if (filled || !box.open) return;
    filled = true;
    const body = el("div", "body");
    // In the page first: a picture measures what it is drawn into.
    box.append(body);
    fill(body);
    history.replaceState(undefined, "", `#${finding.id}`);
  };
  return box;
}
