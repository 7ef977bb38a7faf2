import { neverSettled } from "../../diagnose/run/rules/never-settled.js";
import { at, userFrame } from "../../model/source/blame.js";
import type { AwaitRecording, PendingAwait } from "../../runtime/control/await-prover.js";
import { watchWeakRefs, type WeakTargets } from "../../runtime/control/proved-awaits.js";
import { collected, collectedNow, collector } from "../../runtime/control/reachability.js";
import { recordAwaits } from "../../promises/pending-awaits.js";

/** Promises of one test that are noted, so that one that makes millions does not fill the memory: of later ones nothing is said. */
const MOST = 50_000;

interface RunTest {
  readonly name: string;
  /** What it leaves was told already. */
  told: boolean;
}

/** From the promise on that is noted next, and until the next segment begins, this test runs. */
interface TestSegment {
  readonly test: RunTest;
  readonly from: number;
}

/** An await that was looked at, with the collector's word. */
interface JudgedAwait {
  readonly pending: PendingAwait;
  readonly proved: boolean;
}

/**
 * The awaits of the tests of one file, under a runner, in real time: which of those that have not gone on never can (the
 * engine's collector frees what they wait for), and which merely have not.
 */
export class FileAwaits {
  readonly #recording: AwaitRecording | undefined;
  readonly #weak: WeakTargets;
  readonly #segments: TestSegment[] = [];
  readonly #open: RunTest[] = [];
  /** Tests ran at the same time: nothing tells whose an await is. */
  #mixed = false;
  #made = 0;

  /** `realm`: the global object that the tests see; jest has one for each file. */
  constructor(realm: { WeakRef: WeakRefConstructor } = globalThis) {
    this.#weak = watchWeakRefs(() => true, realm);
    this.#recording = recordAwaits(() => this.#open.length > 0 && this.#made++ < MOST);
  }

  /** A test begins, or a subtest of the one that runs (`outer > inner`); what is noted from now on is its own. */
  begin(name: string): void {
    this.#made = 0;
    this.#recording?.forget();
    const outer = this.#open.at(-1);
    if (outer !== undefined && !name.startsWith(`${outer.name} > `)) this.#mixed = true;
    const test: RunTest = { name, told: false };
    this.#open.push(test);
    this.#segment(test);
  }

  end(name: string): void {
    const index = this.#open.findLastIndex((test) => test.name === name);
    if (index >= 0) this.#open.splice(index, 1);
    const outer = this.#open.at(-1);
    if (outer !== undefined) this.#segment(outer);
  }

  /**
   * Why a test that runs does not go on: a line or more for each await that stands in the user's own code; those that are
   * proved first. Empty: nothing is known. At once: a hook has a time-out of its own, and waits for nothing at the end of a process.
   */
  explain(name: string): readonly string[] {
    const test = this.#telling(name);
    const collect = collector();
    if (test === undefined || collect === undefined) return [];
    const pending = this.#pending(test);
    const held = this.#weak.held();
    const judged = judge(pending, collectedNow(pending.map(({ ref }) => ref), collect));
    held.length = 0;
    const lines = unique(judged.flatMap(sentences));
    return this.#mixed && lines.length > 0 ? ["of the tests that ran at the same time in this file:", ...lines] : lines;
  }

  /** The file is over. What its tests left behind, those left out that explained themselves. Nothing is noted afterwards. */
  async left(): Promise<readonly string[]> {
    const judged = await this.#judged();
    this.#recording?.stop();
    this.#weak.stop();
    const lines = judged.flatMap((one) => {
      const test = this.#testOf(one.pending);
      if (test === undefined || test.told) return [];
      const [first = "", ...more] = sentences(one);
      return [`${this.#mixed ? "one of the tests of this file" : `"${test.name}"`} leaves behind: ${first}`, ...more];
    });
    return unique(lines);
  }

  #segment(test: RunTest): void {
    this.#segments.push({ test, from: this.#recording?.count() ?? 0 });
  }

  #testOf({ number }: PendingAwait): RunTest | undefined {
    return this.#segments.findLast(({ from }) => from <= number)?.test;
  }

  #telling(name: string): RunTest | undefined {
    const test = this.#open.findLast((one) => one.name === name);
    if (test !== undefined) test.told = true;
    return test;
  }

  /** Of one test, where it is known whose they are. */
  #pending(test?: RunTest): readonly PendingAwait[] {
    return (this.#recording?.pending() ?? []).filter((one) => isUsers(one.stack) && (test === undefined || this.#mixed || this.#testOf(one) === test));
  }

  async #judged(): Promise<readonly JudgedAwait[]> {
    const collect = collector();
    const pending = this.#pending();
    if (pending.length === 0 || collect === undefined) return [];
    const held = this.#weak.held();
    const freed = await collected(pending.map(({ ref }) => ref), () => [], collect, turn);
    held.length = 0;
    // Time goes on while the collector is asked: what has gone on meanwhile is free, too, and no proof of anything.
    return judge(pending, freed ?? []).filter((one) => !one.pending.isOver());
  }
}

function judge(pending: readonly PendingAwait[], freed: readonly boolean[]): readonly JudgedAwait[] {
  const judged = pending.map((one, i) => ({ pending: one, proved: freed[i] === true }));
  return [...judged.filter(({ proved }) => proved), ...judged.filter(({ proved }) => !proved)];
}

const isUsers = (stack: PendingAwait["stack"]): boolean => stack.some(({ file }) => !file.includes("/node_modules/"));
const { setImmediate: nextTurn } = globalThis; // a runner's fake timers come later
const turn = (): Promise<void> => new Promise((resolve) => void nextTurn(resolve));
const unique = (lines: readonly string[]): readonly string[] => lines.filter((line, i) => lines.indexOf(line) === i);

function sentences({ pending: { stack, awaits }, proved }: JudgedAwait): readonly string[] {
  const place = `the await at ${at(userFrame(stack)!)}`;
  if (!proved) return [`${place} has not gone on; something that is still reachable may settle it`];
  const evidence = neverSettled.run({ count: 1, state: "waiting", waitReason: "await", stack, awaits, unreachable: true }, undefined as never) ?? [];
  return [`${place} can never go on: proved`, ...evidence.map((sentence) => `    ${sentence}`)];
}

/** For the hooks that look at a whole file, where runners set short time-outs. */
export const LONG = 60_000;

/** As they stand below a runner's own message. */
export const prefixed = (lines: readonly string[]): readonly string[] => lines.map((line) => (line.startsWith(" ") ? line : `unpark: ${line}`));
