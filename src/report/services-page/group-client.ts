import type { ServiceGroup } from "./data.js";
import type { ServiceTools } from "./service-parts.js";

/** One group of goroutines: how many there were, and where they wait. The page embeds this function's text, so it refers to nothing outside itself. */
export async function groupView(name: string, id: string, { ask, element, chart, clock, link, number, suspect, where }: ServiceTools): Promise<readonly Node[]> {
  const group = await ask<ServiceGroup>("group", { target: name, group: id });
  const most = Math.max(0, ...group.series.map(([, count]) => count));
  const [first] = group.series;
  const span = first ? `${clock(first[0])} to ${clock(group.series[group.series.length - 1]![0])}, at most ${number(most)}` : "no history yet";
  const list = (title: string, nodes: readonly Node[]): readonly Node[] => (nodes.length === 0 ? [] : [element("h2", "", title), ...nodes]);
  return [
    element("h2", "", `${number(group.count)} × ${group.function}`), element("p", "", undefined, link(`back to ${name}`, "t", name)),
    element("p", "", `${group.state}${group.waited === "" ? "" : `, for ${group.waited}`}`), where(group),
    chart(group.series, "chart", `how many there were, ${span}`), element("p", "quiet", span),
    ...list("Why it is a suspect", group.suspects.map((one) => suspect(one, name, false))),
    ...list("Stack", group.stack.map((frame) => where(frame))),
    ...list("Started by", group.startedBy.map((frame) => where(frame))),
    ...list("Labels", group.labels.map(({ label, count }) => element("div", "mono", `${label}  ${number(count)}`))),
  ];
}
