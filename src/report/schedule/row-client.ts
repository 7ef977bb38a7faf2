import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { PictureRow } from "./picture-rows.js";
import type { RowWords } from "./row-words.js";

/** How a row stands in its list. */
interface RowPlace {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly isCurrent: boolean;
  /** Here the other schedule parts from this one. */
  readonly parts: boolean;
}

/** One row of the list of steps. The page embeds this function's text, so it refers to nothing outside itself. */
export function drawRow(picture: SchedulePicture, row: PictureRow, { who, text, where, code }: RowWords, { id, index, count, isCurrent, parts }: RowPlace, hue: (lane: number) => string, el: typeof pageElement): HTMLElement {
  const lane = row.kind === "step" ? picture.steps[row.step]!.lane : undefined;
  const node = el("div", `row ${row.kind}${lane !== undefined && lane < 0 ? " clock" : ""}${isCurrent ? " current" : ""}${parts ? " parts" : ""}`);
  node.id = id;
  node.setAttribute("role", "option");
  node.setAttribute("aria-selected", String(isCurrent));
  node.setAttribute("aria-posinset", String(index + 1));
  node.setAttribute("aria-setsize", String(count));
  // What is only heard stands in the row itself: `step 7: goroutine 1.1 sends on … at main.go:5`.
  const heard = (words: string): HTMLElement => el("span", "heard", words);
  const number = el("span", "number", row.kind === "step" ? String(row.step + 1) : "");
  if (row.kind === "step") {
    number.prepend(heard("step "));
    number.append(heard(": "));
  }
  const name = el("span", "who", who);
  if (who !== "") name.prepend(heard("goroutine "));
  if (lane !== undefined && lane >= 0) name.style.color = hue(lane);
  const place = el("span", "where", where);
  if (where !== "") place.prepend(heard(" at "));
  node.append(number, name, el("span", "text", text), place, el("code", "code", code));
  return node;
}
