import type { DrawnRun, SchedulePicture } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { alignedPieces as piecesOf } from "./aligned-pieces.js";
import type { alignSteps as align, AlignmentTools } from "./alignment.js";

/** What the page gives it. */
export interface BesideTools extends AlignmentTools {
  readonly el: typeof pageElement;
  readonly alignedPieces: typeof piecesOf;
  readonly alignSteps: typeof align;
}

/**
 * Draws two schedules side by side, aligned, in the browser: what is the same in both is folded, the first difference is marked. The page
 * embeds this function's text, so it refers to nothing outside itself.
 *
 * @param go moves the cursor of the picture above to a step of its schedule (from 0)
 */
export function mountBeside(root: HTMLElement, picture: SchedulePicture, beside: NonNullable<DrawnRun["beside"]>, { el, alignedPieces, alignSteps, commonSteps, stepWords }: BesideTools, go: (step: number) => void): void {
  const BATCH = 400;
  /** Steps around a difference. */
  const AROUND = 2;
  const rows = alignSteps(picture, beside.picture, beside.partsAt, { commonSteps, stepWords });
  const cell = (of: SchedulePicture, step: number | undefined, own: boolean): HTMLElement => {
    const node = el("td", step === undefined ? "none" : "");
    if (step === undefined) {
      node.append(el("span", "heard", "nothing"));
      return node;
    }
    const { lane } = of.steps[step]!;
    const { who, text, where } = stepWords(of, step);
    const number = own ? el("button", "step", String(step + 1)) : el("span", "step", String(step + 1));
    if (own) {
      (number as HTMLButtonElement).type = "button";
      number.setAttribute("aria-label", `to step ${step + 1} in the picture`);
      number.onclick = () => go(step);
    }
    const name = el("span", "who", who);
    const colour = lane < 0 ? -1 : picture.lanes.findIndex(({ name }) => name === of.lanes[lane]!.name);
    if (colour >= 0) name.style.color = `var(--lane${colour % 8})`;
    node.append(number, " ", name, ` ${text} `, el("span", "where", where));
    return node;
  };
  const isCommon = (index: number): boolean => rows[index]?.here !== undefined && rows[index].there !== undefined && index !== beside.partsAt - 1;

  const table = el("table", "aligned");
  table.append(el("caption", "heard", "The two schedules side by side, the same steps in the same row"));
  const head = el("tr");
  for (const words of ["this schedule", "the other"]) {
    const title = el("th", "", words);
    title.scope = "col";
    head.append(title);
  }
  const top = el("thead");
  top.append(head);
  const body = el("tbody");
  table.append(top, body);

  const stepRow = (index: number): HTMLElement => {
    const node = el("tr", index === beside.partsAt - 1 ? "parts" : isCommon(index) ? "common" : "");
    const { here, there } = rows[index]!;
    node.append(cell(picture, here, true), cell(beside.picture, there, false));
    if (index === beside.partsAt - 1) node.firstElementChild!.prepend(el("span", "mark", "first difference "));
    return node;
  };
  const foldRow = (from: number, to: number): HTMLElement => {
    const node = el("tr", "fold");
    const wide = el("td");
    wide.colSpan = 2;
    const button = el("button", "", `${to - from} steps, the same in both`);
    button.type = "button";
    button.onclick = () => node.replaceWith(...Array.from({ length: to - from }, (_, k) => stepRow(from + k)));
    wide.append(button);
    node.append(wide);
    return node;
  };
  const pieces = alignedPieces(rows.length, isCommon, AROUND);
  let drawn = 0;
  const more = el("button", "more");
  more.type = "button";
  const drawMore = (): void => {
    const until = Math.min(pieces.length, drawn + BATCH);
    for (; drawn < until; drawn++) {
      const [from, to] = pieces[drawn]!;
      body.append(to - from > 1 ? foldRow(from, to) : stepRow(from));
    }
    more.textContent = `${pieces.length - drawn} more rows`;
    more.hidden = drawn >= pieces.length;
    if (!more.hidden) return;
    // In the other schedule they all end: without that there is none beside this one (pipeline/examine/drawn-run.ts).
    for (const { name, reason = "" } of picture.lanes.filter(({ end }) => end === "subject")) {
      const who = name === "1" ? "main" : name;
      const end = el("tr", "end");
      end.append(el("td", "", `${who} ${reason}`), el("td", "", `${who} ends`));
      body.append(end);
    }
  };
  more.onclick = drawMore;
  drawMore();
  root.append(table, more);
}
