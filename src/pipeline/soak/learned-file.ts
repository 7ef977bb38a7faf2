import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../base/result.js";
import type { LearnedTest } from "../../model/results/learned.js";

/**
 * What was learned, a test a line; a later line takes an earlier one's place. A line that was cut off (the process was killed
 * while it wrote) is passed over. Where most lines are out of date the file is written anew beside itself, and takes its own place.
 */
export class LearnedFile {
  readonly #file: string;
  readonly #tests = new Map<string, LearnedTest>();
  #lines = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  static open(file: string): Result<LearnedFile, string> {
    const opened = new LearnedFile(file);
    try {
      mkdirSync(dirname(file), { recursive: true });
      for (const line of contentOf(file).split("\n")) {
        if (line === "") continue;
        const test = readLine(line);
        if (test) opened.#tests.set(keyOf(test), test);
        opened.#lines++;
      }
      opened.#renew();
      return ok(opened);
    } catch (error) {
      return err(`${file}: what was learned cannot be kept there (${(error as Error).message})`);
    }
  }

  find = (test: Pick<LearnedTest, "package" | "name">): LearnedTest | undefined => this.#tests.get(keyOf(test));

  tests = (): readonly LearnedTest[] => [...this.#tests.values()];

  put(test: LearnedTest): void {
    this.#tests.set(keyOf(test), test);
    this.#lines++;
    if (this.#lines > 100 + 10 * this.#tests.size) this.#renew();
    else appendFileSync(this.#file, `${JSON.stringify(test)}\n`);
  }

  #renew(): void {
    const beside = `${this.#file}.${process.pid}`;
    writeFileSync(beside, this.tests().map((one) => `${JSON.stringify(one)}\n`).join(""));
    renameSync(beside, this.#file);
    this.#lines = this.#tests.size;
  }
}

const keyOf = ({ package: path, name }: Pick<LearnedTest, "package" | "name">): string => `${path} ${name}`;

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function readLine(line: string): LearnedTest | undefined {
  try {
    const test = JSON.parse(line) as LearnedTest;
    return typeof test.name === "string" && Array.isArray(test.findings) && typeof test.newAt.schedules === "number" ? test : undefined;
  } catch {
    return undefined;
  }
}
