import type { DrawnRun } from "../../model/schedule-picture.js";
import type { BesideTools, mountBeside as besideClient } from "./beside-client.js";
import type { lanePosition as positionOfLane, LanePosition } from "./lane-position.js";

/** The other functions of the page, which script.ts puts beside this one. */
export interface PictureTools extends BesideTools {
  readonly lanePosition: typeof positionOfLane;
  readonly mountBeside: typeof besideClient;
}

/**
 * Draws one run, in the browser: a lane for each goroutine, time downwards, the step under the cursor beside its source.
 * The page embeds this function's text, so it refers to nothing outside itself. Only the rows in sight exist, so that
 * 20,000 steps move as quickly as five.
 */
export function mountPicture(root: HTMLElement, { picture, beside }: DrawnRun, tools: PictureTools): void {
  const { el, lanePosition, mountBeside, stepWords } = tools;
  const ROW = 24;
  const laneCount = picture.lanes.length;
  const LANE = laneCount > 24 ? 10 : laneCount > 12 ? 14 : laneCount > 8 ? 22 : 32;
  const SVG = "http://www.w3.org/2000/svg";
  type Row = { readonly kind: "step"; readonly step: number } | { readonly kind: "fold"; readonly from: number; readonly to: number } | { readonly kind: "end"; readonly lane: number };

  const svg = (tag: string, attributes: Record<string, string | number>): SVGElement => {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  };
  const baseName = (file: string): string => file.slice(file.lastIndexOf("/") + 1);
  const shortName = (name: string): string => name.slice(name.lastIndexOf("/", name.indexOf("[") < 0 ? name.length : name.indexOf("[")) + 1);
  const laneName = (lane: number): string => (lane < 0 ? "clock" : picture.lanes[lane]!.name);
  const shownName = (name: string): string => (name === "1" ? "main" : name);
  const hue = (lane: number): string => `var(--lane${lane % 8})`;
  const sourceLine = (file: string, line: number): string => (picture.sources[file]?.[line - 1] ?? "").replace(/\s*\/\/.*$/, "").trim();

  // The steps of each lane and of each object, for "where is goroutine X now" and "the next step of …".
  const byLane: number[][] = picture.lanes.map(() => []);
  const byObject: number[][] = picture.objects.map(() => []);
  picture.steps.forEach((step, index) => {
    if (step.lane >= 0) byLane[step.lane]!.push(index);
    if (step.other !== undefined) byLane[step.other]!.push(index);
    for (const object of step.objects) byObject[object]!.push(index);
  });
  const state = { all: false, library: false, word: "", lane: -1, object: -1, current: -1, sourceLane: -1 };
  let rows: Row[] = [];
  const rowOfStep = new Map<number, number>();

  root.classList.add("picture");
  const bar = el("div", "bar");
  const search = el("input", "search");
  search.type = "search";
  search.placeholder = "Filter steps: word, file, channel A";
  search.setAttribute("aria-label", "Filter steps");
  const toggle = (label: string, title: string, on: () => boolean, flip: () => void): HTMLButtonElement => {
    const button = el("button", "toggle", label);
    button.type = "button";
    button.title = title;
    const draw = (): void => button.setAttribute("aria-pressed", String(on()));
    button.onclick = () => {
      flip();
      draw();
      rebuild();
    };
    draw();
    return button;
  };
  const anyPast = picture.steps.some((step) => !step.past);
  const laneSelect = el("select", "choose");
  laneSelect.setAttribute("aria-label", "Only one goroutine");
  const objectSelect = el("select", "choose");
  objectSelect.setAttribute("aria-label", "Only one object");
  const options = (select: HTMLSelectElement, first: string, names: readonly string[]): void => {
    [first, ...names].forEach((name, index) => {
      const option = el("option", "", name);
      option.value = String(index - 1);
      select.append(option);
    });
  };
  options(laneSelect, "all goroutines", picture.lanes.map(({ name, entry }) => (entry === "" ? name : `${name}  ${entry}`)));
  options(objectSelect, "all objects", picture.objects);
  const status = el("span", "status");
  status.setAttribute("role", "status");
  bar.append(search, laneSelect, objectSelect);
  if (anyPast) bar.append(toggle("all steps", "Also steps that what was found does not depend on (a)", () => state.all, () => (state.all = !state.all)));
  if (picture.steps.some((step) => !step.user)) bar.append(toggle("library steps", "Also steps inside of libraries' calls (l)", () => state.library, () => (state.library = !state.library)));
  bar.append(status);

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
    label.onclick = () => {
      state.lane = state.lane === index ? -1 : index;
      laneSelect.value = String(state.lane);
      rebuild();
    };
    head.append(label);
  });

  const wanted = (index: number): boolean => {
    const step = picture.steps[index]!;
    if (state.lane >= 0 && step.lane !== state.lane && step.other !== state.lane) return false;
    if (state.object >= 0 && !step.objects.includes(state.object)) return false;
    if (state.word !== "") {
      const { frame: place } = stepWords(picture, index);
      const text = `${laneName(step.lane)} ${step.text} ${place === undefined ? "" : `${place[0]} ${place[1]}:${place[2]} ${sourceLine(place[1], place[2])}`}`.toLowerCase();
      if (!text.includes(state.word)) return false;
    }
    return true;
  };
  const filtered = (): boolean => state.lane >= 0 || state.object >= 0 || state.word !== "";

  function rebuild(): void {
    rows = [];
    rowOfStep.clear();
    let folded = -1;
    const flush = (to: number): void => {
      if (folded >= 0) rows.push({ kind: "fold", from: folded, to });
      folded = -1;
    };
    picture.steps.forEach((step, index) => {
      const shown = (state.all || step.past) && (state.library || step.user);
      if (filtered() ? !wanted(index) || (!state.library && !step.user) : !shown) {
        if (folded < 0) folded = index;
        return;
      }
      flush(index - 1);
      rowOfStep.set(index, rows.length);
      rows.push({ kind: "step", step: index });
    });
    flush(picture.steps.length - 1);
    if (!filtered()) picture.lanes.forEach((lane, index) => lane.end === "subject" && rows.push({ kind: "end", lane: index }));
    canvas.style.height = `${rows.length * ROW}px`;
    const steps = rowOfStep.size;
    status.textContent = steps === picture.steps.length ? `${steps} steps` : `${steps} of ${picture.steps.length} steps`;
    if (state.current >= rows.length || rows[state.current] === undefined) state.current = rows.length - 1;
    draw();
    show();
  }

  const rowText = (row: Row): { readonly who: string; readonly text: string; readonly where: string; readonly code: string } => {
    if (row.kind === "fold") {
      const n = row.to - row.from + 1;
      return { who: "", text: `${n} ${n === 1 ? "step" : "steps"} folded`, where: "", code: "" };
    }
    if (row.kind === "end") {
      const lane = picture.lanes[row.lane]!;
      const frame = lane.frame === undefined ? undefined : picture.frames[lane.frame];
      return {
        who: shownName(lane.name),
        text: lane.reason ?? "",
        where: frame === undefined ? "" : `${baseName(frame[1])}:${frame[2]}`,
        code: frame === undefined ? "" : sourceLine(frame[1], frame[2]),
      };
    }
    const { frame, ...words } = stepWords(picture, row.step);
    return { ...words, code: frame === undefined ? "" : sourceLine(frame[1], frame[2]) };
  };

  const rowElement = (row: Row, index: number): HTMLElement => {
    const { who, text, where, code } = rowText(row);
    const node = el("div", `row ${row.kind}${row.kind === "step" && picture.steps[row.step]!.lane < 0 ? " clock" : ""}${index === state.current ? " current" : ""}`);
    node.id = `${root.id}-row-${index}`;
    node.setAttribute("role", "option");
    node.setAttribute("aria-selected", String(index === state.current));
    node.setAttribute("aria-posinset", String(index + 1));
    node.setAttribute("aria-setsize", String(rows.length));
    node.style.top = `${index * ROW}px`;
    node.style.paddingLeft = `${textX}px`;
    if (beside !== undefined && row.kind === "step" && row.step === beside.partsAt - 1) node.classList.add("parts");
    // What is only heard stands in the row itself: `step 7: goroutine 1.1 sends on … at main.go:5`.
    const heard = (words: string): HTMLElement => el("span", "heard", words);
    const number = el("span", "number", row.kind === "step" ? String(row.step + 1) : "");
    if (row.kind === "step") {
      number.prepend(heard("step "));
      number.append(heard(": "));
    }
    const name = el("span", "who", who);
    if (who !== "") name.prepend(heard("goroutine "));
    if (row.kind === "step" && picture.steps[row.step]!.lane >= 0) name.style.color = hue(picture.steps[row.step]!.lane);
    node.append(number, name, el("span", "text", text), el("span", "where", where), el("code", "code", code));
    if (where !== "") node.querySelector(".where")!.prepend(heard(" at "));
    node.onclick = () => {
      if (row.kind === "fold") {
        state.all = state.library = true;
        for (const button of bar.querySelectorAll("button.toggle")) button.setAttribute("aria-pressed", "true");
        rebuild();
        return move(rowOfStep.get(row.from) ?? index);
      }
      move(index);
    };
    return node;
  };

  /** Rows of what is in sight, the lanes behind them, and the arrows that cross it. */
  function draw(): void {
    const top = Math.max(0, list.scrollTop - head.offsetHeight);
    const first = Math.max(0, Math.floor(top / ROW) - 8);
    const last = Math.min(rows.length - 1, Math.ceil((top + list.clientHeight) / ROW) + 8);
    canvas.replaceChildren();
    if (last < first) return;
    const height = (last - first + 1) * ROW;
    const picture2 = svg("svg", { class: "drawing", width: textX, height });
    picture2.setAttribute("aria-hidden", "true");
    (picture2 as SVGSVGElement).style.top = `${first * ROW}px`;
    const y = (row: number): number => (row - first) * ROW + ROW / 2;
    /** Where a step would be, though it is folded: the row of the fold that holds it. */
    const rowAt = (step: number): number => {
      const own = rowOfStep.get(step);
      if (own !== undefined) return own;
      let low = 0;
      let high = rows.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        const row = rows[middle]!;
        if (row.kind !== "end" && (row.kind === "step" ? row.step : row.to) < step) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    picture.lanes.forEach((lane, index) => {
      const from = lane.from < 0 ? -1 : rowAt(lane.from);
      let to = lane.to === undefined ? rows.length : rowAt(lane.to);
      if (lane.end === "subject") to = rows.findIndex((row) => row.kind === "end" && row.lane === index);
      if (to < 0) to = rows.length;
      if (to < first || from > last) return;
      const line = svg("line", { x1: laneX(index), x2: laneX(index), y1: Math.max(0, y(from)), y2: Math.min(height, y(to)), class: `life ${lane.end}` });
      line.style.stroke = hue(index);
      picture2.append(line);
      if (lane.end === "subject" && to <= last) picture2.append(svg("rect", { x: laneX(index) - LANE / 2 + 1, y: y(to) - 4, width: LANE - 2, height: 8, class: "wall" }));
    });
    for (const arrow of picture.arrows) {
      const from = rowAt(arrow.fromStep);
      const to = rowAt(arrow.toStep);
      if (to < first || from > last || (!rowOfStep.has(arrow.toStep) && arrow.kind !== "start")) continue;
      if (arrow.kind === "memory" && !isCurrent(arrow.toStep)) continue;
      const x1 = arrow.fromLane < 0 ? 30 : laneX(arrow.fromLane);
      const x2 = laneX(arrow.toLane);
      const y1 = y(from);
      const y2 = y(to);
      const path = from === to ? `M${x1} ${y1}L${x2} ${y2}` : `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}`;
      picture2.append(svg("path", { d: path, class: `arrow ${arrow.kind}${isCurrent(arrow.toStep) || isCurrent(arrow.fromStep) ? " hot" : ""}`, "marker-end": "" }));
      const away = x2 >= x1 ? -1 : 1;
      if (from === to) picture2.append(svg("path", { d: `M${x2 + away * 4} ${y2 - 4}L${x2 + away * 10} ${y2}L${x2 + away * 4} ${y2 + 4}`, class: "head" }));
    }
    for (let index = first; index <= last; index++) {
      const row = rows[index]!;
      if (row.kind !== "step") continue;
      const step = picture.steps[row.step]!;
      if (step.lane < 0) {
        picture2.append(svg("line", { x1: 0, x2: textX, y1: y(index), y2: y(index), class: "rule" }));
        continue;
      }
      if (step.other !== undefined) {
        const [x1, x2] = [laneX(step.lane), laneX(step.other)];
        const away = x2 >= x1 ? -1 : 1;
        picture2.append(svg("path", { d: `M${x1} ${y(index)}L${x2} ${y(index)}`, class: "arrow value hot" }));
        picture2.append(svg("path", { d: `M${x2 + away * 4} ${y(index) - 4}L${x2 + away * 10} ${y(index)}L${x2 + away * 4} ${y(index) + 4}`, class: "head" }));
      }
      for (const lane of step.other === undefined ? [step.lane] : [step.lane, step.other]) {
        const dot = svg("circle", { cx: laneX(lane), cy: y(index), r: LANE < 14 ? 3 : 4.5, class: "dot" });
        dot.style.fill = hue(lane);
        picture2.append(dot);
      }
    }
    canvas.append(picture2);
    const batch = document.createDocumentFragment();
    for (let index = first; index <= last; index++) batch.append(rowElement(rows[index]!, index));
    canvas.append(batch);
    if (state.current >= 0) list.setAttribute("aria-activedescendant", `${root.id}-row-${state.current}`);
  }

  const currentStep = (): number => {
    const row = rows[state.current];
    return row === undefined ? picture.steps.length - 1 : row.kind === "step" ? row.step : row.kind === "fold" ? row.to : picture.steps.length - 1;
  };
  const isCurrent = (step: number): boolean => rows[state.current]?.kind === "step" && currentStep() === step;

  const positionOf = (lane: number, step: number): LanePosition => lanePosition(picture, byLane[lane]!, lane, step);

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
    const begin = Math.max(1, line - 9);
    for (let n = begin; n <= Math.min(lines.length, line + 9); n++) {
      const row = el("div", n === line ? "line here" : "line");
      row.append(el("span", "n", String(n)), el("span", "", lines[n - 1]!.replace(/\t/g, "    ")));
      pre.append(row);
    }
    box.append(pre);
    return box;
  };

  /** What the functions there were called with, where that is known, and the whole stack, folded. */
  function showCalls(lane: number, frames: readonly number[], calledWith: readonly number[] = []): void {
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
  }

  /** The step under the cursor: its words, its source, its stack, and where all goroutines are. */
  function show(): void {
    detail.replaceChildren();
    const row = rows[state.current];
    if (row === undefined) return;
    const step = currentStep();
    const { who, text } = rowText(row);
    detail.append(el("p", "now", row.kind === "step" ? `Step ${step + 1}${who === "" ? "" : `: ${who}`} ${text}` : `${who} ${text}`));
    const at = picture.steps[step];
    const frame = row.kind === "end" ? picture.frames[picture.lanes[row.lane]!.frame ?? -1] : at && stepWords(picture, step).frame;
    if (state.sourceLane >= 0) {
      const other = positionOf(state.sourceLane, step).frame;
      if (other !== undefined) detail.append(sourceView(other[1], other[2]));
    } else if (frame !== undefined) detail.append(sourceView(frame[1], frame[2]));
    if (row.kind === "end") showCalls(row.lane, picture.lanes[row.lane]!.stack ?? [], picture.lanes[row.lane]!.calledWith);
    else if (at !== undefined && row.kind === "step") showCalls(at.lane, at.stack, at.calledWith);
    const table = el("div", "where-all");
    table.append(el("p", "now", `All goroutines after step ${step + 1}`));
    picture.lanes.forEach((lane, index) => {
      if (lane.from > step || index > 200) return;
      const { text: doing, frame: place, holds } = positionOf(index, step);
      const line = el("button", `at ${lane.end}${state.sourceLane === index ? " on" : ""}`);
      line.type = "button";
      const name = el("span", "who", shownName(lane.name));
      name.style.color = hue(index);
      line.append(name, el("span", "text", doing));
      if (holds.length > 0) line.append(el("span", "holds", `holds ${holds.join(", ")}`));
      line.append(el("span", "where", place === undefined ? "" : `${baseName(place[1])}:${place[2]}`));
      line.onclick = () => {
        state.sourceLane = state.sourceLane === index ? -1 : index;
        show();
      };
      table.append(line);
    });
    detail.append(table);
  }

  function move(index: number): void {
    if (rows.length === 0) return;
    state.current = Math.max(0, Math.min(rows.length - 1, index));
    state.sourceLane = -1;
    const top = state.current * ROW;
    const view = list.clientHeight - head.offsetHeight;
    if (top < list.scrollTop) list.scrollTop = Math.max(0, top - ROW * 2);
    else if (top + ROW * 2 > list.scrollTop + view) list.scrollTop = top + ROW * 3 - view;
    draw();
    show();
  }
  /** To the next row in a direction that fits; nothing happens where there is none. */
  const jump = (by: 1 | -1, fits: (row: Row) => boolean): void => {
    for (let index = state.current + by; index >= 0 && index < rows.length; index += by) if (fits(rows[index]!)) return move(index);
  };
  /** Whose row the cursor is at, and of which objects: at the wall, those of the goroutine that waits there. */
  const here = (): { readonly lane: number | undefined; readonly objects: readonly number[] } => {
    const row = rows[state.current];
    if (row?.kind === "end") return { lane: row.lane, objects: picture.lanes[row.lane]!.waitsAt ?? [] };
    const step = picture.steps[currentStep()];
    return { lane: step?.lane, objects: step?.objects ?? [] };
  };
  const sameLane = (row: Row): boolean => {
    const { lane } = here();
    return row.kind === "step" && (picture.steps[row.step]!.lane === lane || picture.steps[row.step]!.other === lane);
  };
  const sameObject = (row: Row): boolean => row.kind === "step" && picture.steps[row.step]!.objects.some((object) => here().objects.includes(object));

  list.onscroll = () => requestAnimationFrame(draw);
  list.onkeydown = (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 2);
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(state.current + 1), j: () => move(state.current + 1), ArrowUp: () => move(state.current - 1), k: () => move(state.current - 1),
      PageDown: () => move(state.current + page), PageUp: () => move(state.current - page), Home: () => move(0), End: () => move(rows.length - 1),
      n: () => jump(1, sameLane), p: () => jump(-1, sameLane), o: () => jump(1, sameObject), O: () => jump(-1, sameObject),
      a: () => press("all steps"), l: () => press("library steps"), "/": () => search.focus(),
      Enter: () => (document.getElementById(`${root.id}-row-${state.current}`))?.click(),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  const press = (label: string): void => [...bar.querySelectorAll<HTMLButtonElement>("button.toggle")].find((button) => button.textContent === label)?.click();
  search.oninput = () => {
    state.word = search.value.trim().toLowerCase();
    rebuild();
  };
  search.onkeydown = (event) => {
    if (event.key === "Escape" || event.key === "Enter") list.focus();
  };
  laneSelect.onchange = () => {
    state.lane = Number(laneSelect.value);
    rebuild();
  };
  objectSelect.onchange = () => {
    state.object = Number(objectSelect.value);
    rebuild();
  };
  // Paper has no scrollbar: all rows, up to what a printer should be asked for.
  window.addEventListener("beforeprint", () => {
    list.style.maxHeight = `${Math.min(rows.length, 2_000) * ROW + 60}px`;
    draw();
  });
  window.addEventListener("afterprint", () => {
    list.style.maxHeight = "";
    draw();
  });
  if (beside !== undefined) {
    const both = el("section", "both");
    both.append(el("h2", "", beside.title), el("p", "parted", `The two schedules are the same up to step ${beside.partsAt - 1} and differ at step ${beside.partsAt}.`));
    mountBeside(both, picture, beside, tools, (step) => {
      if (!rowOfStep.has(step)) for (const label of ["all steps", "library steps"]) if (!rowOfStep.has(step)) press(label);
      move(rowOfStep.get(step) ?? state.current);
      list.focus();
    });
    const other = el("details", "beside");
    other.append(el("summary", "", "The other schedule as a picture"));
    const inner = el("div", "");
    inner.id = `${root.id}-beside`;
    other.append(inner);
    let mounted = false;
    other.ontoggle = () => {
      if (mounted) return;
      mounted = true;
      mountPicture(inner, { picture: beside.picture }, tools);
    };
    root.append(both, other);
  }
  rebuild();
  const wall = rows.findIndex((row) => row.kind === "end");
  move(wall >= 0 ? wall : 0);
  if (rows.length * ROW < list.clientHeight) list.scrollTop = 0;
}
