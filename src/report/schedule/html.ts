import { optional } from "../../base/optional.js";
import type { Report } from "../../model/results/examination.js";
import { replayCommand } from "../exploration/replay-command.js";
import type { Finding } from "../../model/finding/finding.js";
import type { DrawnRun } from "../../model/run/schedule-picture.js";
import { VERDICT_WORDS } from "../exploration/verdict-words.js";
import { CAUSE_WORDS } from "../shared/causes.js";
import { escapeHtml, htmlPage } from "../shared/page.js";
import { PICTURE_SCRIPT } from "./script.js";
import { PICTURE_STYLE } from "./style.js";
import { pathBelow } from "../shared/path-below.js";

interface SchedulePage {
  readonly run: DrawnRun;
  /** Undefined: the run shows nothing. */
  readonly finding?: Finding;
  /** The command that does this schedule again. */
  readonly replay?: string;
  /** Files below this folder are shown relative to it. */
  readonly cwd?: string;
}

/** The page of one schedule: what was found in words, and the run as a picture. */
export function schedulePage(given: SchedulePage): string {
  const page = given.cwd === undefined ? given : below(given, given.cwd);
  const { picture } = page.run;
  return htmlPage({
    title: `${picture.program}: ${page.finding?.verdict ?? "a schedule"}`,
    style: PICTURE_STYLE,
    body: `${heading(page)}\n<main><div id="picture"></div>${KEYS}</main>`,
    data: page.run,
    script: `${PICTURE_SCRIPT}\nmountPicture(document.getElementById("picture"), JSON.parse(document.getElementById("data").textContent));\ndocument.querySelector(".steps").focus();`,
  });
}

/** What a replay shows: its first finding's run, or the run as it is. */
export function shownRun({ examinations }: Report): { readonly run: DrawnRun; readonly finding?: Finding } | undefined {
  for (const { findings, drawn } of examinations) {
    const finding = findings.find((one) => one.drawn !== undefined);
    const run = finding?.drawn ?? drawn;
    if (run !== undefined) return { run, ...optional({ finding }) };
  }
  return undefined;
}

/** The page of a replay. */
export function replayPage(report: Report, cwd: string): string | undefined {
  const shown = shownRun(report);
  if (shown === undefined) return undefined;
  const replay = report.origin && shown.finding && replayCommand(report.origin, shown.finding);
  return schedulePage({ ...shown, cwd, ...optional({ replay }) });
}

function heading({ run: { picture }, finding, replay }: SchedulePage): string {
  const command = replay === undefined ? "" : `<p class="commands quiet">again: <code>${escapeHtml(replay)}</code></p>`;
  if (finding === undefined) return `<header><h1>${escapeHtml(picture.program)}</h1><p>Nothing was found in this schedule.</p>${command}</header>`;
  return `<header><h1>${escapeHtml(picture.program)}</h1>${findingHtml(finding)}${command}</header>`;
}

/** The same with the paths of files below `cwd` relative to it. */
export function below<T>(value: T, cwd: string): T {
  const cut = (text: string): string => pathBelow(text, cwd) ?? text;
  const walk = (one: unknown): unknown => {
    if (typeof one === "string") return cut(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [cut(key), key === "sources" ? Object.fromEntries(Object.entries(inner as object).map(([file, lines]) => [cut(file), lines])) : walk(inner)]));
  };
  return walk(value) as T;
}

/** Verdict, place and reason: the words of every other form of the report. */
function findingHtml(finding: Finding): string {
  const { verdict, cause, goroutines, blocked, createdBy, calledFrom, evidence, message } = finding;
  const count = goroutines === 1 ? "1 goroutine" : `${goroutines} goroutines`;
  const advice = cause === "unknown" ? [] : [CAUSE_WORDS[cause].advice];
  return [
    `<p><span class="verdict">${escapeHtml(verdict)}</span> (${escapeHtml(VERDICT_WORDS[verdict])}): ${count}, ${escapeHtml(blocked.reason)} at <code>${escapeHtml(`${blocked.file}:${blocked.line}`)}</code> in <code>${escapeHtml(blocked.function)}</code></p>`,
    createdBy === undefined ? "" : `<p class="quiet">started by <code>${escapeHtml(createdBy.function)}</code> at <code>${escapeHtml(`${createdBy.file}:${createdBy.line}`)}</code>${calledFrom === undefined ? "" : `, called at <code>${escapeHtml(`${calledFrom.file}:${calledFrom.line}`)}</code>`}</p>`,
    message === undefined ? "" : `<pre>${escapeHtml(message)}</pre>`,
    evidence.length + advice.length === 0 ? "" : `<ul class="why">${[...evidence, ...advice].map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join("")}</ul>`,
    finding.unreachable === true ? `<p>Proved: the runtime's leak collection cannot reach it from any goroutine that can still run.</p>` : "",
  ].join("");
}

const KEYS = `<p class="keys"><kbd>↓</kbd> <kbd>↑</kbd> step, <kbd>n</kbd> <kbd>p</kbd> the same goroutine's next and last, <kbd>o</kbd> <kbd>O</kbd> the same object's, <kbd>Home</kbd> <kbd>End</kbd>, <kbd>a</kbd> all steps, <kbd>l</kbd> library steps, <kbd>/</kbd> filter</p>`;
