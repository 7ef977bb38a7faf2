import type { pageElement } from "../../shared/page-element.js";
import type { PageData } from "./data.js";
import type { pageWords } from "./page-words.js";

/**
 * The suspects as cards, in the browser: the surest first; however many there are, the groups below stay within reach. The page embeds
 * this function's text, so it refers to nothing outside itself. `choose`: its group is to be shown, and its function looked for.
 */
export function mountSuspects(data: PageData, choose: (group: number, fn: string) => void, el: typeof pageElement, { number, short, place }: ReturnType<typeof pageWords>): void {
  const suspects = document.getElementById("suspects")!;
  const card = (suspect: PageData["suspects"][number]): HTMLElement => {
    const box = el("button", `suspect ${suspect.confidence}`);
    const [fn, file, line] = data.frames[suspect.frame]!;
    box.append(el("span", "fn", `${number(suspect.count)} × ${short(fn)}`), el("span", "file", place(file, line)), el("div", "words", suspect.words));
    for (const fact of suspect.evidence) box.append(el("div", "fact", fact));
    box.append(el("div", "quiet", `${suspect.cause}, confidence ${suspect.confidence}`));
    box.onclick = () => choose(suspect.group, fn);
    return box;
  };
  const rest = el("button", "rest");
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
  if (data.suspects.length === 0) suspects.append(el("p", "none", "No suspects."));
}
