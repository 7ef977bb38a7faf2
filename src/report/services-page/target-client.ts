import type { ServiceDetail } from "./data.js";
import type { ServiceTools } from "./service-parts.js";

/** One service: its count over time, its suspects and its groups. The page embeds this function's text, so it refers to nothing outside itself. */
export async function targetView(name: string, { ask, element, cell, chart, link, number, rate, spark, suspect, table, tabs }: ServiceTools): Promise<readonly Node[]> {
  const { target, rows, moreRows, suspects } = await ask<ServiceDetail>("target", { target: name });
  const body = rows.map((row) =>
    element("tr", "", undefined, cell("n", number(row.count)), cell("wide", spark(row.counts)), cell(row.perMinute > 0 ? "grows" : "", rate(row.perMinute)), cell("", row.state), cell("mono", link(row.function, "t", name, "g", row.id)), cell("mono wide", row.place), cell("", row.label)));
  return [
    element("h2", "", name), tabs(name, "groups"),
    element("p", target.state === "down" ? "down" : "", target.state === "down" ? `down: ${target.error}` : `${number(target.total)} goroutines`),
    chart(target.totals.map((count, i) => [i, count] as const), "chart", `all goroutines over the last looks, now ${target.total}, at most ${Math.max(0, ...target.totals)}`),
    element("h2", "", suspects.length === 0 ? "No suspects" : "Suspects"), ...suspects.map((one) => suspect(one, name, true)),
    element("h2", "", "Groups"), table("Groups, growing ones first", [["count", "n"], ["over time", "wide"], ["growth", ""], ["state", ""], ["function", ""], ["place", "wide"], ["label", ""]], body),
    ...(moreRows > 0 ? [element("p", "quiet", `and ${number(moreRows)} more groups`)] : []),
  ];
}
