import type { pageChart } from "./page-chart.js";

/** What the views of the page are made of. All that comes from services is text, never markup. The page embeds this function's text, so it refers to nothing outside itself. */
export function pageElements(chart: typeof pageChart) {
  const element = (tag: string, kind = "", text?: string, ...children: readonly Node[]): HTMLElement => {
    const node = document.createElement(tag);
    if (kind !== "") node.className = kind;
    if (text !== undefined) node.textContent = text;
    node.append(...children);
    return node;
  };
  const link = (text: string, ...path: readonly string[]): HTMLElement => {
    const node = element("a", "", text) as HTMLAnchorElement;
    node.href = `#/${path.map(encodeURIComponent).join("/")}`;
    return node;
  };
  const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const rate = (n: number): string => (n === 0 ? "" : `+${n >= 10 ? Math.round(n) : n.toFixed(1)} a minute`);
  const clock = (at: number): string => new Date(at).toLocaleString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", day: "2-digit", month: "short" });

  const spark = (counts: readonly number[]): SVGElement => chart(counts.map((count, i) => [i, count] as const), "spark", "");

  const table = (caption: string, heads: readonly (readonly [string, string])[], rows: readonly HTMLElement[]): HTMLElement => {
    const head = element("tr", "", undefined, ...heads.map(([text, kind]) => {
      const cell = element("th", kind, text);
      cell.setAttribute("scope", "col");
      return cell;
    }));
    const whole = element("table", "", undefined, element("caption", "heard", caption), element("thead", "", undefined, head), element("tbody", "", undefined, ...rows));
    const box = element("div", "scroll", undefined, whole);
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", caption);
    return box;
  };
  const cell = (kind: string, ...children: readonly (Node | string)[]): HTMLElement => {
    const node = element("td", kind);
    node.append(...children);
    return node;
  };
  return { element, link, number, rate, clock, chart, spark, table, cell };
}

export type PageElements = ReturnType<typeof pageElements>;
