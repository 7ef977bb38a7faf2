import { spellOut } from "../../base/spell-out.js";
import { withoutCommands } from "../shared/safe-text.js";
import { type GoroutineGroup, groupGoroutines } from "../../model/goroutine/goroutine-group.js";
import { creatorChain, creatorsOf } from "../../model/goroutine/group-creators.js";
import type { Inspection, LabelShares } from "../../model/results/inspection.js";
import { blamedFrame, ownerOf } from "../../model/source/blame.js";
import type { Goroutine } from "../../model/goroutine/snapshot.js";
import type { RaceReport } from "../../model/finding/race.js";
import { isFinding, type Suspect } from "../../model/finding/suspect.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { ages, grouped, labelWords, place, plural, shortFunction, stateWords } from "./words.js";
import { columnWidths } from "../shared/column-widths.js";

interface InspectTextOptions {
  readonly colour: boolean;
  readonly columns: number;
  readonly cwd: string;
  /** Every group with its whole stack, rather than the largest ones in a line each. */
  readonly all: boolean;
}

/** One screen, to be understood in ten seconds: how many, in which states, the suspects, then the largest groups. */
export function inspectionText(inspection: Inspection, options: InspectTextOptions): string {
  const paint = painter(options.colour);
  const { suspects, groups } = inspection;
  const findings = suspects.filter(isFinding);
  const lines = [headline(inspection, paint), `  ${states(groups)}`, ...losses(inspection, options.cwd, paint)];
  if (findings.length > 0) {
    lines.push("", paint.bold(`Suspects (${grouped(findings.length)})`));
    for (const [index, suspect] of findings.entries()) {
      if (index >= MAX_SUSPECTS && !options.all) {
        lines.push(`  and ${plural(findings.length - index, "more suspect")}; --all shows them`);
        break;
      }
      lines.push(...suspectLines(suspect, index + 1, options, paint));
    }
  } else {
    if (!inspection.snapshot.delta) lines.push("", paint.green("No suspects.") + notesHint(suspects));
  }
  if (inspection.byLabel) lines.push("", ...labelLines(inspection.byLabel, inspection.total, options, paint));
  lines.push("", ...groupLines(inspection, options, paint));
  return withoutCommands(`${lines.join("\n")}\n`);
}

const MAX_SUSPECTS = 6;
const MAX_GROUPS = 12;

type Paint = Readonly<Record<"bold" | "dim" | "red" | "yellow" | "green" | "cyan", (text: string) => string>>;
export function painter(colour: boolean): Paint {
  const wrap = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), dim: wrap(2), red: wrap(31), yellow: wrap(33), green: wrap(32), cyan: wrap(36) };
}

function headline({ snapshot, total, groups }: Inspection, paint: Paint): string {
  const { source, how, at } = snapshot.provenance;
  const when = at === undefined ? "" : `, ${new Date(Number(at / 1_000_000n)).toISOString().slice(0, 19)}Z`;
  return `${paint.bold(`${source}: ${plural(total, "goroutine")} in ${plural(groups.length, "group")}`)} ${paint.dim(`(${how}${when})`)}`;
}

/** `1,000 chan send, 12 select, 3 running`. */
function states(groups: readonly GoroutineGroup[]): string {
  const counts = new Map<string, number>();
  for (const group of groups) {
    const words = stateWords(group);
    counts.set(words, (counts.get(words) ?? 0) + group.count);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([state, n]) => `${grouped(n)} ${state === "?" ? "waiting (reason not in this form)" : state}`).join(", ");
}

/** A difference is no snapshot: what came, and what left. */
function deltaLines({ seconds, gone }: { readonly seconds: number; readonly gone: readonly Goroutine[] }, came: number, cwd: string, paint: Paint): string[] {
  const left = groupGoroutines({ provenance: { source: "", how: "" }, losses: [], goroutines: gone });
  const total = gone.reduce((n, g) => n + g.count, 0);
  const lines = [paint.yellow(`  ! not a snapshot, but what changed within ${seconds} s: ${plural(came, "goroutine")} came (below), ${grouped(total)} left; those that stayed are not in it`)];
  for (const group of left.slice(0, MAX_LOSSES)) {
    const frame = blamedFrame(group.stack);
    lines.push(paint.dim(`    left: ${grouped(group.count)} × ${frame ? `${shortFunction(frame.function)}  ${place(frame, cwd)}` : NO_STACK}`));
  }
  return lines;
}

function losses({ snapshot, outside, races, total: inspectionTotal }: Inspection, cwd: string, paint: Paint): string[] {
  const lines = snapshot.message === undefined ? [] : [`  ${paint.red(snapshot.message)}`];
  if (snapshot.delta) lines.push(...deltaLines(snapshot.delta, inspectionTotal, cwd, paint));
  if (snapshot.ending?.kind === "test-timeout" && snapshot.ending.tests.length > 0) {
    lines.push(`  ${paint.red(`running: ${snapshot.ending.tests.map(({ name, elapsed }) => `${name} (${elapsed})`).join(", ")}`)}`);
  }
  lines.push(...snapshot.losses.slice(0, MAX_LOSSES).map((loss) => paint.yellow(`  ! ${loss}`)));
  if (snapshot.losses.length > MAX_LOSSES) lines.push(paint.yellow(`  ! and ${plural(snapshot.losses.length - MAX_LOSSES, "more loss")}; --json lists them`));
  if (outside.sample.length > 0 && snapshot.message === undefined) {
    lines.push(paint.dim(`  ${plural(outside.lines, "line")} around the dump, for instance: ${outside.sample[0]!.slice(0, 100)}`));
  }
  lines.push(...races.slice(0, MAX_LOSSES).map((race) => paint.yellow(`  ! ${raceText(race, cwd)}`)));
  if (races.length > MAX_LOSSES) lines.push(paint.yellow(`  ! and ${plural(races.length - MAX_LOSSES, "more data race")}; --json lists them`));
  return lines;
}
const MAX_LOSSES = 5;

/** `data race reported on line 2: read at main.go:12 in main.f, previous write at main.go:9 in main.g (started at main.go:7)` */
function raceText({ line, accesses, goroutines }: RaceReport, cwd: string): string {
  const sides = accesses.map(({ what, stack, goroutine }) => {
    const started = goroutines.find((g) => g.goroutine === goroutine)?.createdAt[0];
    const where = stack[0] ? `${place(stack[0], cwd)} in ${shortFunction(stack[0].function)}` : "an unknown place";
    return `${what.toLowerCase()} at ${where}${started ? ` (started at ${place(started, cwd)})` : ""}`;
  });
  return `data race reported on line ${line}: ${sides.join(", ")}`;
}

function suspectLines(suspect: Suspect, number: number, options: InspectTextOptions, paint: Paint): string[] {
  const { group, blamed, cause, confidence } = suspect;
  const sure = confidence === "proved" || confidence === "high" ? paint.red(confidence) : paint.yellow(confidence);
  const lines = [
    `  ${number}. ${paint.bold(`${grouped(group.count)} × ${shortFunction(blamed.function)}`)}  ${paint.cyan(place(blamed, options.cwd))}`,
    `     ${suspect.what ?? CAUSE_WORDS[cause].phrase} ${paint.dim(`[${cause}, confidence`)} ${sure}${paint.dim("]")}`,
  ];
  const source = group.stack.find((f) => f.source !== undefined)?.source;
  if (source !== undefined) lines.push(`       ${paint.dim("|")} ${source}`);
  for (const fact of suspect.evidence) lines.push(`     - ${spellOut(fact)}`);
  const chain = creatorChain(group).map((creator) => `${shortFunction(creator.function)} ${place(creator, options.cwd)}`);
  if (chain.length > 0) lines.push(`     - started by ${chain.join(", itself started by ")}`);
  return lines;
}

const notesHint = (suspects: readonly Suspect[]): string =>
  suspects.length === 0 ? "" : ` ${plural(suspects.length, "group")} ${suspects.length === 1 ? "waits" : "wait"} as a leak would, but ${suspects.length === 1 ? "its" : "their"} goroutines are few and young, or look like idle workers.`;

/** Each value with its share, and where most of its goroutines are. */
function labelLines({ key, shares }: LabelShares, total: number, options: InspectTextOptions, paint: Paint): string[] {
  if (shares.every(({ value }) => value === undefined)) return [`No goroutine has the label ${spellOut(key)}.`];
  const shown = options.all ? shares : shares.slice(0, MAX_GROUPS);
  const title = `By label ${spellOut(key)} (${shown.length < shares.length ? `${shown.length} of ` : ""}${plural(shares.length, "value")}${shown.length < shares.length ? "; --all shows all" : ""})`;
  const rows = shown.map(({ value, goroutines, suspected, largest }) => {
    const frame = blamedFrame(largest.stack);
    const where = frame ? `, most at ${shortFunction(frame.function)} ${place(frame, options.cwd)} (${grouped(largest.count)})` : "";
    return [grouped(goroutines), labelWords({ key, value }), `${Math.floor((100 * goroutines) / Math.max(1, total))}%${suspected > 0 ? `, ${grouped(suspected)} suspected` : ""}${where}`];
  });
  const widths = columnWidths(rows, 2);
  return [paint.bold(title), ...rows.map(([count, value, rest]) => `  ${count!.padStart(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${rest!}`)];
}

/** Go prints no frame for a goroutine that has not begun. */
const NO_STACK = "(no stack: not begun, or not shown)";

function groupLines(inspection: Inspection, options: InspectTextOptions, paint: Paint): string[] {
  const { groups } = inspection;
  const shown = options.all ? groups : groups.slice(0, MAX_GROUPS);
  const title = shown.length < groups.length ? `Groups (the ${shown.length} largest of ${grouped(groups.length)}; --all shows all)` : "Groups";
  const labelled = inspection.byLabel?.shares.some(({ value }) => value !== undefined) ?? false;
  const rows = shown.map((group) => {
    const frame = blamedFrame(group.stack);
    return [grouped(group.count), ages(group), stateWords(group), frame ? shortFunction(frame.function) : NO_STACK, frame ? place(frame, options.cwd) : "", labelled ? labelWords(group.label) : ""];
  });
  const widths = columnWidths(rows, 5);
  const lines = [paint.bold(title)];
  rows.forEach((row, index) => {
    const text = `  ${row[0]!.padStart(widths[0]!)}  ${row[1]!.padStart(widths[1]!)}  ${row[2]!.padEnd(widths[2]!)}  ${row[3]!.padEnd(widths[3]!)}  ${row[4]!.padEnd(widths[4]!)}  ${row[5]}`;
    lines.push(text.trimEnd());
    if (options.all) lines.push(...stackLines(shown[index]!, options, paint), "");
  });
  return lines;
}

function stackLines(group: GoroutineGroup, options: InspectTextOptions, paint: Paint): string[] {
  const lines = group.stack.map((frame) => {
    const text = `      ${shortFunction(frame.function)}  ${place(frame, options.cwd)}`;
    return ownerOf(frame) === "user" ? text : paint.dim(text);
  });
  for (const { creator, count } of creatorsOf(group).slice(0, 3)) {
    lines.push(paint.dim(`      started by ${shortFunction(creator.function)}  ${place(creator, options.cwd)}${count === group.count ? "" : ` (${grouped(count)})`}`));
  }
  const ancestors = group.goroutines.find((g) => g.ancestors)?.ancestors ?? [];
  for (const { id, stack, createdBy } of ancestors) {
    lines.push(paint.dim(`      goroutine ${id}, when it did:`));
    for (const frame of stack) lines.push(paint.dim(`        ${shortFunction(frame.function)}  ${place(frame, options.cwd)}`));
    if (createdBy) lines.push(paint.dim(`        started by ${shortFunction(createdBy.function)}  ${place(createdBy, options.cwd)}`));
  }
  return lines;
}
