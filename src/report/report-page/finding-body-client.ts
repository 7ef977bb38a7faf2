import type { DrawnRun } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { PageFinding } from "./data.js";

/** What it is written with; `mount` draws a schedule. */
export interface FindingTools {
  readonly el: typeof pageElement;
  readonly mount: (root: HTMLElement, run: DrawnRun) => void;
}

/** Writes into an open card what is known of its finding, in the browser. The page embeds this function's text, so it refers to nothing outside itself. */
export function fillFinding(body: HTMLElement, finding: PageFinding, { el, mount }: FindingTools): void {
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
}
