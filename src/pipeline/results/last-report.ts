import { createHash } from "node:crypto";
import { type FSWatcher, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch } from "node:fs";
import { dirname, join, sep } from "node:path";
import { optional } from "../../base/optional.js";
import type { Examination, Report } from "../../model/results/examination.js";
import type { LastReport } from "../../model/results/last-report.js";
import { placesOfReport } from "../../report/editor/places.js";
import { reportValue } from "../../report/exploration/json.js";
import { readWholeReport } from "../../report/exploration/read-whole.js";
import { cacheFolder } from "../../base/user-folders.js";
import { sourceLines } from "../examine/source-lines.js";
import { writeWhole } from "../go/save.js";

type Env = Readonly<Record<string, string | undefined>>;

const FORMAT = "unpark-last-report/1";
const MOST_PROJECTS = 100;

export interface Kept {
  readonly cwd: string;
  readonly env: Env;
  /** What was found, and what of it is left behind ignore lists, comments and baseline. */
  readonly found: Report;
  readonly left: Report;
  /** Not all tests of the packages were asked for: those that were not keep what is known of them. */
  readonly partial: boolean;
}

/**
 * Keeps what a command found as the project's last report, for editors.
 * L1. What was examined again replaces what was known of it; other packages stay as they were.
 * L2. A report that was asked for with other flags (tags, faults, Go version) replaces all: a schedule of the one does not replay with the other.
 * L3. A cache that cannot be written to is no reason to stop, nor one that was damaged.
 */
export function keepLastReport({ cwd, env, found, left, partial }: Kept): void {
  if (found.examinations.length === 0) return;
  const root = projectOf(cwd);
  const id = `${found.origin?.command ?? "test"} ${root}`;
  const path = pathOf(id, env);
  const before = read(path);
  const report = before === undefined ? found : joined(before.report, found, partial);
  const accepted = found.examinations.flatMap(({ findings }, i) => findings.filter((one) => left.examinations[i]?.findings.includes(one) !== true).flatMap(({ createdBy }) => (createdBy === undefined ? [] : [`${createdBy.file}:${createdBy.line}`])));
  const value = { format: FORMAT, id, root, accepted: [...new Set([...(report === found ? [] : before!.accepted), ...accepted])], lines: linesOf(report), report: reportValue(report) };
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(JSON.stringify(value), path);
    prune(dirname(path));
  } catch {
    // L3
  }
}

/** The last reports of the projects that hold this folder or lie below it; those of damaged files are left out. */
export function lastReports(folder: string, env: Env): readonly LastReport[] {
  const project = projectOf(folder);
  return files(reportsFolder(env))
    .flatMap((path) => read(path) ?? [])
    .filter(({ root }) => root === project || root.startsWith(`${folder}${sep}`));
}

export const reportsFolder = (env: Env): string => join(cacheFolder(env), "reports");

/** Calls when a last report was written, once for several writes at once. */
export function watchReports(env: Env, changed: () => void): { close(): void } {
  let pending: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(reportsFolder(env), { recursive: true });
    watcher = watch(reportsFolder(env), () => {
      clearTimeout(pending);
      pending = setTimeout(changed, 100);
    });
    watcher.on("error", () => undefined);
  } catch {
    // Without it the reports are read when the editor asks.
  }
  return {
    close: () => {
      clearTimeout(pending);
      watcher?.close();
    },
  };
}

const pathOf = (id: string, env: Env): string => join(reportsFolder(env), `${createHash("sha256").update(id).digest("hex").slice(0, 32)}.json`);

/** The nearest folder upwards with a go.mod or a package.json; without one, the folder itself. */
export function projectOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (["go.mod", "package.json"].some((name) => existsSync(join(at, name)))) return at;
    if (dirname(at) === at) return folder;
  }
}

function read(path: string): LastReport | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as Omit<LastReport, "report"> & { readonly format: string; readonly report: unknown };
    if (value.format !== FORMAT || typeof value.root !== "string" || typeof value.id !== "string" || !Array.isArray(value.accepted) || typeof value.lines !== "object") return undefined;
    const report = readWholeReport(JSON.stringify(value.report));
    return report.ok ? { id: value.id, root: value.root, accepted: value.accepted, lines: value.lines, report: report.value } : undefined;
  } catch {
    return undefined; // L3
  }
}

/** L1, L2 */
function joined(before: Report, now: Report, partial: boolean): Report {
  const askedOf = ({ origin }: Report): string => JSON.stringify({ ...origin, packages: [], run: undefined, skip: undefined, packageFaults: undefined });
  if (askedOf(before) !== askedOf(now)) return now;
  const keyOf = ({ package: path, name, coverage }: Examination): string => JSON.stringify([path, name, coverage.native]);
  const again = new Set(now.examinations.map(keyOf));
  const packages = new Set([...now.examinations, ...now.failures].map((one) => one.package));
  const kept = before.examinations.filter((one) => !again.has(keyOf(one)) && (partial || !packages.has(one.package)));
  const packageFaults = { ...before.origin?.packageFaults, ...now.origin?.packageFaults };
  const origin = now.origin === undefined ? undefined : { ...now.origin, packages: [...new Set([...(before.origin?.packages ?? []), ...now.origin.packages])], ...(Object.keys(packageFaults).length === 0 ? {} : { packageFaults }) };
  return { ...optional({ origin }), examinations: [...kept, ...now.examinations], failures: [...before.failures.filter((one) => !packages.has(one.package)), ...now.failures] };
}

function linesOf(report: Report): LastReport["lines"] {
  const read = sourceLines();
  const lines: Record<string, Record<string, string>> = {};
  for (const { file, line } of placesOfReport(report)) {
    const text = read(file)?.[line - 1]?.trim();
    if (text !== undefined && text !== "") (lines[file] ??= {})[line] = text;
  }
  return lines;
}

const files = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")).map((name) => join(folder, name)) : []);

function prune(folder: string): void {
  const all = files(folder);
  if (all.length <= MOST_PROJECTS) return;
  const byAge = all.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
  for (const { path } of byAge.slice(MOST_PROJECTS)) rmSync(path, { force: true });
}
