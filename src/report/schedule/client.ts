import type { DrawnRun } from "../../model/run/schedule-picture.js";
import type { mountControls as controlsClient } from "./controls-client.js";
import type { DetailTools, showDetail as detailClient } from "./detail-client.js";
import type { lanePosition as positionOfLane } from "./lane-position.js";
import type { pictureKeys as keysClient } from "./keys-client.js";
import type { drawLanes as lanesClient } from "./lanes-client.js";
import type { mountOther as otherClient, OtherTools } from "./other-client.js";
import type { pictureRows as rowsOf, PictureRow } from "./picture-rows.js";
import type { pictureWords as wordsOf } from "./picture-words.js";
import type { drawRow as rowClient } from "./row-client.js";
import type { rowWords as wordsOfRow } from "./row-words.js";

/** The other functions of the page, which script.ts puts beside this one. */
interface PictureTools extends OtherTools, DetailTools {
  readonly drawLanes: typeof lanesClient;
  readonly drawRow: typeof rowClient;
  readonly lanePosition: typeof positionOfLane;
  readonly mountControls: typeof controlsClient;
  readonly mountOther: typeof otherClient;
  readonly pictureKeys: typeof keysClient;
  readonly pictureRows: typeof rowsOf;
  readonly pictureWords: typeof wordsOf;
  readonly rowWords: typeof wordsOfRow;
  readonly showDetail: typeof detailClient;
}

/**
 * Draws one run, in the browser: a lane for each goroutine, time downwards, the step under the cursor beside its source.
 * The page embeds this function's text, so it refers to nothing outside itself. Only the rows in sight exist, so that
 * 20,000 steps move as quickly as five.
 */
export function mountPicture(root: HTMLElement, { picture, beside }: DrawnRun, tools: PictureTools): void {
  const { el, drawLanes, drawRow, lanePosition, mountControls, mountOther, pictureKeys, pictureRows, rowWords, showDetail, stepWords } = tools;
  const words = tools.pictureWords(picture);
  const { shownName, hue } = words;
  const ROW = 24;
  const laneCount = picture.lanes.length;
  const LANE = laneCount > 24 ? 10 : laneCount > 12 ? 14 : laneCount > 8 ? 22 : 32;

  const stepsOfLane: number[][] = picture.lanes.map(() => []);
  picture.steps.forEach((step, index) => {
    if (step.lane >= 0) stepsOfLane[step.lane]!.push(index);
    if (step.other !== undefined) stepsOfLane[step.other]!.push(index);
  });
  const filter = { all: false, library: false, word: "", lane: -1, object: -1 };
  /** The row of the cursor, and the goroutine whose source is beside it; -1: the step's. */
  const cursor = { row: -1, sourceLane: -1 };
  let shown = pictureRows(picture, filter, words, stepWords);

  root.classList.add("picture");
  const { bar, search, status, chooseLane, press, showAll } = mountControls(picture, filter, () => rebuild(), el);
  const body = el("div", "columns");
  const list = el("div", "steps");
  list.tabIndex = 0;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", `Steps of ${picture.program}`);
  const head = el("div", "lanes");
  head.setAttribute("aria-hidden", "true");
  const canvas = el("div", "canvas");
  list.append(head, canvas);
  const detail = el("div", "detail");
  detail.setAttribute("aria-live", "polite");
  body.append(list, detail);
  root.append(bar, body);

  const gutter = 46;
  const laneX = (lane: number): number => gutter + LANE * lane + LANE / 2;
  const textX = gutter + LANE * laneCount + 10;

  picture.lanes.forEach((lane, index) => {
    const label = el("button", `lane ${lane.end}`, shownName(lane.name));
    label.type = "button";
    label.tabIndex = -1;
    label.title = `${lane.name} ${lane.entry}`;
    label.style.left = `${laneX(index) - LANE / 2}px`;
    label.style.color = hue(index);
    label.onclick = () => chooseLane(index);
    head.append(label);
  });

  function rebuild(): void {
    shown = pictureRows(picture, filter, words, stepWords);
    const { rows, ofStep } = shown;
    canvas.style.height = `${rows.length * ROW}px`;
    status.textContent = ofStep.size === picture.steps.length ? `${ofStep.size} steps` : `${ofStep.size} of ${picture.steps.length} steps`;
    if (rows[cursor.row] === undefined) cursor.row = rows.length - 1;
    draw();
    show();
  }

  const wordsOfRow = (row: PictureRow) => rowWords(picture, row, words, stepWords);

  const rowElement = (row: PictureRow, index: number): HTMLElement => {
    const parts = row.kind === "step" && row.step + 1 === beside?.partsAt;
    const node = drawRow(picture, row, wordsOfRow(row), { id: `${root.id}-row-${index}`, index, count: shown.rows.length, isCurrent: index === cursor.row, parts }, hue, el);
    node.style.top = `${index * ROW}px`;
    node.style.paddingLeft = `${textX}px`;
    node.onclick = () => {
      if (row.kind !== "fold") return move(index);
      showAll();
      rebuild();
      move(shown.ofStep.get(row.from) ?? index);
    };
    return node;
  };

  /** The rows in sight, and the lanes and arrows behind them. */
  function draw(): void {
    const { rows } = shown;
    const top = Math.max(0, list.scrollTop - head.offsetHeight);
    const first = Math.max(0, Math.floor(top / ROW) - 8);
    const last = Math.min(rows.length - 1, Math.ceil((top + list.clientHeight) / ROW) + 8);
    canvas.replaceChildren();
    if (last < first) return;
    const current = rows[cursor.row]?.kind === "step" ? currentStep() : undefined;
    canvas.append(drawLanes(picture, shown, { first, last, current }, { row: ROW, lane: LANE, laneX, textX }, hue));
    const batch = document.createDocumentFragment();
    for (let index = first; index <= last; index++) batch.append(rowElement(rows[index]!, index));
    canvas.append(batch);
    if (cursor.row >= 0) list.setAttribute("aria-activedescendant", `${root.id}-row-${cursor.row}`);
  }

  const currentStep = (): number => {
    const row = shown.rows[cursor.row];
    return row === undefined ? picture.steps.length - 1 : row.kind === "step" ? row.step : row.kind === "fold" ? row.to : picture.steps.length - 1;
  };

  function show(): void {
    const row = shown.rows[cursor.row];
    if (row === undefined) return detail.replaceChildren();
    const choose = (lane: number): void => {
      cursor.sourceLane = lane;
      show();
    };
    const positionOf = (lane: number, step: number) => lanePosition(picture, stepsOfLane[lane]!, lane, step);
    showDetail(detail, picture, { row, words: wordsOfRow(row), step: currentStep(), sourceLane: cursor.sourceLane, positionOf, choose }, words, tools);
  }

  function move(index: number): void {
    if (shown.rows.length === 0) return;
    cursor.row = Math.max(0, Math.min(shown.rows.length - 1, index));
    cursor.sourceLane = -1;
    const top = cursor.row * ROW;
    const view = list.clientHeight - head.offsetHeight;
    if (top < list.scrollTop) list.scrollTop = Math.max(0, top - ROW * 2);
    else if (top + ROW * 2 > list.scrollTop + view) list.scrollTop = top + ROW * 3 - view;
    draw();
    show();
  }

  list.onscroll = () => requestAnimationFrame(draw);
  pictureKeys(list, picture, {
    rows: () => shown.rows,
    row: () => cursor.row,
    step: currentStep,
    move,
    page: () => Math.max(1, Math.floor(list.clientHeight / ROW) - 2),
    press,
    search: () => search.focus(),
    open: (row) => document.getElementById(`${root.id}-row-${row}`)?.click(),
  });
  search.onkeydown = (event) => {
    if (event.key === "Escape" || event.key === "Enter") list.focus();
  };
  // Paper has no scrollbar: all rows, up to what a printer should be asked for.
  window.addEventListener("beforeprint", () => {
    list.style.maxHeight = `${Math.min(shown.rows.length, 2_000) * ROW + 60}px`;
    draw();
  });
  window.addEventListener("afterprint", () => {
    list.style.maxHeight = "";
    draw();
  });
  const go = (step: number): void => {
    if (!shown.ofStep.has(step)) for (const label of ["all steps", "library steps"] as const) if (!shown.ofStep.has(step)) press(label);
    move(shown.ofStep.get(step) ?? cursor.row);
    list.focus();
  };
  if (beside !== undefined) mountOther(root, picture, beside, tools, go, (inner, run) => mountPicture(inner, run, tools));
  rebuild();
  const wall = shown.rows.findIndex((row) => row.kind === "end");
  move(wall >= 0 ? wall : 0);
  if (shown.rows.length * ROW < list.clientHeight) list.scrollTop = 0;
}
