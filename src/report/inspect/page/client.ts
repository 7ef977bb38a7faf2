import type { pageElement } from "../../shared/page-element.js";
import type { ChosenGroups, mountChips as chipsClient } from "./chips-client.js";
import type { PageData } from "./data.js";
import type { groupElements as groupClient, GroupView } from "./group-rows-client.js";
import type { pageWords as wordsClient } from "./page-words.js";
import type { mountSuspects as suspectsClient } from "./suspects-client.js";

/** The other functions of the page, which html.ts puts beside this one. */
interface InspectionParts {
  readonly el: typeof pageElement;
  readonly groupElements: typeof groupClient;
  readonly mountChips: typeof chipsClient;
  readonly mountSuspects: typeof suspectsClient;
  readonly pageWords: typeof wordsClient;
}

/**
 * Runs in the browser: the page embeds this function's text, so it refers to nothing outside itself. Rows are made only
 * for what is seen (100 at a time, more when the end is scrolled to), so that 100,000 groups stay quick.
 */
export function mountInspection(data: PageData, { el, groupElements, mountChips, mountSuspects, pageWords }: InspectionParts): void {
  const STEP = 100;
  const root = document.getElementById("groups")!;
  const search = document.getElementById("search") as HTMLInputElement;
  const status = document.getElementById("status")!;
  const hideStd = document.getElementById("hide-std") as HTMLInputElement;
  const words = pageWords();
  const { number } = words;
  const chosen: ChosenGroups = { off: new Set(), key: data.byLabel, picked: undefined };
  const open = new Set<number>();
  let shown: number[] = [];
  let drawn = 0;
  // One text for each group to search in, made once.
  const texts = data.groups.map((g) =>
    [...g.stack, ...g.by].map((f) => `${data.frames[f]![0]} ${data.frames[f]![1]}:${data.frames[f]![2]}`).concat(g.state, g.labels.map(([key, value]) => `${key}=${value}`).join(" "), g.ids.slice(0, 50).map((id) => `#${id}`).join(" ")).join(" ").toLowerCase(),
  );
  const view: GroupView = {
    open,
    // All, or those with the label that was chosen.
    countOf: (index) => {
      const group = data.groups[index]!;
      return chosen.picked === undefined ? group.count : (group.labels.find(([k, v]) => k === chosen.key && v === chosen.picked)?.[2] ?? 0);
    },
    hidesStd: () => hideStd.checked,
  };
  const row = groupElements(data, view, el, words);

  const more = (): void => {
    const end = Math.min(shown.length, drawn + STEP);
    const batch = document.createDocumentFragment();
    for (; drawn < end; drawn++) batch.append(row(shown[drawn]!));
    root.append(batch);
  };

  const draw = (): void => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const fits = (text: string): boolean => wanted.every((word) => (word.startsWith("-") && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word)));
    shown = [...data.groups.keys()].filter((i) => !chosen.off.has(data.groups[i]!.state) && view.countOf(i) !== 0 && fits(texts[i]!));
    const count = shown.reduce((sum, i) => sum + view.countOf(i), 0);
    if (chosen.picked !== undefined) shown.sort((a, b) => view.countOf(b) - view.countOf(a));
    root.replaceChildren();
    drawn = 0;
    more();
    status.textContent = `${number(count)} goroutines in ${number(shown.length)} groups`;
  };

  mountChips(data, chosen, draw, el, words);
  mountSuspects(data, (group, fn) => {
    open.add(group);
    search.value = fn;
    draw();
    root.scrollIntoView({ behavior: "smooth" });
  }, el, words);

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
