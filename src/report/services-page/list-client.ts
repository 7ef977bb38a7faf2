import type { ServiceTarget } from "./data.js";
import type { ServiceTools } from "./service-parts.js";

/**
 * All services, those that grow first. The page embeds this function's text, so it refers to nothing outside itself.
 *
 * @returns draws the list of these, or changes what differs where it is drawn
 */
export function mountList(root: HTMLElement, { element, cell, link, number, rate, spark, table }: ServiceTools): (targets: readonly ServiceTarget[]) => void {
  const rows = new Map<string, HTMLElement>();
  let targets: readonly ServiceTarget[] = [];
  let filter = "";

  const targetRow = (one: ServiceTarget): HTMLElement => {
    const state = one.state === "down" ? element("span", "down", `down: ${one.error}`) : element("span", "quiet", one.state === "waiting" ? "asking" : "");
    const grows = one.growing > 0 ? element("span", "grows", `${rate(one.perMinute)}, ${one.growing === 1 ? "1 group" : `${one.growing} groups`}`) : state;
    const news = [cell("n", number(one.total)), cell("wide", spark(one.totals)), cell("", grows), cell("mono wide", one.where)];
    // The link stays the element that it was: it may have the focus, or be just pressed.
    let row = rows.get(one.name);
    if (!row) rows.set(one.name, (row = element("tr", "", undefined, cell("", link(one.name, "t", one.name)))));
    while (row.children.length > 1) row.lastChild!.remove();
    row.append(...news);
    return row;
  };

  const draw = (): void => {
    const shown = targets.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
    let body = document.getElementById("targets");
    if (!body) {
      const search = element("input", "search") as HTMLInputElement;
      search.type = "search";
      search.placeholder = "Filter by name";
      search.setAttribute("aria-label", "Filter services by name");
      search.value = filter;
      search.oninput = () => {
        filter = search.value;
        draw();
      };
      const count = element("span");
      count.id = "count";
      count.setAttribute("role", "status");
      body = element("div");
      body.id = "targets";
      root.replaceChildren(element("div", "bar", undefined, search, count), body);
    }
    const growing = shown.filter((one) => one.growing > 0).length;
    document.getElementById("count")!.textContent = `${shown.length} of ${targets.length} services, ${growing} ${growing === 1 ? "grows" : "grow"}`;
    const ordered = shown.map(targetRow);
    const old = body.querySelector("tbody");
    if (!old) return body.replaceChildren(table("Services, growing ones first", [["service", ""], ["goroutines", "n"], ["over time", "wide"], ["growth", ""], ["where", "wide"]], ordered));
    if (ordered.length === old.children.length && ordered.every((row, i) => row === old.children[i])) return;
    const focused = document.activeElement as HTMLElement | null;
    old.replaceChildren(...ordered);
    focused?.focus();
  };
  return (news) => {
    targets = news;
    draw();
  };
}
