import type { SchedulePicture } from "../../model/run/schedule-picture.js";
import type { PictureRows } from "./picture-rows.js";

/** Measures of a picture, in pixels. */
interface PictureLayout {
  readonly row: number;
  readonly lane: number;
  readonly laneX: (lane: number) => number;
  /** Where the words of a row begin, right of all lanes. */
  readonly textX: number;
}

/** The rows that are drawn, and the step under the cursor, if a step is there. */
interface RowsInSight {
  readonly first: number;
  readonly last: number;
  readonly current: number | undefined;
}

/**
 * The lanes behind the rows in sight, the steps on them, and the arrows that cross them. The page embeds this function's text, so
 * it refers to nothing outside itself.
 */
export function drawLanes(picture: SchedulePicture, { rows, ofStep, at }: PictureRows, { first, last, current }: RowsInSight, { row: ROW, lane: LANE, laneX, textX }: PictureLayout, hue: (lane: number) => string): SVGElement {
  const svg = (tag: string, attributes: Record<string, string | number>): SVGElement => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  };
  const height = (last - first + 1) * ROW;
  const drawing = svg("svg", { class: "drawing", width: textX, height });
  drawing.setAttribute("aria-hidden", "true");
  drawing.style.top = `${first * ROW}px`;
  const y = (row: number): number => (row - first) * ROW + ROW / 2;
  /** The head of an arrow that lies level, at `x`. */
  const arrowHead = (x: number, toTheRight: boolean, level: number): SVGElement => {
    const away = toTheRight ? -1 : 1;
    return svg("path", { d: `M${x + away * 4} ${level - 4}L${x + away * 10} ${level}L${x + away * 4} ${level + 4}`, class: "head" });
  };

  const drawLives = (): void =>
    picture.lanes.forEach((lane, index) => {
      const from = lane.from < 0 ? -1 : at(lane.from);
      let to = lane.to === undefined ? rows.length : at(lane.to);
      if (lane.end === "subject") to = rows.findIndex((row) => row.kind === "end" && row.lane === index);
      if (to < 0) to = rows.length;
      if (to < first || from > last) return;
      const line = svg("line", { x1: laneX(index), x2: laneX(index), y1: Math.max(0, y(from)), y2: Math.min(height, y(to)), class: `life ${lane.end}` });
      line.style.stroke = hue(index);
      drawing.append(line);
      if (lane.end === "subject" && to <= last) drawing.append(svg("rect", { x: laneX(index) - LANE / 2 + 1, y: y(to) - 4, width: LANE - 2, height: 8, class: "wall" }));
    });

  const drawArrow = ({ kind, fromStep, fromLane, toStep, toLane }: SchedulePicture["arrows"][number]): void => {
    const from = at(fromStep);
    const to = at(toStep);
    if (to < first || from > last || (!ofStep.has(toStep) && kind !== "start") || (kind === "memory" && current !== toStep)) return;
    const x1 = fromLane < 0 ? 30 : laneX(fromLane);
    const x2 = laneX(toLane);
    const y1 = y(from);
    const y2 = y(to);
    const path = from === to ? `M${x1} ${y1}L${x2} ${y2}` : `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
    drawing.append(svg("path", { d: path, class: `arrow ${kind}${current === toStep || current === fromStep ? " hot" : ""}`, "marker-end": "" }));
    if (from === to) drawing.append(arrowHead(x2, x2 >= x1, y2));
  };

  const drawStep = ({ lane, other }: SchedulePicture["steps"][number], level: number): void => {
    if (lane < 0) return drawing.append(svg("line", { x1: 0, x2: textX, y1: level, y2: level, class: "rule" }));
    if (other !== undefined) {
      drawing.append(svg("path", { d: `M${laneX(lane)} ${level}L${laneX(other)} ${level}`, class: "arrow value hot" }));
      drawing.append(arrowHead(laneX(other), laneX(other) >= laneX(lane), level));
    }
    for (const one of other === undefined ? [lane] : [lane, other]) {
      const dot = svg("circle", { cx: laneX(one), cy: level, r: LANE < 14 ? 3 : 4.5, class: "dot" });
      dot.style.fill = hue(one);
      drawing.append(dot);
    }
  };

  drawLives();
  picture.arrows.forEach(drawArrow);
  for (let index = first; index <= last; index++) {
    const row = rows[index]!;
    if (row.kind === "step") drawStep(picture.steps[row.step]!, y(index));
  }
  return drawing;
}
