import { goChoice, meetChoice } from "../../model/run/choice.js";
import { goroutineName, nanos, objectId, type GoroutineName } from "../../model/ids.js";
import { operation, type Access, type OpKind } from "../../model/run/operation.js";
import type { Creator, Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../../model/run/trace.js";

/**
 * Runs written as text, for tests. A line is a step (or part of the one before it), objects are named by words:
 *
 *     1 starts 1.1 main.work at a.go:7      belongs to the step before
 *     1 lock m at a.go:8
 *     1.1 wgadd wg=-1 at a.go:3             =N is the act's detail
 *     1 > 1.1 c at a.go:9, a.go:4           a send and a receive meet
 *     1 select recv:c send:d =0 at a.go:9
 *     1.1 ends                              belongs to the step before
 *     1.2 left send c at a.go:4 in main.work < main.outer a.go:20 : unreachable
 *
 * After `left`: the operation, its objects, the stack (innermost first), and behind the colon any of `unreachable`,
 * `reachable`, `nil`, `counter=N`, `len=N/M`, `sleeping`, `running`. A goroutine's function is main.main for 1, what
 * it was started with for others, unless `in` says otherwise.
 */
interface Picture {
  readonly trace: Trace;
  readonly snapshot: Snapshot;
}

export function picture(text: string): Picture {
  const drawing = new Drawing();
  for (const line of text.split("\n").map((l) => l.trim())) if (line !== "" && !line.startsWith("#")) drawing.add(line);
  return drawing.finished();
}

class Drawing {
  readonly #steps: TraceStep[] = [];
  readonly #lives = new Map<string, GoroutineLife>();
  readonly #left: Goroutine[] = [];
  readonly #objects = new Map<string, number>();

  constructor() {
    this.#lives.set("1", { name: goroutineName("1"), entry: "main.main", startedAt: -1 });
  }

  add(line: string): void {
    const [name, verb] = line.split(/\s+/) as [string, string];
    if (verb === "starts") this.#starts(line);
    else if (verb === "ends") this.#lives.set(name, { ...this.#lives.get(name)!, endedAt: this.#steps.length - 1 });
    else if (verb === "left") this.#leaves(line);
    else if (verb === ">") this.#meets(line);
    else this.#acts(line);
  }

  finished(): Picture {
    return {
      trace: { steps: this.#steps, lives: [...this.#lives.values()] },
      snapshot: { provenance: { source: "picture", how: "test" }, goroutines: this.#left, losses: [] },
    };
  }

  #starts(line: string): void {
    const [, parent, child, entry, place] = match(line, /^(\S+) starts (\S+) (\S+) at (\S+)$/);
    const createdBy: Creator = { ...this.#frame(parent!, place!), name: goroutineName(parent!) };
    this.#lives.set(child!, { name: goroutineName(child!), createdBy, entry: entry!, startedAt: this.#steps.length - 1 });
  }

  #meets(line: string): void {
    const [, sender, receiver, channel, from, to] = match(line, /^(\S+) > (\S+) (\S+) at (\S+), (\S+)$/);
    const act = (name: string, op: OpKind, place: string): Act => ({
      goroutine: goroutineName(name),
      op,
      accesses: [this.#access(channel!, op)],
      stack: [this.#frame(name, place)],
    });
    this.#push(meetChoice(name(sender!), undefined, name(receiver!), undefined), [act(sender!, "send", from!), act(receiver!, "recv", to!)]);
  }

  #acts(line: string): void {
    const [, who, op, objects, detail, place, func, outer] = match(line, /^(\S+) (\w+)((?: [\w:]+)*?)(?: ?=(-?\d+))? at (\S+)(?: in (\S+))?((?: < \S+ \S+)*)$/);
    const accesses = words(objects!).map((word) => this.#access(word, op as OpKind));
    const frame = this.#frame(who!, place!);
    const stack = [func === undefined ? frame : { ...frame, function: func }, ...outerFrames(outer ?? "")];
    const act: Act = { goroutine: name(who!), op: op as OpKind, accesses, stack, ...(detail === undefined ? {} : { detail: Number(detail) }) };
    this.#push(goChoice(name(who!)), [act]);
  }

  #leaves(line: string): void {
    const [, who, op, objects, place, func, outer, extra] = match(
      line,
      /^(\S+) left (\w+)((?: [\w:]+)*?) at (\S+)(?: in (\S+))?((?: < \S+ \S+)*)(?: :(.*))?$/,
    );
    const has = (word: string): boolean => words(extra ?? "").includes(word);
    const value = (key: string): string | undefined => new RegExp(String.raw`\b${key}=(\S+)`).exec(extra ?? "")?.[1];
    const [length, capacity] = (value("len") ?? "").split("/").filter(Boolean).map(Number);
    const frame = this.#frame(who!, place!);
    const life = this.#lives.get(who!);
    const nil = has("nil") ? (op === "select" ? "" : " (nil chan)") : "";
    this.#left.push({
      name: name(who!),
      count: 1,
      state: has("sleeping") ? "sleeping" : has("running") ? "running" : op === "io" ? "io" : "waiting",
      waitReason: has("running") ? "" : (operation(op as OpKind).waitReason ?? op!) + nil,
      stack: [func === undefined ? frame : { ...frame, function: func }, ...outerFrames(outer ?? "")],
      ...(life?.createdBy === undefined ? {} : { createdBy: life.createdBy }),
      ...(has("unreachable") ? { unreachable: true } : has("reachable") ? { unreachable: false } : {}),
      blockedOn: {
        op: op as OpKind,
        objects: words(objects!).map((word) => this.#access(word, op as OpKind)),
        nil: has("nil"),
        ...(value("counter") === undefined ? {} : { counter: Number(value("counter")) }),
        ...(length === undefined || capacity === undefined ? {} : { length, capacity }),
      },
    });
  }

  #push(choice: TraceStep["choice"], acts: readonly Act[]): void {
    this.#steps.push({ choice, acts, time: nanos(0n) });
  }

  /** `c` by the line's operation, `recv:c` by its own. */
  #access(word: string, op: OpKind): Access {
    const [first, second] = word.split(":");
    const id = second ?? first!;
    if (!this.#objects.has(id)) this.#objects.set(id, this.#objects.size + 1);
    return { object: objectId(this.#objects.get(id)!), op: second === undefined ? op : (first as OpKind) };
  }

  #frame(who: string, place: string): Frame {
    const [, file, line] = match(place, /^(\S+):(\d+)$/);
    return { function: this.#lives.get(who)?.entry ?? "main.unknown", file: file!, line: Number(line) };
  }
}

const name = (text: string): GoroutineName => goroutineName(text);
const words = (text: string): string[] => text.trim().split(/\s+/).filter(Boolean);

const outerFrames = (text: string): Frame[] =>
  [...text.matchAll(/< (\S+) (\S+):(\d+)/g)].map(([, func, file, line]) => ({ function: func!, file: file!, line: Number(line) }));

function match(line: string, form: RegExp): RegExpExecArray {
  const found = form.exec(line);
  if (!found) throw new Error(`picture: cannot read '${line}'`);
  return found;
}
