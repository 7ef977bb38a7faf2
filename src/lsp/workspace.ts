import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LastReport } from "../model/results/last-report.js";
import type { Finding } from "../model/finding/finding.js";
import type { Coverage } from "../model/results/examination.js";
import { findLine } from "./line-finder.js";

export interface NumberedFinding {
  /** In its report, counted from 1, as `unpark replay --finding` takes it. */
  readonly number: number;
  readonly finding: Finding;
  readonly coverage: Coverage;
  readonly report: LastReport;
}

/** The documents that the client has open, those of the disk beside them, and the last reports. */
export class Workspace {
  readonly #open = new Map<string, readonly string[]>();
  #reports: readonly LastReport[] = [];

  opened(uri: string, text: string): void {
    this.#open.set(pathOf(uri), text.split(/\r?\n/));
  }

  closed(uri: string): void {
    this.#open.delete(pathOf(uri));
  }

  set reports(reports: readonly LastReport[]) {
    this.#reports = reports;
  }

  get reports(): readonly LastReport[] {
    return this.#reports;
  }

  get findings(): readonly NumberedFinding[] {
    return this.#reports.flatMap((report) => report.report.examinations.flatMap((one) => one.findings.map((finding) => ({ finding, coverage: one.coverage, report }))).map((one, i) => ({ ...one, number: i + 1 })));
  }

  linesOf(file: string): readonly string[] | undefined {
    const open = this.#open.get(file);
    if (open !== undefined) return open;
    try {
      return readFileSync(file, "utf8").split(/\r?\n/);
    } catch {
      return undefined;
    }
  }

  /** Where a line of a report is now. */
  lineNow(report: LastReport, { file, line }: { readonly file: string; readonly line: number }): number | undefined {
    const lines = this.linesOf(file);
    return lines && findLine(lines, line, report, file);
  }
}

export const uriOf = (file: string): string => pathToFileURL(file).href;

/** The path of a document; of one that is no file (untitled:) its URI. */
export function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    return uri;
  }
}
