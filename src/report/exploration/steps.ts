import { optional } from "../../base/optional.js";
import { formatDuration } from "../../base/duration.js";
import { isBlockedAt, isLeftIn } from "../../model/finding/subjects.js";
import { withoutComment } from "../../model/source/code-line.js";
import type { Finding, Step, Verdict } from "../../model/finding/finding.js";
import { isStandard, packageOf, place, shortSymbol, userFrame } from "../../model/source/blame.js";
import { callThatStarted } from "../../model/run/started-from.js";
import type { GoroutineName, ObjectId } from "../../model/ids.js";
import { scopeGoroutine } from "../../model/run/scope-goroutine.js";
import { isOf } from "../../model/run/operation.js";
import { faultOf } from "../../model/run/fault.js";
import { selectCase } from "../../model/source/select-case.js";
import type { Goroutine, Snapshot } from "../../model/goroutine/snapshot.js";
import type { Frame } from "../../model/goroutine/stack.js";
import type { ParameterSyntax } from "../../model/source/syntax.js";
import type { Act, GoroutineLife, Trace, TraceStep } from "../../model/run/trace.js";
import { LivesBySteps } from "./lives-by-steps.js";
import { keySteps, waitedAt, type KeySteps } from "./key-steps.js";
import { folded } from "./folded-steps.js";
import { actWords } from "../shared/act-words.js";
import { ObjectNames } from "../shared/object-names.js";

/**
 * A trace as a person reads it: what the user's own code did, who was started and who ended, and at the end who is
 * blocked for ever. Left out is what the library does inside of a call (a logger's lock, the testing package's
 * channels), unless it touches what the finding is about; numbers are those of the schedule, so gaps are seen.
 */
export interface Story {
  readonly trace: Trace;
  readonly snapshot: Snapshot;
  /** Undefined: nothing was found, and the run is told as it is. */
  readonly finding?: Finding;
  /** Where nothing was found here: the goroutine that the run is about. */
  readonly about?: GoroutineName;
  readonly test?: string;
  /** As Finding's. */
  readonly scope?: GoroutineName;
  /** The lines of a source file, where it is at hand. */
  readonly lines: (file: string) => readonly string[] | undefined;
  /** What the function of a frame takes, as its source declares it, where that is at hand. */
  readonly signature?: (frame: Frame) => readonly ParameterSyntax[] | undefined;
}

/** More lines than this are no help to anybody: then only the first, the last, and the key ones are kept. */
const MOST = 400;
const HEAD = 60;
const TAIL = 200;

/** All steps that a person may want to see; those without which the end is not understood have `key`. */
export function readableSteps(story: Story, names: ObjectNames = new ObjectNames(), most = MOST): readonly Step[] {
  const { finding, trace, about } = story;
  const subjects = finding === undefined ? [] : story.snapshot.goroutines.filter((goroutine) => isSubject(goroutine, finding));
  const told = about ?? (finding?.verdict === "flaky" ? scopes(story) : undefined);
  const held = told === undefined ? [] : lastTouched(trace, told);
  const objects = new Set([...waitedAt(subjects), ...held]);
  const keys = keySteps(trace, { subjects, names: about === undefined ? [] : [about], objects: held, isTold: (act) => isTold(act, objects) });
  const lives = new LivesBySteps(trace.lives);
  const all = trace.steps.flatMap((step, index) => tellStep(story, step, index, objects, names, keys, lives));
  const first = startsAt(story, -1, keys, lives);
  return [...shortened(folded([...first, ...all]), most), ...endings(story, subjects, names)];
}

/** What its last two acts that are told were about: not the locks that the standard library takes as it ends. */
const lastTouched = (trace: Trace, about: GoroutineName): readonly ObjectId[] =>
  trace.steps.flatMap(({ acts }) => acts.filter((act) => act.goroutine === about && isTold(act, NOTHING))).slice(-2).flatMap(({ accesses }) => accesses.map(({ object }) => object));

const NOTHING: ReadonlySet<ObjectId> = new Set();

const KEY = { key: true as const };

/** Is it one of the goroutines that the finding is about? */
const isSubject = (goroutine: Goroutine, finding: Finding): boolean => finding.verdict !== "panics" && finding.verdict !== "flaky" && (isBlockedAt(goroutine, finding) || (finding.verdict === "runaway" && isLeftIn(goroutine, finding.blocked)));

/** One step of the schedule, whatever it is about; `index` counts from 0. */
export function readableStep(story: Story, index: number): Step {
  const step = story.trace.steps[index];
  const number = index + 1;
  if (step === undefined) return { number, text: "the run is over" };
  const [act, other] = step.acts;
  if (act === undefined) return tellStep(story, step, index, new Set(), new ObjectNames(), NO_KEYS, new LivesBySteps(story.trace.lives))[0] ?? { number, text: "a step of the standard library's" };
  return { number, goroutine: act.goroutine, text: actWords(act, other, new ObjectNames()), ...position(story, taken(story, act)) };
}

const NO_KEYS: KeySteps = { steps: new Set(), goroutines: new Set() };

function tellStep(story: Story, step: TraceStep, index: number, objects: ReadonlySet<ObjectId>, names: ObjectNames, keys: KeySteps, lives: LivesBySteps): Step[] {
  const number = index + 1;
  const fault = step.acts.some((act) => faultOf(act) !== undefined);
  const key = keys.steps.has(index) || fault ? KEY : {};
  const changes = (): readonly Step[] => [...startsAt(story, index, keys, lives), ...endsAt(story, index, keys, lives)];
  if (step.choice.kind === "clock") {
    const before = story.trace.steps[index - 1]?.time ?? 0n;
    return [{ number, text: `clock: +${formatDuration(step.time - before)} (now ${formatDuration(step.time)})`, ...key }, ...changes()];
  }
  const [act, other] = step.acts;
  const shown = act && (fault || isTold(act, objects) || (other && isTold(other, objects)));
  const own = shown ? [{ number, goroutine: act.goroutine, text: actWords(act, other, names), ...position(story, taken(story, act)), ...key }] : [];
  return [...own, ...changes()];
}

/** Directly called by the user's code, or about an object that the finding is about; the library's own is not told. */
function isTold({ goroutine, stack, accesses, op }: Act, objects: ReadonlySet<ObjectId>): boolean {
  if (goroutine.startsWith("0.")) return false;
  if (accesses.some(({ object }) => objects.has(object))) return true;
  const outside = stack.filter((frame) => !/^(runtime|internal\/\w+|sync|sync\/atomic)$/.test(packageOf(frame.function)));
  // A cancel or a stopped timer is the user's doing, the lock inside of it is not.
  const isClocks = (frame: Frame | undefined): boolean => frame !== undefined && /^(time|context)$/.test(packageOf(frame.function));
  if (isClocks(outside[0]) && isOf(op, "mutex", "atomic")) return false;
  const caller = outside.find((frame) => !isClocks(frame));
  return caller !== undefined && !isStandard(caller);
}

function startsAt(story: Story, index: number, { goroutines }: KeySteps, lives: LivesBySteps): Step[] {
  const started = lives.startedAt(index).filter(isUsers);
  return started.flatMap((life) => {
    const { name, entry, createdBy } = life;
    return createdBy?.name === undefined
      ? []
      : [{ ...(index < 0 ? {} : { number: index + 1 }), goroutine: createdBy.name, text: `starts goroutine ${name}${entry === "" ? "" : ` (${shortSymbol(entry)})`}`, ...position(story, startedIn(life)!), ...(goroutines.has(name) ? KEY : {}) }];
  });
}

const endsAt = (story: Story, index: number, { goroutines }: KeySteps, lives: LivesBySteps): Step[] =>
  lives
    .endedAt(index)
    .filter((life) => isUsers(life) || life.name === scopes(story))
    .map(({ name }) => ({ number: index + 1, goroutine: name, text: name === scopes(story) ? "returns" : "ends", ...(goroutines.has(name) ? KEY : {}) }));

const scopes = ({ finding, test = finding?.test, scope = finding?.scope }: Story): GoroutineName => scopeGoroutine({ test, scope });

function isUsers({ name, createdBy, entry }: GoroutineLife): boolean {
  if (name.startsWith("0.") || name === "1") return false;
  return !isStandard({ function: entry, file: "", line: 0 }) || (createdBy !== undefined && !isStandard(createdBy));
}

/**
 * Where the act is shown: of a select the case that was taken, where the source tells it; of `go wg.Done()`, which has no line of
 * the user's on its stack, the go statement.
 */
export function taken({ lines, trace }: Story, act: Act): Frame {
  const frame = place(act.stack);
  if (isStandard(frame)) return startedBy(trace, act.goroutine) ?? frame;
  if (act.op !== "select" || act.detail === undefined || act.detail < 0 || !frame.file.endsWith(".go")) return frame;
  return { ...frame, line: selectCase(lines(frame.file) ?? [], frame.line, act.detail)?.line ?? frame.line };
}

function startedBy(trace: Trace, goroutine: GoroutineName): Frame | undefined {
  const life = trace.lives.find(({ name }) => name === goroutine);
  const frame = life && startedIn(life);
  return frame === undefined || isStandard(frame) ? undefined : frame;
}

/** The go statement; of a library's (`WaitGroup.Go`, `sql.Open`) the call that led there. */
const startedIn = (life: GoroutineLife): Frame | undefined => callThatStarted(life) ?? life.createdBy;

/** How a goroutine is left that is not proved to be blocked for ever. */
const BLOCKED: Partial<Record<Verdict, string>> = {
  "waiting-outside": "waits for the other side, without a timeout",
  lingering: "is still blocked",
  stuck: "is still blocked, and nothing is left that could wake it",
  abandoned: "is still blocked",
};

/** At most this many goroutines are told one by one at the end. */
const ENDINGS = 4;
/** And at most so many of the others by name. */
const NAMED = 100;

function endings(story: Story, subjects: readonly Goroutine[], names: ObjectNames): readonly Step[] {
  const told = subjects.slice(0, subjects.length > ENDINGS ? ENDINGS - 1 : ENDINGS).map((goroutine) => ending(story, goroutine, names));
  const rest = subjects.slice(told.length);
  if (rest.length === 0) return told;
  const more = rest.slice(0, NAMED).map(({ name }) => name).join(", ");
  return [...told, { text: `likewise ${rest.length} more: ${more}${rest.length > NAMED ? ", …" : ""}`, ...KEY }];
}

/** How a goroutine that the finding is about is left. */
export function ending(story: Story, goroutine: Goroutine, names: ObjectNames): Step {
  const verdict = story.finding?.verdict;
  const { blockedOn, name, waitReason, stack } = goroutine;
  const objects = (blockedOn?.objects ?? []).map((access) => names.of(access, blockedOn?.op));
  const on = blockedOn?.nil ? ": a nil channel" : objects.length > 0 && objects.length < 4 ? ` on ${[...new Set(objects)].join(", ")}` : "";
  const text =
    verdict === "runaway" ? "never ends" : verdict === "cut-short" ? "is cut short" : `${BLOCKED[verdict ?? "leaked"] ?? "is blocked for ever"} (${waitReason}${on})`;
  return { ...optional({ goroutine: name }), text, ...position(story, userFrame(stack) ?? place(stack)), ...KEY };
}

function position({ lines }: Story, frame: Frame): Pick<Step, "function" | "file" | "line" | "source"> {
  const source = frame.source ?? lines(frame.file)?.[frame.line - 1];
  const text = source && withoutComment(source).trim();
  return { function: frame.function, file: frame.file, line: frame.line, ...(text ? { source: text } : {}) };
}

function shortened(steps: readonly Step[], most: number): readonly Step[] {
  if (steps.length <= most) return steps;
  const kept = steps.map(({ key }, i) => key === true || i < HEAD || i >= steps.length - TAIL);
  return steps.flatMap((step, i) => {
    if (kept[i]) return [step];
    if (kept[i - 1] === false) return [];
    const next = kept.indexOf(true, i);
    return [{ text: `… ${next - i} more steps …` }];
  });
}
