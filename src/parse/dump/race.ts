import { spellOut } from "../../base/spell-out.js";
import type { RaceAccess, RaceReport, RacingGoroutine } from "../../model/finding/race.js";
import type { Frame } from "../../model/goroutine/stack.js";
import { parseLocation } from "./stacks.js";

/**
 * Reports of the race detector, as ReportRace's printer writes them (compiler-rt, tsan_report.cpp, the parts under
 * SANITIZER_GO):
 *
 *   `WARNING: DATA RACE`                                            begins
 *   `Write at 0x00c0000140d8 by goroutine 7:` (or `main goroutine`) a stack follows
 *   `Goroutine 7 (running) created at:`                             a stack follows
 *   `Heap block of size 8 at 0x… allocated by main goroutine:`      a stack follows, which is not kept
 *   `Global var main.x of size 8 at 0x… declared at main.go:3`
 *   `  main.(*T).f()`, then `      /src/main.go:12 +0x38`           a frame
 *   `  [failed to restore the stack]`                               no frames
 *   `==================`                                            ends
 */
const ACCESS = /^((?:Previous )?(?:atomic )?(?:read|write)) at (0x[0-9a-f]+) by (?:goroutine (\d+)|main goroutine):$/i;
const CREATED = /^Goroutine (\d+) \(([^)]*)\) created at:$/;
const OTHER = /^(?:Heap block of size \d+ at 0x|Global var .* of size \d+ at 0x|Synchronous |As if synchronized )/;

type OpenRace = { -readonly [K in keyof RaceAccess]: RaceAccess[K] } & { stack: Frame[] };

export class RaceReader {
  readonly #line: number;
  readonly #accesses: OpenRace[] = [];
  readonly #goroutines: (RacingGoroutine & { createdAt: Frame[] })[] = [];
  #stack: Frame[] = [];
  #function: string | undefined;
  #ended = false;

  /** @param line where `WARNING: DATA RACE` stood. */
  constructor(line: number) {
    this.#line = line;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the line belongs to the report; others may stand in between. */
  take(line: string): boolean {
    if (/^=+$/.test(line)) return (this.#ended = true);
    if (line.trim() === "" || line.trim() === "[failed to restore the stack]") return true;
    const access = ACCESS.exec(line);
    if (access) {
      const goroutine = access[3] === undefined ? {} : { goroutine: Number(access[3]) };
      this.#accesses.push({ what: access[1]!, address: access[2]!, ...goroutine, stack: (this.#stack = []) });
      return true;
    }
    const created = CREATED.exec(line);
    if (created) {
      this.#goroutines.push({ goroutine: Number(created[1]), state: spellOut(created[2]!), createdAt: (this.#stack = []) });
      return true;
    }
    if (OTHER.test(line)) {
      this.#stack = [];
      return true;
    }
    return this.#frame(line);
  }

  report(): RaceReport {
    return { line: this.#line, accesses: this.#accesses, goroutines: this.#goroutines };
  }

  #frame(line: string): boolean {
    const name = /^ {2}(\S.*)\(\)$/.exec(line)?.[1];
    if (name !== undefined) {
      this.#function = name;
      return true;
    }
    const location = this.#function !== undefined && /^ {6}\S/.test(line) ? parseLocation(line.trim()) : undefined;
    if (!location) return false;
    this.#stack.push({ function: spellOut(this.#function!), ...location });
    this.#function = undefined;
    return true;
  }
}
