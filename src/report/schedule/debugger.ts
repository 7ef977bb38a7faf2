import type { DrawnRun, PictureStep, SchedulePicture } from "../../model/run/schedule-picture.js";
import { columns, laneName, ScheduleMoment } from "./moment.js";

/** What one line of a person leads to. */
type DebuggerAnswer = { readonly kind: "text"; readonly text: string } | { readonly kind: "quit" };

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
 * What is said at a step: moment.ts.
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

  get #moment(): ScheduleMoment {
    return new ScheduleMoment(this.#run, this.#stepsOfLane, this.#at);
  }

  get prompt(): string {
    return `(step ${this.#at} of ${this.#picture.steps.length}) `;
  }

  /** What is said first: the end of the run, and how to go on. */
  get greeting(): string {
    return `${this.#moment.here()}\nThis is the end of the run. 'start' goes to its beginning, 'back' one step back; 'help' lists the rest.\n`;
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
    { word: "goroutines", short: "gs", takes: "", help: "where each goroutine is, and what it holds", run: () => this.#moment.goroutines() },
    { word: "locks", short: "", takes: "", help: "who holds which lock since when, and who waits for it", run: () => this.#moment.locks() },
    { word: "stack", short: "bt", takes: "[GOROUTINE]", help: "a goroutine's stack at its latest step", run: (name) => this.#moment.stack(name) },
    { word: "list", short: "l", takes: "[GOROUTINE]", help: "the source around it", run: (name) => this.#moment.list(name) },
    { word: "objects", short: "", takes: "", help: "channels, locks and the like, and how many steps touch each", run: () => this.#moment.objects() },
    { word: "steps", short: "", takes: "", help: "all steps up to here that the finding depends on", run: () => this.#moment.steps() },
    { word: "beside", short: "", takes: "", help: "where the schedule in which it ends parts from this one", run: () => this.#moment.beside() },
    { word: "variables", short: "v", takes: "[GOROUTINE]", help: "what the functions on its stack were called with", run: (name) => this.#moment.variables(name) },
    { word: "help", short: "h", takes: "", help: "this list", run: () => this.#help() },
  ];

  #go(to: number): string {
    const last = this.#picture.steps.length;
    const wanted = Math.max(0, Math.min(last, to));
    const stays = wanted === this.#at;
    this.#at = wanted;
    if (stays && to < 0) return "this is the beginning";
    if (stays && to > last) return "this is the end of the run";
    return this.#moment.here();
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

  #help(): string {
    return `${columns([...this.#words, { word: "quit", short: "q", takes: "", help: "ends" }].map(({ word, short, takes, help }) => [`  ${word}${short === "" ? "" : `, ${short}`}`, takes, help]))}\nAn empty line repeats the last move. The start of a word is enough.`;
  }
}

const MOVES: ReadonlySet<string> = new Set(["step", "back", "next", "previous"]);

const text = (said: string): DebuggerAnswer => ({ kind: "text", text: `${said}\n` });

function number(given: string, usual: number): number {
  const read = Number.parseInt(given, 10);
  return Number.isFinite(read) ? read : usual;
}
