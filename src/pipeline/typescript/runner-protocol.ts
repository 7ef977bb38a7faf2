import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Examination } from "../../model/results/examination.js";
import type { SaidSettings } from "../config/settings.js";

/**
 * How `unpark test` and a TypeScript test runner talk: the command hands a folder and what it was asked for down in one
 * variable of the environment, and each `explore` puts what it found into a file of its own there, whatever process,
 * thread or virtual machine the runner gave it.
 */
export const TELL = "UNPARK_TELL";

export interface RunnerRequest {
  readonly folder: string;
  /** Paths in reports are relative to it. */
  readonly cwd: string;
  /** What the command line said; wins over what the test says. */
  readonly options: SaidSettings & { readonly strict?: boolean };
  /** What single tests are explored with; wins over `options` (eachKey). */
  readonly each?: Readonly<Record<string, SaidSettings>>;
  /** Only this schedule of this test is done again, and nothing else. */
  readonly replay?: { readonly package: string; readonly test?: string; readonly schedule: string };
}

/** How `each` names a test. */
export const eachKey = ({ package: path, name }: Pick<Examination, "package" | "name">): string => `${path} ${name}`;

/** Undefined: nobody asked, the test runs on its own. */
export function runnerRequest(env: Readonly<Record<string, string | undefined>> = process.env): RunnerRequest | undefined {
  const text = env[TELL];
  return text === undefined ? undefined : (JSON.parse(text) as RunnerRequest);
}

export function writeExamination({ folder }: RunnerRequest, examination: Examination): void {
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(examination));
}

/** Why nothing could be examined. */
export function writeFailure({ folder }: RunnerRequest, message: string): void {
  writeFileSync(join(folder, FAILURE), message);
}

const FAILURE = "failure.txt";

/** What `writeFailure` wrote. */
export const readFailure = (folder: string): string | undefined => (existsSync(join(folder, FAILURE)) ? readFileSync(join(folder, FAILURE), "utf8") : undefined);

/** A folder for one run of a test runner, gone afterwards. */
export async function withAnswers<T>(use: (folder: string, read: () => readonly Examination[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "unpark-told-"));
  const read = (): readonly Examination[] =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Examination)
      .sort((a, b) => (`${a.package} ${a.name}` < `${b.package} ${b.name}` ? -1 : 1));
  try {
    return await use(folder, read);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
