import { err, ok, type Result } from "../base/result.js";
import { readReport, type RecordedReport } from "../report/exploration/read-json.js";

/** Reports are kept as their JSON text: what is explained later is the value that was answered before. */
const MOST = 20;

/** The explorations of this session, numbered from 1; the oldest are forgotten. */
export class Explorations {
  readonly #texts = new Map<number, string>();
  #next = 1;

  add(json: string): number {
    const number = this.#next++;
    this.#texts.set(number, json);
    this.#texts.delete(number - MOST);
    return number;
  }

  /** Without a number, the newest. */
  find(number = this.#next - 1): Result<{ readonly number: number; readonly json: string }, string> {
    const json = this.#texts.get(number);
    if (json !== undefined) return ok({ number, json });
    return err(this.#texts.size === 0 ? "nothing was explored in this session: call explore_test first" : `there is no exploration ${number} any more; there are ${[...this.#texts.keys()].join(", ")}`);
  }
}

/** A finding of a report by its number, counted from 1 over all programs; without one the first that has a schedule. */
export function chooseFinding(json: string, wanted: number | undefined): Result<RecordedReport["findings"][number], string> {
  const report = readReport(json);
  if (!report.ok) return report;
  const { findings } = report.value;
  const found = wanted === undefined ? findings[0] : findings.find(({ number }) => number === wanted);
  if (found !== undefined) return ok(found);
  return err(findings.length === 0 ? "this exploration has no finding with a schedule" : `there is no finding ${wanted} with a schedule; there are ${findings.map(({ number }) => number).join(", ")}`);
}
