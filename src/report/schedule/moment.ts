import { formatDuration } from "../../base/duration.js";
import type { DrawnRun, PictureLane, SchedulePicture } from "../../model/run/schedule-picture.js";
import { at, shortSymbol } from "../../model/source/blame.js";
import { count } from "../exploration/verdict-words.js";
import { columnWidths } from "../shared/column-widths.js";
import { lanePosition, type LanePosition } from "./lane-position.js";

type Frame = SchedulePicture["frames"][number];

/**
 * A recorded schedule after so many of its steps, in text. Invariants (debugger.test.ts), behind the debugger's own:
 * 3. What is said of goroutines, locks and places at a step is what the page says there (lane-position.ts).
 */
export class ScheduleMoment {
  readonly #run: DrawnRun;
  readonly #picture: SchedulePicture;
  readonly #stepsOfLane: readonly (readonly number[])[];
  /** Steps. */
  readonly #done: number;

  constructor(run: DrawnRun, stepsOfLane: readonly (readonly number[])[], done: number) {
    this.#run = run;
    this.#picture = run.picture;
    this.#stepsOfLane = stepsOfLane;
    this.#done = done;
  }

  /** The step that was just done, its line, and what the others do. */
  here(): string {
    const { steps, lanes } = this.#picture;
    const step = steps[this.#done - 1];
    if (step === undefined) return `before the first step; started: ${lanes.filter(({ from }) => from < 0).map(laneName).join(", ")}`;
    const place = this.#placeOf(step.stack);
    const who = step.lane < 0 ? "" : `${laneName(lanes[step.lane]!)} `;
    const ends = this.#done < steps.length ? [] : lanes.flatMap((lane) => (lane.end === "subject" ? [`${laneName(lane)} ${lane.reason ?? ""}`.trim()] : []));
    return [`step ${this.#done}  ${who}${step.text}${place === undefined ? "" : `  ${placeText(place)}`}${step.lane < 0 ? "" : `  (${formatDuration(BigInt(step.time))})`}`, ...this.#around(place, 2), ...ends].join("\n");
  }

  goroutines(): string {
    const rows = this.#positions().map(({ lane, position: { text: doing, frame, holds } }) => [laneName(lane), lane.entry, holds.length === 0 ? doing : `${doing}; holds ${holds.join(", ")}`, frame === undefined ? "" : placeText(frame)]);
    return columns(rows);
  }

  locks(): string {
    const { holds, objects, lanes } = this.#picture;
    const now = holds.filter(({ from, to }) => from < this.#done && (to === undefined || this.#done <= to));
    if (now.length === 0) return "no lock is held here";
    const waiting = this.#positions();
    return now
      .map(({ object, lane, from }) => {
        const name = objects[object]!;
        const waiters = this.#done < this.#picture.steps.length ? [] : waiting.filter(({ lane: other, position }) => other !== lanes[lane] && other.end !== "ended" && mentions(position.text, name)).map((one) => laneName(one.lane));
        return `${name}  held by ${laneName(lanes[lane]!)} since step ${from + 1}${waiters.length === 0 ? "" : `; ${waiters.join(", ")} ${waiters.length === 1 ? "waits" : "wait"} for it`}`;
      })
      .join("\n");
  }

  stack(name: string): string {
    const lane = this.#laneOf(name);
    if (typeof lane === "string") return lane;
    const at = this.#calls(lane);
    if (at === undefined) return `${laneName(this.#picture.lanes[lane]!)} has done no step yet`;
    return [`${at.when}:`, ...at.frames.map(({ frame }) => `  ${frame[0]}  ${placeText(frame)}`)].join("\n");
  }

  variables(name: string): string {
    const lane = this.#laneOf(name);
    if (typeof lane === "string") return lane;
    const at = this.#calls(lane);
    if (at === undefined) return `${laneName(this.#picture.lanes[lane]!)} has done no step yet`;
    const known = at.frames.filter(({ values }) => values !== undefined);
    if (known.length === 0) return `${at.when}: no function of yours on its stack was called with a simple value\n${ONLY_PARAMETERS}`;
    return [`${at.when}, functions were called with:`, columns(known.map(({ frame, values }) => [`  ${shortSymbol(frame[0])}`, values!, placeText(frame)])), ONLY_PARAMETERS].join("\n");
  }

  /** The stack of a goroutine's latest step; at the end of the run, of what it waits at. */
  #calls(lane: number): Calls | undefined {
    const { frames, values, lanes, steps } = this.#picture;
    const name = laneName(lanes[lane]!);
    const read = (when: string, stack: readonly number[], calledWith: readonly number[] = []): Calls => ({
      when,
      frames: stack.map((id, index) => ({ frame: frames[id]!, values: values?.[calledWith[index] ?? -1] })),
    });
    const { stack, calledWith, end } = lanes[lane]!;
    if (this.#done === steps.length && end !== "ended" && stack !== undefined) return read(`${name} at the end`, stack, calledWith);
    const index = this.#stepsOfLane[lane]!.findLast((step) => step < this.#done);
    if (index === undefined) return undefined;
    // Of a send and a receive that met, the stack is the sender's.
    const step = steps[index]!;
    return read(`${name} at step ${index + 1}${step.lane === lane ? "" : `, as its sender ${laneName(lanes[step.lane]!)} stood`}`, step.stack, step.calledWith);
  }

  list(name: string): string {
    const lane = this.#laneOf(name);
    if (typeof lane === "string") return lane;
    const { frame } = this.#position(lane);
    if (frame === undefined) return `where ${laneName(this.#picture.lanes[lane]!)} is, is not known`;
    const lines = this.#around(frame, 6);
    return [`${laneName(this.#picture.lanes[lane]!)}  ${frame[1]}:${frame[2]}`, ...(lines.length === 0 ? ["  the source is not at hand"] : lines)].join("\n");
  }

  objects(): string {
    const { objects, steps } = this.#picture;
    if (objects.length === 0) return "no step touches an object";
    return columns(objects.map((name, index) => [name, count(steps.filter((step) => step.objects.includes(index)).length, "step")]));
  }

  steps(): string {
    const { steps, lanes } = this.#picture;
    const shown = steps.slice(0, this.#done).flatMap((step, index) => {
      if (!step.past || !step.user) return [];
      const place = this.#placeOf(step.stack);
      return [[String(index + 1), step.lane < 0 ? "" : laneName(lanes[step.lane]!), step.text, place === undefined ? "" : placeText(place)]];
    });
    if (shown.length === 0) return "none up to here";
    const cut = shown.slice(-MOST_ROWS);
    return `${cut.length < shown.length ? `the last ${cut.length} of ${shown.length}:\n` : ""}${columns(cut)}`;
  }

  beside(): string {
    const { beside } = this.#run;
    if (beside === undefined) return "no schedule in which it ends stands beside this one";
    const other = beside.picture.steps[beside.partsAt - 1];
    const lane = other === undefined || other.lane < 0 ? "" : `${laneName(beside.picture.lanes[other.lane]!)} `;
    return `${beside.title}: the same up to step ${beside.partsAt - 1}; step ${beside.partsAt} is there: ${other === undefined ? "the end" : `${lane}${other.text}`}`;
  }

  #positions(): readonly { readonly lane: PictureLane; readonly position: LanePosition }[] {
    return this.#picture.lanes.flatMap((lane, index) => (lane.from >= this.#done && lane.from >= 0 ? [] : [{ lane, position: this.#position(index) }]));
  }

  #position(lane: number): LanePosition {
    return lanePosition(this.#picture, this.#stepsOfLane[lane]!, lane, this.#done - 1);
  }

  /** The one that is named; without a name the one that did the last step. Words where there is none. */
  #laneOf(name: string): number | string {
    const { lanes, steps } = this.#picture;
    const lane = name === "" ? (steps[this.#done - 1]?.lane ?? 0) : lanes.findIndex((one) => laneName(one) === name || one.name === name);
    if (lane >= 0) return lane;
    return name === "" ? "the clock did this step; say which goroutine" : `'${name}' is no goroutine of this run; 'goroutines' lists them`;
  }

  #placeOf(stack: readonly number[]): Frame | undefined {
    const user = stack.find((id) => this.#picture.frames[id]![3] === 0) ?? stack[0];
    return user === undefined ? undefined : this.#picture.frames[user];
  }

  #around(frame: Frame | undefined, more: number): readonly string[] {
    const lines = frame === undefined ? undefined : this.#picture.sources[frame[1]];
    if (frame === undefined || lines === undefined) return [];
    const [, , line] = frame;
    const from = Math.max(1, line - more);
    const width = String(Math.min(lines.length, line + more)).length;
    return lines.slice(from - 1, line + more).map((source, index) => `${from + index === line ? "  > " : "    "}${String(from + index).padStart(width)}  ${source.replace(/\t/g, "    ")}`);
  }
}

/** A stack, each frame with what its function was called with, where that is known. */
interface Calls {
  readonly when: string;
  readonly frames: readonly { readonly frame: Frame; readonly values: string | undefined }[];
}

const MOST_ROWS = 60;
const ONLY_PARAMETERS = "Other variables are not known: Go writes no debug information (DWARF) into modules for WebAssembly. A print in the program is shown in each replay.";

export const laneName = ({ name }: PictureLane): string => (name === "1" ? "main" : name);
const placeText = ([name, file, line]: Frame): string => at({ function: name, file, line });
/** `mutex A` in a sentence is not `mutex AB`. */
const mentions = (sentence: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(sentence);

export function columns(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows, rows[0]?.length ?? 0);
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join("  ").trimEnd()).join("\n");
}
