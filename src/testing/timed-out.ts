import { neverSettled } from "../diagnose/run/rules/never-settled.js";
import { at, userFrame } from "../model/blame.js";
import type { AwaitRecording, PendingAwait } from "../runtime/control/await-prover.js";
import { watchWeakRefs, type WeakTargets } from "../runtime/control/proved-awaits.js";
import { collected, collector } from "../runtime/control/reachability.js";
import { recordAwaits } from "../promises/pending-awaits.js";

/** Promises of one test that are noted, so that one that makes millions does not fill the memory: of later ones nothing is said. */
const MOST = 50_000;

/**
 * The awaits of one test of a runner's, in real time. A test that timed out is asked which of its awaits can never go on
 * (the engine's collector frees what they wait for), and which merely have not.
 */
export class TestAwaits {
  readonly #recording: AwaitRecording | undefined;
  readonly #weak: WeakTargets;
  #made = 0;

  constructor() {
    this.#weak = watchWeakRefs(() => true);
    this.#recording = recordAwaits(() => this.#made++ < MOST);
  }

  /** The test is over. */
  stop(): void {
    this.#recording?.stop();
    this.#weak.stop();
  }

  /** A line or more for each await that stands in the user's own code; those that are proved first. Empty: nothing is known. */
  async explain(): Promise<readonly string[]> {
    this.stop();
    const collect = collector();
    if (this.#recording === undefined || collect === undefined) return [];
    const pending = this.#recording.pending().filter(({ stack }) => isUsers(stack));
    const held = this.#weak.held();
    const freed = await collected(pending.map(({ ref }) => ref), () => [], collect, turn);
    held.length = 0;
    const proved = pending.filter((_, i) => freed?.[i] === true);
    return [...proved.flatMap(provedLines), ...pending.filter((one) => !proved.includes(one)).map(pendingLine)].filter((line, i, all) => all.indexOf(line) === i);
  }
}

const isUsers = (stack: PendingAwait["stack"]): boolean => stack.some(({ file }) => !file.includes("/node_modules/"));
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const placed = ({ stack }: PendingAwait): string => at(userFrame(stack)!);

function provedLines(one: PendingAwait): readonly string[] {
  const { stack, awaits } = one;
  const evidence = neverSettled.run({ count: 1, state: "waiting", waitReason: "await", stack, awaits, unreachable: true }, undefined as never) ?? [];
  return [`the await at ${placed(one)} can never go on: proved`, ...evidence.map((sentence) => `    ${sentence}`)];
}

const pendingLine = (one: PendingAwait): string => `the await at ${placed(one)} has not gone on; something that is still reachable may settle it`;
