import type { PageData } from "./data.js";

/**
 * Runs in the browser: the page embeds this function's text, so it refers to nothing outside itself. Rows are made only
 * for what is seen (100 at a time, more when the end is scrolled to), so that 100,000 groups stay quick.
 */
export function client(data: PageData): void {
  const STEP = 100;
  const root = document.getElementById("groups")!;
  const search = document.getElementById("search") as HTMLInputElement;
  const status = document.getElementById("status")!;
  const states = document.getElementById("states")!;
  const hideStd = document.getElementById("hide-std") as HTMLInputElement;
  const off = new Set<string>();
  const open = new Set<number>();
  let key = data.byLabel;
  let picked: string | undefined;
  let shown: number[] = [];
  let drawn = 0;

  const element = (tag: string, kind: string, text?: string): HTMLElement => {
    const node = document.createElement(tag);
    if (kind !== "") node.className = kind;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  const short = (name: string): string => name.slice(name.lastIndexOf("/", name.indexOf("[") < 0 ? name.length : name.indexOf("[")) + 1);
  const minutes = (m: number): string => (m < 120 ? `${m}m` : m < 2880 ? `${Math.floor(m / 60)}h` : `${Math.floor(m / 1440)}d`);
  // One text for each group to search in, made once.
  const texts = data.groups.map((g) =>
    [...g.stack, ...g.by].map((f) => `${data.frames[f]![0]} ${data.frames[f]![1]}:${data.frames[f]![2]}`).concat(g.state, g.labels.map(([key, value]) => `${key}=${value}`).join(" "), g.ids.slice(0, 50).map((id) => `#${id}`).join(" ")).join(" ").toLowerCase(),
  );
  const top = (group: number): number => {
    const { stack } = data.groups[group]!;
    return stack.find((f) => data.frames[f]![3] === 0) ?? stack.find((f) => data.frames[f]![3] === 1) ?? stack[0] ?? -1;
  };

  const frameRow = (f: number, kind: string): HTMLElement => {
    const [fn, file, line, whose] = data.frames[f]!;
    const row = element("div", `frame o${whose} ${kind}`);
    row.append(element("span", "fn", short(fn)), element("span", "file", file === "" ? "" : `${file}:${line}`));
    row.title = fn;
    return row;
  };

  const details = (index: number): HTMLElement => {
    const group = data.groups[index]!;
    const box = element("div", "details");
    if (group.source !== "") box.append(element("code", "source", group.source));
    let hidden = 0;
    for (const f of group.stack) {
      if (hideStd.checked && data.frames[f]![3] === 2) hidden++;
      else box.append(frameRow(f, ""));
    }
    if (hidden > 0) box.append(element("div", "quiet", `${hidden} frames of Go itself hidden`));
    for (const f of group.by) {
      const row = frameRow(f, "by");
      row.prepend(element("span", "quiet", "started by "));
      box.append(row);
    }
    if (group.labels.length > 0) box.append(element("div", "quiet", `labels: ${group.labels.slice(0, 30).map(([key, value, count]) => `${key}=${value}${count < group.count ? ` (${number(count)})` : ""}`).join(", ")}${group.labels.length > 30 ? " …" : ""}`));
    if (group.ids.length > 0) box.append(element("div", "quiet ids", `goroutines ${group.ids.join(", ")}${group.count > group.ids.length ? ` and ${number(group.count - group.ids.length)} more` : ""}`));
    return box;
  };

  /** How many of a group's goroutines are looked at: all, or those with the label that was chosen. */
  const countOf = (index: number): number => {
    const group = data.groups[index]!;
    return picked === undefined ? group.count : (group.labels.find(([k, v]) => k === key && v === picked)?.[2] ?? 0);
  };

  const row = (index: number): HTMLElement => {
    const group = data.groups[index]!;
    const item = element("div", "group");
    item.dataset["group"] = String(index);
    const head = element("button", "head");
    head.setAttribute("aria-expanded", String(open.has(index)));
    const f = top(index);
    const frame = data.frames[f];
    const bar = element("span", "bar");
    bar.style.width = `${Math.max(0.5, (100 * countOf(index)) / data.total)}%`;
    head.append(
      bar, element("span", "count", number(countOf(index))), element("span", "age", group.max > 0 ? (group.min === group.max || group.min === 0 ? minutes(group.max) : `${minutes(group.min)}-${minutes(group.max)}`) : ""),
      element("span", "state", group.state), element("span", "fn", frame ? short(frame[0]) : "(no stack)"), element("span", "file", frame && frame[1] !== "" ? `${frame[1].split("/").slice(-2).join("/")}:${frame[2]}` : ""),
    );
    head.onclick = () => {
      if (open.has(index)) open.delete(index);
      else open.add(index);
      item.replaceWith(row(index));
    };
    item.append(head);
    if (open.has(index)) item.append(details(index));
    return item;
  };

  const more = (): void => {
    const end = Math.min(shown.length, drawn + STEP);
    const batch = document.createDocumentFragment();
    for (; drawn < end; drawn++) batch.append(row(shown[drawn]!));
    root.append(batch);
  };

  const draw = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    shown = [];
    let count = 0;
    data.groups.forEach((group, i) => {
      if (off.has(group.state) || countOf(i) === 0 || !words.every((word) => (word.startsWith("-") && word.length > 1 ? !texts[i]!.includes(word.slice(1)) : texts[i]!.includes(word)))) return;
      shown.push(i);
      count += countOf(i);
    });
    if (picked !== undefined) shown.sort((a, b) => countOf(b) - countOf(a));
    root.replaceChildren();
    drawn = 0;
    more();
    status.textContent = `${number(count)} goroutines in ${number(shown.length)} groups`;
  };

  const byState = new Map<string, number>();
  for (const group of data.groups) byState.set(group.state, (byState.get(group.state) ?? 0) + group.count);
  for (const [state, count] of [...byState].sort((a, b) => b[1] - a[1])) {
    const chip = element("button", "chip on", `${state} ${number(count)}`);
    chip.setAttribute("aria-pressed", "true");
    chip.onclick = () => {
      if (off.has(state)) off.delete(state);
      else off.add(state);
      chip.className = off.has(state) ? "chip" : "chip on";
      chip.setAttribute("aria-pressed", String(!off.has(state)));
      draw();
    };
    states.append(chip);
  }

  // The values of one label, the largest first; one of them can be chosen.
  const labels = document.getElementById("labels")!;
  const keys = document.getElementById("label-key") as HTMLSelectElement;
  const values = (): void => {
    for (const chip of [...labels.querySelectorAll("button")]) chip.remove();
    const counts = new Map<string, number>();
    for (const group of data.groups) for (const [k, v, count] of group.labels) if (k === key) counts.set(v, (counts.get(v) ?? 0) + count);
    const all = [...counts].sort((a, b) => b[1] - a[1]);
    for (const [value, count] of all.slice(0, 40)) {
      const chip = element("button", picked === undefined || picked === value ? "chip on" : "chip", `${value} ${number(count)}`);
      chip.setAttribute("aria-pressed", String(picked === value));
      chip.onclick = () => {
        picked = picked === value ? undefined : value;
        values();
        draw();
      };
      labels.append(chip);
    }
  };
  const known = [...new Set(data.groups.flatMap((group) => group.labels.map(([k]) => k)))].sort();
  labels.hidden = known.length === 0;
  if (!known.includes(key)) key = known[0] ?? "";
  for (const name of known) keys.append(new Option(name, name, name === key, name === key));
  keys.onchange = () => {
    key = keys.value;
    picked = undefined;
    values();
    draw();
  };
  values();

  const suspects = document.getElementById("suspects")!;
  const card = (suspect: PageData["suspects"][number]): HTMLElement => {
    const card = element("button", `suspect ${suspect.confidence}`);
    const [fn, file, line] = data.frames[suspect.frame]!;
    card.append(element("span", "fn", `${number(suspect.count)} × ${short(fn)}`), element("span", "file", file === "" ? "" : `${file.split("/").slice(-2).join("/")}:${line}`), element("div", "words", suspect.words));
    for (const fact of suspect.evidence) card.append(element("div", "fact", fact));
    card.append(element("div", "quiet", `${suspect.cause}, confidence ${suspect.confidence}`));
    card.onclick = () => {
      open.add(suspect.group);
      search.value = fn;
      draw();
      root.scrollIntoView({ behavior: "smooth" });
    };
    return card;
  };
  // The surest first; however many there are, the groups below stay within reach.
  const rest = element("button", "rest");
  let carded = 0;
  const cards = (many: number): void => {
    const end = Math.min(data.suspects.length, carded + many);
    for (; carded < end; carded++) suspects.insertBefore(card(data.suspects[carded]!), rest);
    rest.textContent = `${number(data.suspects.length - carded)} more suspects`;
    rest.hidden = carded === data.suspects.length;
  };
  suspects.append(rest);
  rest.onclick = () => cards(30);
  cards(6);
  if (data.suspects.length === 0) suspects.append(element("p", "none", "No suspects."));

  let timer = 0;
  search.oninput = () => {
    clearTimeout(timer);
    timer = window.setTimeout(draw, 120);
  };
  hideStd.onchange = draw;
  document.getElementById("fold")!.onclick = () => {
    open.clear();
    draw();
  };
  document.getElementById("unfold")!.onclick = () => {
    for (const i of shown.slice(0, drawn)) open.add(i);
    draw();
  };
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) more();
  }, { rootMargin: "600px" }).observe(document.getElementById("end")!);
  draw();
}
