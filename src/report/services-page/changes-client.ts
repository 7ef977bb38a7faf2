import type { ServiceChange } from "./data.js";
import type { ServiceTools } from "./service-parts.js";

/** What changed in one service between two moments. The page embeds this function's text, so it refers to nothing outside itself. */
export function changesView(name: string, { ask, element, cell, clock, link, number, table, tabs }: ServiceTools): readonly Node[] {
  const result = element("div");
  result.id = "changes";
  const field = (label: string, at: Date): HTMLInputElement => {
    const input = element("input") as HTMLInputElement;
    input.type = "datetime-local";
    input.step = "1";
    input.setAttribute("aria-label", label);
    set(input, at);
    return input;
  };
  const set = (input: HTMLInputElement, at: Date): void => void (input.value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19));
  const noon = new Date();
  noon.setHours(12, 0, 0, 0);
  if (noon.getTime() > Date.now()) noon.setDate(noon.getDate() - 1); // in the morning: yesterday's
  const from = field("from", new Date(Date.now() - 3_600_000));
  const to = field("to", new Date(Date.now() + 1000));
  /** `restart`: from the last look before it, which the answer tells. */
  const compare = async (since?: "restart"): Promise<void> => {
    const query = { target: name, from: since ?? String(new Date(from.value).getTime()), to: String(new Date(to.value).getTime()) };
    try {
      const { before, after, changes } = await ask<{ before: number; after: number; changes: readonly ServiceChange[] }>("diff", query);
      if (since !== undefined) set(from, new Date(before));
      const rows = changes.map((one) => element("tr", "", undefined, cell(`kind-${one.kind}`, one.kind), cell("n", `${number(one.before)} → ${number(one.after)}`), cell("n", `${one.after > one.before ? "+" : ""}${one.after - one.before}`), cell("", one.state), cell("mono", link(one.function, "t", name, "g", one.id)), cell("mono wide", one.place)));
      const nothing = changes.length === 0 ? [element("p", "", "Nothing is new, grown or gone.")] : [table("What changed, growth first", [["change", ""], ["count", "n"], ["by", "n"], ["state", ""], ["function", ""], ["place", "wide"]], rows)];
      result.replaceChildren(element("p", "quiet", `looks of ${clock(before)} and ${clock(after)}`), ...nothing);
    } catch (error) {
      result.replaceChildren(element("p", "down", error instanceof Error ? error.message : String(error)));
    }
  };
  const preset = (text: string, at: () => Date | "restart"): HTMLElement => {
    const button = element("button", "", text) as HTMLButtonElement;
    button.type = "button";
    button.onclick = () => {
      const since = at();
      if (since !== "restart") set(from, since);
      set(to, new Date(Date.now() + 1000));
      void (since === "restart" ? compare(since) : compare());
    };
    return button;
  };
  const go = element("button", "", "compare") as HTMLButtonElement;
  go.type = "button";
  go.onclick = () => void compare();
  const bar = element("div", "bar", undefined, element("span", "", "from"), from, element("span", "", "to"), to, go, preset("since an hour ago", () => new Date(Date.now() - 3_600_000)), preset("since noon", () => noon), preset("since the last restart", () => "restart"), preset("since the first look", () => new Date(0)));
  void compare();
  return [element("h2", "", name), tabs(name, "changes"), bar, result];
}
