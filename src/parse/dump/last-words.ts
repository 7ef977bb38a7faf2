import { spellOut } from "../../base/spell-out.js";
import type { Ending, RunningTest } from "../../model/goroutine/ending.js";

/**
 * What a process, a test binary or a leak checker says before it prints a dump; with anything before it on the line:
 *
 *   `panic: test timed out after 2m0s`, then `running tests:` (Go 1.20) and `TestPut (2m0s)`   testing/testing.go
 *   `*** Test killed with quit: ran too long (11m0s).`                                        cmd/go/internal/test
 *   `fatal error: all goroutines are asleep - deadlock!`                                      runtime/proc.go
 *   `panic: deadlock: all goroutines in bubble are blocked` (synctest; also `fatal error: `)  runtime/synctest.go
 *   `panic: deadlock: main bubble goroutine has exited but blocked goroutines remain`
 *   `found unexpected goroutines:`, `leaktest: leaked goroutine: …`                           goleak, leaktest
 */
export class LastWords {
  message: string | undefined;
  ending: Ending | undefined;
  #tests: RunningTest[] = [];
  #failed: string | undefined;
  #inTests = false;
  #sameProcess = false; // GOTRACEBACK=crash: each thread follows behind `-----`, with its own `SIGQUIT: quit`

  /** A cheap look: logs have millions of lines that say nothing. */
  mayRead(line: string): boolean {
    return this.#inTests || WORDS.test(line);
  }

  /** Reads a line outside of goroutines. `onDeath`: what was read before is another's dump. True: it was one, or goes on with one. */
  read(line: string, onDeath: () => void): boolean {
    if (this.#inTests && this.#running(line)) return false;
    if (NEXT_THREAD.test(line)) {
      this.#sameProcess = true;
      return false;
    }
    if (this.#sameProcess && /SIG[A-Z]{2,8}: /.test(line)) {
      this.#sameProcess = false;
      return true;
    }
    if (/running tests:$/.test(line)) {
      this.#inTests = true;
      return false;
    }
    const failed = /--- FAIL: (\S+)/.exec(line);
    if (failed) this.#failed = spellOut(failed[1]!);
    const ending = endingOf(line, this.#failed);
    const message = ending ? strongWords(line) : plainWords(line);
    if (message === undefined) return false;
    this.#sameProcess = false;
    onDeath();
    if (ending || !this.ending) this.message = spellOut(message);
    if (ending) {
      this.#tests = [];
      this.ending = ending.kind === "test-timeout" ? { ...ending, tests: this.#tests } : ending;
    }
    return true;
  }

  /** `TestPut (2m0s)`, `TestPut/case_1 (1.2s)`; anything else ends the list. */
  #running(line: string): boolean {
    const test = /(\S.*?) \((\d[\d.hmsµnu]*)\)$/.exec(line.slice(-2000));
    this.#inTests = test !== null;
    if (!test) return false;
    const name = test[1]!.slice(test[1]!.lastIndexOf(" ") + 1).replace(/^.*\t/, "");
    this.#tests.push({ name: spellOut(name), elapsed: test[2]! });
    return true;
  }

  /** What was said is said of one dump. */
  take(): { message?: string; ending?: Ending } {
    const taken = { ...(this.message === undefined ? {} : { message: this.message }), ...(this.ending === undefined ? {} : { ending: this.ending }) };
    this.message = undefined;
    this.ending = undefined;
    this.#tests = [];
    return taken;
  }
}

const NEXT_THREAD = /(?:^|[^-])-----$/;
const WORDS = /(?:^|[^-])-----$|panic: |fatal error: |SIG[A-Z]|tests:$|--- FAIL|unexpected goroutines|eaked goroutine|Test killed|in bubble|bubble goroutine/;

function endingOf(line: string, failed: string | undefined): Ending | undefined {
  const timeout = /(?:panic: test timed out after|Test killed(?: with quit)?: ran too long) \(?(\d[\d.hmsµnu]*)\)?/.exec(line);
  if (timeout) return { kind: "test-timeout", after: timeout[1]!, tests: [] };
  if (/all goroutines in bubble are blocked|main bubble goroutine has exited but blocked goroutines remain/.test(line)) {
    return { kind: "bubble", mainEnded: line.includes("has exited") };
  }
  if (/fatal error: (?:all goroutines are asleep|no goroutines \(main called runtime\.Goexit\)) - deadlock!/.test(line)) return { kind: "all-asleep" };
  const test = failed === undefined ? {} : { test: failed };
  if (/found unexpected goroutines/.test(line)) return { kind: "leak-check", tool: "goleak", ...test };
  if (/leaktest: leaked goroutine|[Ll]eaked goroutine: goroutine \d/.test(line)) return { kind: "leak-check", tool: "leaktest", ...test };
  return undefined;
}

/** From the words on, without what stands before them. */
function strongWords(line: string): string {
  const at = line.search(/panic: |fatal error: |\*\*\* Test killed|goleak: |found unexpected goroutines|leaktest: |[Ll]eaked goroutine: |deadlock: /);
  return line.slice(Math.max(0, at)).trim().slice(0, 200);
}

/** `panic: …` and the like, at the line's start or behind what a logger puts there. */
function plainWords(line: string): string | undefined {
  const found = /^(?:.{0,120}?[|\]:>Z)] ?\s*|\d[\d:./TZ+ -]*\s+|\s*)(panic: |fatal error: |SIG[A-Z]{2,8}: )/.exec(line.slice(0, 300));
  if (!found) return undefined;
  return line.slice(found[0].length - found[1]!.length).trim().slice(0, 200);
}
