import type { PageFinding } from "./data.js";
import type { fillFinding as fillClient, FindingTools } from "./finding-body-client.js";

/**
 * A finding as a card that opens, in the browser. The page embeds this function's text, so it refers to nothing outside itself.
 */
export function findingCard(finding: PageFinding, tools: FindingTools, fillFinding: typeof fillClient): HTMLElement {
  const { el } = tools;
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
    fillFinding(body, finding, tools);
    history.replaceState(undefined, "", `#${finding.id}`);
  };
  return box;
}
