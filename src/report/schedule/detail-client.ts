import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { pageElement } from "../shared/page-element.js";
import type { LanePosition } from "./lane-position.js";
import type { PictureRow } from "./picture-rows.js";
import type { PictureWords } from "./picture-words.js";
import type { stepWords as wordsOfStep } from "./step-words.js";

/** What the page gives it. */
export interface DetailTools {
  readonly el: typeof pageElement;
  readonly stepWords: typeof wordsOfStep;
}

/** The row under the cursor. */
interface RowInDetail {
  readonly row: PictureRow;
  readonly words: { readonly who: string; readonly text: string };
  /** The step that it stands for: of a fold its last one, of an end the run's. */
  readonly step: number;
  /** The goroutine whose source is shown instead of the step's; -1: none. */
  readonly sourceLane: number;
  readonly positionOf: (lane: number, step: number) => LanePosition;
  /** Shows the source of a goroutine, or of the step again. */
  readonly choose: (lane: number) => void;
}

/**
 * The row under the cursor in full: its words, its source, its stack, and where all goroutines are. The page embeds this
 * function's text, so it refers to nothing outside itself.
 */
export function showDetail(detail: HTMLElement, picture: SchedulePicture, { row, words: { who, text }, step, sourceLane, positionOf, choose }: RowInDetail, { baseName, shortName, laneName, shownName, hue }: PictureWords, { el, stepWords }: DetailTools): void {
  /** The source around a line, that line marked. */
  const sourceView = (file: string, line: number): HTMLElement => {
    const box = el("div", "source");
    box.append(el("div", "file", `${file}:${line}`));
    const lines = picture.sources[file];
    if (lines === undefined) {
      box.append(el("p", "quiet", "The source is not at hand."));
      return box;
    }
    const pre = el("pre", "");
    for (let n = Math.max(1, line - 9); n <= Math.min(lines.length, line + 9); n++) {
      const one = el("div", n === line ? "line here" : "line");
      one.append(el("span", "n", String(n)), el("span", "", lines[n - 1]!.replace(/\t/g, "    ")));
      pre.append(one);
    }
    box.append(pre);
    return box;
  };

  /** What the functions there were called with, where that is known, and the whole stack, folded. */
  const showCalls = (lane: number, frames: readonly number[], calledWith: readonly number[] = []): void => {
    frames.forEach((id, index) => {
      const values = picture.values?.[calledWith[index] ?? -1];
      if (values !== undefined) detail.append(el("div", "values", `${shortName(picture.frames[id]![0])}: ${values}`));
    });
    if (frames.length < 2) return;
    const stack = el("details", "stack");
    stack.append(el("summary", "", `stack of ${laneName(lane)}`));
    for (const id of frames) {
      const [fn, file, line] = picture.frames[id]!;
      stack.append(el("div", "frame", `${shortName(fn)}  ${baseName(file)}:${line}`));
    }
    detail.append(stack);
  };

  const laneButton = (lane: number): HTMLElement => {
    const { end, name } = picture.lanes[lane]!;
    const { text: doing, frame: place, holds } = positionOf(lane, step);
    const button = el("button", `at ${end}${sourceLane === lane ? " on" : ""}`);
    button.type = "button";
    const label = el("span", "who", shownName(name));
    label.style.color = hue(lane);
    button.append(label, el("span", "text", doing));
    if (holds.length > 0) button.append(el("span", "holds", `holds ${holds.join(", ")}`));
    button.append(el("span", "where", place === undefined ? "" : `${baseName(place[1])}:${place[2]}`));
    button.onclick = () => choose(sourceLane === lane ? -1 : lane);
    return button;
  };

  const at = picture.steps[step];
  const end = row.kind === "end" ? picture.lanes[row.lane] : undefined;
  const ownFrame = row.kind === "end" ? picture.frames[end?.frame ?? -1] : at && stepWords(picture, step).frame;
  const frame = sourceLane >= 0 ? positionOf(sourceLane, step).frame : ownFrame;
  detail.replaceChildren(el("p", "now", row.kind === "step" ? `Step ${step + 1}${who === "" ? "" : `: ${who}`} ${text}` : `${who} ${text}`));
  if (frame !== undefined) detail.append(sourceView(frame[1], frame[2]));
  if (row.kind === "end") showCalls(row.lane, end?.stack ?? [], end?.calledWith);
  else if (at !== undefined && row.kind === "step") showCalls(at.lane, at.stack, at.calledWith);
  const all = el("div", "where-all");
  all.append(el("p", "now", `All goroutines after step ${step + 1}`));
  picture.lanes.forEach((lane, index) => {
    if (lane.from <= step && index <= 200) all.append(laneButton(index));
  });
  detail.append(all);
}
