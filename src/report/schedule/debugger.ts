import type { DrawnRun, PictureLane, PictureStep, SchedulePicture } from "../../model/run/schedule-picture.js";
import { formatDuration } from "../../base/duration.js";
import { at, shortSymbol } from "../../model/source/blame.js";
import { count } from "../exploration/verdict-words.js";
import { columnWidths } from "../shared/column-widths.js";
import { lanePosition, type LanePosition } from "./lane-position.js";

/** What one line of a person leads to. */
type DebuggerAnswer = { readonly kind: "text"; readonly text: string } | { readonly kind: "quit" };

type Frame = SchedulePicture["frames"][number];

interface Word {
  readonly word: string;
  readonly short: string;
  readonly takes: string;
  readonly help: string;
  readonly run: (argument: string) => string;
}

/**
 * One recorded schedule, step by step, forwards and backwards: a person's lines in, text out. Nothing runs: the run is over,
 * so each step back costs as little as one forward. Invariants (debugger.test.ts):
 * 1. `at` is the number of steps done, from 0 to all of them; no line leads out of that.
 * 2. No line changes anything but `at` and what an empty line repeats.
 * 3. What is said of goroutines, locks and places at a step is what the page says there (lane-position.ts).
 *
 * Of variables it knows what functions were called with: Go writes no debug information into modules for WebAssembly
 * (cmd/link/internal/ld/dwarf.go, dwarfEnabled), only what its tracebacks print.
 */
export class ScheduleDebugger {
  readonly #run: DrawnRun;
  readonly #picture: SchedulePicture;
  readonly #stepsOfLane: readonly (readonly number[])[];
  #at: number;
  #again = "";

  constructor(run: DrawnRun) {
    this.#run = run;
    this.#picture = run.picture;
    const stepsOfLane: number[][] = run.picture.lanes.map(() => []);
    run.picture.steps.forEach(({ lane, other }, index) => {
      if (lane >= 0) stepsOfLane[lane]!.push(index);
      if (other !== undefined) stepsOfLane[other]!.push(index);
    });
    this.#stepsOfLane = stepsOfLane;
    this.#at = run.picture.steps.length;
  }

  get prompt(): string {
    return `(step ${this.#at} of ${this.#picture.steps.length}) `;
  }

  /** What is said first: the end of the run, and how to go on. */
  get greeting(): string {
    return `${this.#here()}\nThis is the end of the run. 'start' goes to its beginning, 'back' one step back; 'help' lists the rest.\n`;
  }

  answer(line: string): DebuggerAnswer {
    const [first = "", ...rest] = (line.trim() === "" ? this.#again : line.trim()).split(/\s+/);
    if (first === "") return text("'help' lists what can be asked");
    if (first === "quit" || first === "q" || first === "exit") return { kind: "quit" };
    const found = this.#words.filter(({ word, short }) => word === first || short === first);
    const meant = found.length > 0 ? found : this.#words.filter(({ word }) => word.startsWith(first));
    const [one, another] = meant;
    if (one === undefined) return text(`'${first}' is no command; 'help' lists them`);
    if (another !== undefined) return text(`'${first}' can be ${meant.map(({ word }) => word).join(", ")}`);
    // An empty line goes on in the same direction.
    if (MOVES.has(one.word)) this.#again = `${one.word} ${rest.join(" ")}`.trim();
    return text(one.run(rest.join(" ")));
  }

  readonly #words: readonly Word[] = [
    { word: "step", short: "s", takes: "[N]", help: "one step forward, or N", run: (count) => this.#go(this.#at + number(count, 1)) },
    { word: "back", short: "b", takes: "[N]", help: "one step back, or N", run: (count) => this.#go(this.#at - number(count, 1)) },
    { word: "next", short: "n", takes: "GOROUTINE | OBJECT", help: "forward to its next step: next 1.2, next mutex A", run: (name) => this.#seek(name, 1) },
    { word: "previous", short: "p", takes: "GOROUTINE | OBJECT", help: "back to its last step before", run: (name) => this.#seek(name, -1) },
    { word: "goto", short: "g", takes: "N", help: "to after step N", run: (count) => this.#go(number(count, this.#at)) },
    { word: "start", short: "", takes: "", help: "to before the first step", run: () => this.#go(0) },
    { word: "end", short: "", takes: "", help: "to the end of the run", run: () => this.#go(this.#picture.steps.length) },
    { word: "goroutines", short: "gs", takes: "", help: "where each goroutine is, and what it holds", run: () => this.#goroutines() },
    { word: "locks", short: "", takes: "", help: "who holds which lock since when, and who waits for it", run: () => this.#locks() },
    { word: "stack", short: "bt", takes: "[GOROUTINE]", help: "a goroutine's stack at its latest step", run: (name) => this.#stack(name) },
    { word: "list", short: "l", takes: "[GOROUTINE]", help: "the source around it", run: (name) => this.#list(name) },
    { word: "objects", short: "", takes: "", help: "channels, locks and the like, and how many steps touch each", run: () => this.#objects() },
    { word: "steps", short: "", takes: "", help: "all steps up to here that the finding depends on", run: () => this.#steps() },
    { word: "beside", short: "", takes: "", help: "where the schedule in which it ends parts from this one", run: () => this.#beside() },
    { word: "variables", short: "v", takes: "[GOROUTINE]", help: "what the functions on its stack were called with", run: (name) => this.#variables(name) },
    { word: "help", short: "h", takes: "", help: "this list", run: () => this.#help() },
  ];

  #go(to: number): string {
    const last = this.#picture.steps.length;
    const wanted = Math.max(0, Math.min(last, to));
    const stays = wanted === this.#at;
    this.#at = wanted;
    if (stays && to < 0) return "this is the beginning";
    if (stays && to > last) return "this is the end of the run";
    return this.#here();
  }

  #seek(name: string, by: 1 | -1): string {
    const { lanes, objects, steps } = this.#picture;
    const lane = lanes.findIndex((one) => laneName(one) === name || one.name === name);
    const object = lane >= 0 ? -1 : objects.findIndex((one) => one === name || one.split(" ").at(-1) === name.toUpperCase());
    if (name === "" || (lane < 0 && object < 0)) return `${name === "" ? "say which" : `'${name}' is no goroutine and no object of this run`}; 'goroutines' and 'objects' list them`;
    const fits = (step: PictureStep): boolean => (lane >= 0 ? step.lane === lane || step.other === lane : step.objects.includes(object));
    for (let index = by > 0 ? this.#at : this.#at - 2; index >= 0 && index < steps.length; index += by) if (fits(steps[index]!)) return this.#go(index + 1);
    return `${lane >= 0 ? laneName(lanes[lane]!) : objects[object]!} has no ${by > 0 ? "later" : "earlier"} step`;
  }

  /** The step that was just done, its line, and what the others do. */
  #here(): string {
    const { steps, lanes } = this.#picture;
    const step = steps[this.#at - 1];
    if (step === undefined) return `before the first step; started: ${lanes.filter(({ from }) => from < 0).map(laneName).join(", ")}`;
    const place = this.#placeOf(step.stack);
    const who = step.lane < 0 ? "" : `${laneName(lanes[step.lane]!)} `;
    const ends = this.#at < steps.length ? [] : lanes.flatMap((lane) => (lane.end === "subject" ? [`${laneName(lane)} ${lane.reason ?? ""}`.trim()] : []));
    return [`step ${this.#at}  ${who}${step.text}${place === undefined ? "" : `  ${placeText(place)}`}${step.lane < 0 ? "" : `  (${formatDuration(BigInt(step.time))})`}`, ...this.#around(place, 2), ...ends].join("\n");
  }

  #goroutines(): string {
    const rows = this.#positions().map(({ lane, position: { text: doing, frame, holds } }) => [laneName(lane), lane.entry, holds.length === 0 ? doing : `${doing}; holds ${holds.join(", ")}`, frame === undefined ? "" : placeText(frame)]);
    return columns(rows);
  }

  #locks(): string {
    const { holds, objects, lanes } = this.#picture;
    const now = holds.filter(({ from, to }) => from < this.#at && (to === undefined || this.#at <= to));
    if (now.length === 0) return "no lock is held here";
    const waiting = this.#positions();
    return now
      .map(({ object, lane, from }) => {
        const name = objects[object]!;
        const waiters = this.#at < this.#picture.steps.length ? [] : waiting.filter(({ lane: other, position }) => other !== lanes[lane] && other.end !== "ended" && mentions(position.text, name)).map((one) => laneName(one.lane));
        return `${name}  held by ${laneName(lanes[lane]!)} since step ${from + 1}${waiters.length === 0 ? "" : `; ${waiters.join(", ")} ${waiters.length === 1 ? "waits" : "wait"} for it`}`;
      })
      .join("\n");
  }

  #stack(name: string): string {
    const lane = this.#laneOf(name);
    if (typeof lane === "string") return lane;
    const at = this.#calls(lane);
    if (at === undefined) return `${laneName(this.#picture.lanes[lane]!)} has done no step yet`;
    return [`${at.when}:`, ...at.frames.map(({ frame }) => `  ${frame[0]}  ${placeText(frame)}`)].join("\n");
  }

  #variables(name: string): string {
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
    if (this.#at === steps.length && end !== "ended" && stack !== undefined) return read(`${name} at the end`, stack, calledWith);
    const index = this.#stepsOfLane[lane]!.findLast((step) => step < this.#at);
    if (index === undefined) return undefined;
    // Of a send and a receive that met, the stack is the sender's.
    const step = steps[index]!;
    return read(`${name} at step ${index + 1}${step.lane === lane ? "" : `, as its sender ${laneName(lanes[step.lane]!)} stood`}`, step.stack, step.calledWith);
  }

  #list(name: string): string {
    const lane = this.#laneOf(name);
    if (typeof lane === "string") return lane;
    const { frame } = this.#position(lane);
    if (frame === undefined) return `where ${laneName(this.#picture.lanes[lane]!)} is, is not known`;
    const lines = this.#around(frame, 6);
    return [`${laneName(this.#picture.lanes[lane]!)}  ${frame[1]}:${frame[2]}`, ...(lines.length === 0 ? ["  the source is not at hand"] : lines)].join("\n");
  }

  #objects(): string {
    const { objects, steps } = this.#picture;
    if (objects.length === 0) return "no step touches an object";
    return columns(objects.map((name, index) => [name, count(steps.filter((step) => step.objects.includes(index)).length, "step")]));
  }

  #steps(): string {
    const { steps, lanes } = this.#picture;
    const shown = steps.slice(0, this.#at).flatMap((step, index) => {
      if (!step.past || !step.user) return [];
      const place = this.#placeOf(step.stack);
      return [[String(index + 1), step.lane < 0 ? "" : laneName(lanes[step.lane]!), step.text, place === undefined ? "" : placeText(place)]];
    });
    if (shown.length === 0) return "none up to here";
    const cut = shown.slice(-MOST_ROWS);
    return `${cut.length < shown.length ? `the last ${cut.length} of ${shown.length}:\n` : ""}${columns(cut)}`;
  }

  #beside(): string {
    const { beside } = this.#run;
    if (beside === undefined) return "no schedule in which it ends stands beside this one";
    const other = beside.picture.steps[beside.partsAt - 1];
    const lane = other === undefined || other.lane < 0 ? "" : `${laneName(beside.picture.lanes[other.lane]!)} `;
    return `${beside.title}: the same up to step ${beside.partsAt - 1}; step ${beside.partsAt} is there: ${other === undefined ? "the end" : `${lane}${other.text}`}`;
  }

  #help(): string {
    return `${columns([...this.#words, { word: "quit", short: "q", takes: "", help: "ends" }].map(({ word, short, takes, help }) => [`  ${word}${short === "" ? "" : `, ${short}`}`, takes, help]))}\nAn empty line repeats the last move. The start of a word is enough.`;
  }

  #positions(): readonly { readonly lane: PictureLane; readonly position: LanePosition }[] {
    return this.#picture.lanes.flatMap((lane, index) => (lane.from >= this.#at && lane.from >= 0 ? [] : [{ lane, position: this.#position(index) }]));
  }

  #position(lane: number): LanePosition {
    return lanePosition(this.#picture, this.#stepsOfLane[lane]!, lane, this.#at - 1);
  }

  /** The one that is named; without a name the one that did the last step. Words where there is none. */
  #laneOf(name: string): number | string {
    const { lanes, steps } = this.#picture;
    const lane = name === "" ? (steps[this.#at - 1]?.lane ?? 0) : lanes.findIndex((one) => laneName(one) === name || one.name === name);
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

const MOVES: ReadonlySet<string> = new Set(["step", "back", "next", "previous"]);
const MOST_ROWS = 60;
const ONLY_PARAMETERS = "Other variables are not known: Go writes no debug information (DWARF) into modules for WebAssembly. A print in the program is shown in each replay.";

const text = (said: string): DebuggerAnswer => ({ kind: "text", text: `${said}\n` });
const laneName = ({ name }: PictureLane): string => (name === "1" ? "main" : name);
const placeText = ([name, file, line]: Frame): string => at({ function: name, file, line });
/** `mutex A` in a sentence is not `mutex AB`. */
const mentions = (sentence: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(sentence);

function number(given: string, usual: number): number {
  const read = Number.parseInt(given, 10);
  return Number.isFinite(read) ? read : usual;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows, rows[0]?.length ?? 0);
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join("  ").trimEnd()).join("\n");
}
