import { formatDuration } from "../../base/duration.js";
import { isBlockedAt } from "../../model/finding/subjects.js";
import { isStandard, shortSymbol, userFrame } from "../../model/source/blame.js";
import { formatSchedule, type Schedule } from "../../model/run/schedule.js";
import type { PictureArrow, PictureHold, PictureLane, PictureStep, SchedulePicture } from "../../model/run/schedule-picture.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { Access } from "../../model/run/operation.js";
import type { Frame, Stack } from "../../model/goroutine/stack.js";
import type { Act, TraceStep } from "../../model/run/trace.js";
import { faultOf } from "../../model/run/fault.js";
import { actWords } from "../shared/act-words.js";
import { ObjectNames } from "../shared/object-names.js";
import { ending, readableSteps, taken, type Story } from "../exploration/steps.js";
import { callValues } from "./call-values.js";
import { holds } from "./holds.js";
import { causalPast, passes, type Interest, type LaneAccess } from "./arrows.js";

/** A file larger than this is no help on a page. */
const MAX_LINES = 20_000;

/** A run as a picture. `story.finding` decides which goroutines run into the wall, and what the causal past is of. */
export function schedulePicture(story: Story, program: string, schedule: Schedule): SchedulePicture {
  return new Drawing(story).picture(program, schedule);
}

class Drawing {
  readonly #story: Story;
  readonly #frames: [string, string, number, number][] = [];
  readonly #frameIds = new Map<string, number>();
  readonly #objects: string[] = [];
  readonly #objectIds = new Map<string, number>();
  readonly #values: string[] = [];
  readonly #valueIds = new Map<string, number>();
  readonly #objectsByAddress = new Map<bigint, string>();
  readonly #names = new ObjectNames();
  readonly #lanes = new Map<string, number>();

  constructor(story: Story) {
    this.#story = story;
    // An object has the letter that the text has for it.
    readableSteps(story, this.#names);
    if (story.trace.lives.some(({ name }) => name === "1") || story.trace.steps.some(({ acts }) => acts.some(({ goroutine }) => goroutine === "1"))) this.#lane("1");
    for (const { name } of story.trace.lives) this.#lane(name);
    for (const { acts } of story.trace.steps) for (const { goroutine } of acts) this.#lane(goroutine);
    // Values name objects that steps touch, before or after.
    for (const { acts } of story.trace.steps) for (const { op, accesses } of acts) for (const access of accesses) this.#objectsByAddress.set(BigInt(access.object), this.#names.of(access, op));
  }

  picture(program: string, schedule: Schedule): SchedulePicture {
    const { trace } = this.#story;
    const lanes = this.#laneRows();
    const arrows = [...this.#starts(), ...passes(trace.steps.flatMap((step, index) => this.#accesses(step, index)))];
    const interest = this.#interest(lanes);
    const stepLanes = trace.steps.map(({ acts }) => (acts.length === 0 ? [-1] : acts.map(({ goroutine }) => this.#lane(goroutine))));
    // Nothing was found, or it ended with a panic: everything is of interest.
    const past = interest === undefined ? undefined : causalPast(stepLanes, arrows, interest);
    const steps = trace.steps.map((step, index) => this.#step(step, index, past?.has(index) ?? true));
    return {
      program,
      schedule: formatSchedule(schedule),
      lanes,
      steps,
      arrows,
      holds: this.#holds(),
      objects: this.#objects,
      frames: this.#frames,
      ...(this.#values.length === 0 ? {} : { values: this.#values }),
      sources: this.#sources(),
    };
  }

  /**
   * Of a goroutine that waits: itself, the goroutine that started it, and every step on what it waits for. What did not
   * happen has no steps; these are where it could have happened.
   */
  #interest(lanes: readonly PictureLane[]): Interest | undefined {
    const { trace, snapshot, finding } = this.#story;
    const subjects = lanes.filter(({ end }) => end === "subject").map(({ name }) => name);
    if (finding === undefined || subjects.length === 0) return undefined;
    const creators = trace.lives.flatMap(({ name, createdBy }) => (subjects.includes(name) && createdBy?.name !== undefined && this.#lanes.has(createdBy.name) ? [this.#lane(createdBy.name)] : []));
    const awaited = new Set(snapshot.goroutines.flatMap(({ name, blockedOn }) => (name !== undefined && subjects.includes(name) ? (blockedOn?.objects ?? []).map(({ object }) => object) : [])));
    const steps = new Set(trace.steps.flatMap(({ acts }, index) => (acts.some((act) => faultOf(act) !== undefined || act.accesses.some(({ object }) => awaited.has(object))) ? [index] : [])));
    return { lanes: [...new Set([...subjects.map((name) => this.#lane(name)), ...creators])], steps };
  }

  #step(step: TraceStep, index: number, past: boolean): PictureStep {
    const { acts, time } = step;
    const [act, other] = acts;
    if (act === undefined) {
      const before = this.#story.trace.steps[index - 1]?.time ?? 0n;
      return { lane: -1, text: `clock: +${formatDuration(time - before)} (now ${formatDuration(time)})`, time: Number(time), stack: [], objects: [], user: true, past };
    }
    return {
      lane: this.#lane(act.goroutine),
      ...(other === undefined ? {} : { other: this.#lane(other.goroutine) }),
      text: actWords(act, other, this.#names),
      time: Number(time),
      stack: this.#stack(act),
      ...this.#calledWith(act.stack),
      objects: [...new Set([act, ...(other ? [other] : [])].flatMap((one) => done(one).map((access) => this.#object(this.#names.of(access, one.op)))))],
      user: faultOf(act) !== undefined || isUsers(act) || (other !== undefined && isUsers(other)),
      past,
    };
  }

  #accesses({ acts, choice }: TraceStep, step: number): readonly LaneAccess[] {
    if (choice.kind === "clock") return [];
    return acts.flatMap((act) => {
      const { goroutine, note, detail, op } = act;
      return done(act).map((access) => ({
        step,
        lane: this.#lane(goroutine),
        access: op === "wgadd" && access.op === "wgadd" && detail !== undefined ? { ...access, delta: detail } : access,
        closed: note === "closed",
        met: acts.length > 1,
      }));
    });
  }

  /** From the `go` statement to the new goroutine's first moment. */
  #starts(): readonly PictureArrow[] {
    return this.#story.trace.lives.flatMap(({ name, createdBy, startedAt }) =>
      createdBy?.name === undefined || !this.#lanes.has(createdBy.name) || startedAt < 0
        ? []
        : [{ kind: "start" as const, fromStep: startedAt, fromLane: this.#lane(createdBy.name), toStep: startedAt, toLane: this.#lane(name) }],
    );
  }

  #holds(): readonly PictureHold[] {
    return holds(this.#story.trace).map(({ access, goroutine, ...when }) => ({ object: this.#object(this.#names.of(access)), lane: this.#lane(goroutine), ...when }));
  }

  #laneRows(): readonly PictureLane[] {
    const { trace, snapshot, finding } = this.#story;
    const left = new Map(snapshot.goroutines.flatMap((goroutine) => (goroutine.name === undefined ? [] : [[goroutine.name as string, goroutine] as const])));
    const lives = new Map(trace.lives.map((life) => [life.name as string, life]));
    return [...this.#lanes.keys()].map((name) => {
      const life = lives.get(name);
      const goroutine = left.get(name);
      const isSubject = goroutine !== undefined && finding !== undefined && isBlockedAt(goroutine, finding);
      return {
        name,
        entry: life === undefined ? "" : shortSymbol(life.entry),
        from: life?.startedAt ?? -1,
        end: isSubject ? "subject" : life?.endedAt === undefined && goroutine !== undefined ? "blocked" : "ended",
        ...(life?.createdBy === undefined ? {} : { createdBy: this.#frame(life.createdBy) }),
        ...(life?.endedAt === undefined ? {} : { to: life.endedAt }),
        ...(goroutine === undefined ? {} : this.#blocked(goroutine, isSubject)),
      };
    });
  }

  #blocked(goroutine: Goroutine, isSubject: boolean): Omit<PictureLane, "name" | "entry" | "from" | "end"> {
    const { waitReason, blockedOn, stack } = goroutine;
    // Kept as an object of the run, though perhaps no step touches it.
    const waitsAt = [...new Set((blockedOn?.objects ?? []).map((access) => this.#object(this.#names.of(access, blockedOn?.op))))];
    const names = waitsAt.map((object) => this.#objects[object]!);
    const on = blockedOn?.nil ? ", a nil channel" : names.length > 0 && names.length < 4 ? ` on ${names.join(", ")}` : "";
    const frame = userFrame(stack) ?? stack[0];
    const stands = goroutine.name === undefined ? undefined : this.#story.trace.stands?.get(goroutine.name);
    return {
      reason: isSubject ? ending(this.#story, goroutine, this.#names).text : `${waitReason ?? "waits"}${on}`,
      ...(frame === undefined ? {} : { frame: this.#frame(frame) }),
      ...(waitsAt.length === 0 ? {} : { waitsAt }),
      ...(stands === undefined ? {} : { stack: stands.map((one) => this.#frame(one)), ...this.#calledWith(stands) }),
    };
  }

  /** The stack; a select's frame at the line of the case that it took. */
  #stack(act: Act): readonly number[] {
    const shown = taken(this.#story, act);
    return act.stack.map((frame) => this.#frame(frame.function === shown.function && frame.file === shown.file ? shown : frame));
  }

  /** What the frames of a stack were called with; nothing where no frame's is known. */
  #calledWith(stack: Stack): { readonly calledWith?: readonly number[] } {
    const known = stack.map((frame) => {
      const signature = frame.arguments === undefined || isStandard(frame) ? undefined : this.#story.signature?.(frame);
      const text = signature === undefined ? "" : callValues(signature, frame.arguments!, (address) => this.#objectsByAddress.get(address));
      return text === "" ? -1 : this.#value(text);
    });
    return known.every((one) => one < 0) ? {} : { calledWith: known };
  }

  #value(text: string): number {
    let id = this.#valueIds.get(text);
    if (id === undefined) this.#valueIds.set(text, (id = this.#values.push(text) - 1));
    return id;
  }

  #frame(frame: Frame): number {
    const key = `${frame.line} ${frame.function}\0${frame.file}`;
    let id = this.#frameIds.get(key);
    if (id === undefined) {
      id = this.#frames.push([frame.function, frame.file, frame.line, isStandard(frame) ? 2 : 0]) - 1;
      this.#frameIds.set(key, id);
    }
    return id;
  }

  #object(name: string): number {
    let id = this.#objectIds.get(name);
    if (id === undefined) this.#objectIds.set(name, (id = this.#objects.push(name) - 1));
    return id;
  }

  #lane(name: string): number {
    let lane = this.#lanes.get(name);
    if (lane === undefined) this.#lanes.set(name, (lane = this.#lanes.size));
    return lane;
  }

  /** The files of the user's frames: the standard library's are the reader's own, and large. */
  #sources(): Readonly<Record<string, readonly string[]>> {
    const files = new Set(this.#frames.flatMap(([, file, , owner]) => (owner === 0 ? [file] : [])));
    const found: Record<string, readonly string[]> = {};
    for (const file of files) {
      const lines = this.#story.lines(file);
      if (lines !== undefined && lines.length <= MAX_LINES) found[file] = lines;
    }
    return found;
  }
}

/** What an act did: of a select the case that it took alone, and nothing where that was the default. */
function done({ op, accesses, detail }: Act): readonly Access[] {
  if (op !== "select" || accesses.length === 1) return accesses;
  const one = accesses[detail ?? -1];
  return one === undefined ? [] : [one];
}

/** Was it the user's code that asked for it, not the inside of a library's call? */
function isUsers({ stack, goroutine }: Act): boolean {
  if (goroutine.startsWith("0.")) return false;
  const caller = stack.find((frame) => !/^(runtime|internal\/|sync\.|sync\/atomic|time\.|context\.)/.test(frame.function));
  return caller !== undefined && !isStandard(caller);
}
