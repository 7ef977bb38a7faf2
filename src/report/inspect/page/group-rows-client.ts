import type { pageElement } from "../../shared/page-element.js";
import type { PageData } from "./data.js";
import type { pageWords } from "./page-words.js";

/** What the groups' elements are made with; `countOf`: how many of a group's goroutines are looked at. */
export interface GroupView {
  readonly open: Set<number>;
  countOf(index: number): number;
  hidesStd(): boolean;
}

/** The element of a group, which opens and closes, in the browser. The page embeds this function's text, so it refers to nothing outside itself. */
export function groupElements(data: PageData, view: GroupView, el: typeof pageElement, { number, short, minutes, place }: ReturnType<typeof pageWords>): (index: number) => HTMLElement {
  const top = (group: number): number => {
    const { stack } = data.groups[group]!;
    return stack.find((f) => data.frames[f]![3] === 0) ?? stack.find((f) => data.frames[f]![3] === 1) ?? stack[0] ?? -1;
  };

  const frameRow = (f: number, kind: string): HTMLElement => {
    const [fn, file, line, whose] = data.frames[f]!;
    const row = el("div", `frame o${whose} ${kind}`);
    row.append(el("span", "fn", short(fn)), el("span", "file", file === "" ? "" : `${file}:${line}`));
    row.title = fn;
    return row;
  };

  const details = (index: number): HTMLElement => {
    const group = data.groups[index]!;
    const box = el("div", "details");
    if (group.source !== "") box.append(el("code", "source", group.source));
    let hidden = 0;
    for (const f of group.stack) {
      if (view.hidesStd() && data.frames[f]![3] === 2) hidden++;
      else box.append(frameRow(f, ""));
    }
    if (hidden > 0) box.append(el("div", "quiet", `${hidden} frames of Go itself hidden`));
    for (const f of group.by) {
      const row = frameRow(f, "by");
      row.prepend(el("span", "quiet", "started by "));
      box.append(row);
    }
    if (group.labels.length > 0) box.append(el("div", "quiet", `labels: ${group.labels.slice(0, 30).map(([key, value, count]) => `${key}=${value}${count < group.count ? ` (${number(count)})` : ""}`).join(", ")}${group.labels.length > 30 ? " …" : ""}`));
    if (group.ids.length > 0) box.append(el("div", "quiet ids", `goroutines ${group.ids.join(", ")}${group.count > group.ids.length ? ` and ${number(group.count - group.ids.length)} more` : ""}`));
    return box;
  };

  const age = ({ min, max }: PageData["groups"][number]): string => (max <= 0 ? "" : min === max || min === 0 ? minutes(max) : `${minutes(min)}-${minutes(max)}`);

  return function row(index: number): HTMLElement {
    const group = data.groups[index]!;
    const item = el("div", "group");
    item.dataset["group"] = String(index);
    const head = el("button", "head");
    head.setAttribute("aria-expanded", String(view.open.has(index)));
    const frame = data.frames[top(index)];
    const bar = el("span", "bar");
    bar.style.width = `${Math.max(0.5, (100 * view.countOf(index)) / data.total)}%`;
    head.append(bar, el("span", "count", number(view.countOf(index))), el("span", "age", age(group)), el("span", "state", group.state), el("span", "fn", frame ? short(frame[0]) : "(no stack)"), el("span", "file", frame ? place(frame[1], frame[2]) : ""));
    head.onclick = () => {
      if (view.open.has(index)) view.open.delete(index);
      else view.open.add(index);
      item.replaceWith(row(index));
    };
    item.append(head);
    if (view.open.has(index)) item.append(details(index));
    return item;
  };
}
