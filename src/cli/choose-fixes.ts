import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { FixOutcome, ProvedFix } from "../model/results/fix.js";
import { dirtyFiles } from "../pipeline/fix/write-fixes.js";
import { diffText, proposalText } from "../report/fix/text.js";
import { coloured, plain } from "../report/shared/style.js";
import type { Io } from "./io.js";

const HELP = "a: apply it, s: skip it, d: show the diff, w: another way that is proved, q: skip it and all that follow\n";

/** Asks about each patch that is proved, a line of stdin for each answer. What is chosen is proved together before it is written. */
export class FixChooser {
  readonly #io: Io;
  readonly #force: boolean;
  readonly #lines: AsyncIterator<string>;
  #over = false;

  constructor(io: Io, options: { readonly force: boolean }) {
    this.#io = io;
    this.#force = options.force;
    // As in debug.ts: the reader's own terminal edits the line, and a pipe is answered alike.
    const input = io.stdin instanceof Readable ? io.stdin : Readable.from(io.stdin);
    this.#lines = createInterface({ input, terminal: false, signal: io.signal })[Symbol.asyncIterator]();
  }

  /** Lets go of stdin. */
  async close(): Promise<void> {
    await this.#lines.return?.();
  }

  readonly choose = async (outcome: FixOutcome): Promise<ProvedFix | undefined> => {
    const { stdout, colour, cwd } = this.#io;
    const options = { style: colour ? coloured : plain, cwd };
    let way = 0;
    const show = (): void => stdout.write(proposalText(outcome, outcome.proved[way]!, options));
    if (!this.#over) show();
    while (!this.#over) {
      stdout.write(`apply this patch${outcome.proved.length > 1 ? ` (way ${way + 1} of ${outcome.proved.length})` : ""}? [a,s,d,w,q,?] `);
      const answer: IteratorResult<string, unknown> = await this.#lines.next();
      const fix = outcome.proved[way]!;
      switch (answer.done === true ? "q" : answer.value.trim().toLowerCase()) {
        case "a": case "apply":
          if (await this.#isClean(fix)) return fix;
          break;
        case "s": case "skip": return undefined;
        case "d": case "show": stdout.write(diffText(fix, options)); break;
        case "w": case "way":
          way = (way + 1) % outcome.proved.length;
          show();
          break;
        case "q": case "quit": this.#over = true; break;
        default: stdout.write(HELP);
      }
    }
    return undefined;
  };

  async #isClean({ candidate }: ProvedFix): Promise<boolean> {
    const { stdout, cwd, env } = this.#io;
    const dirty = this.#force ? [] : await dirtyFiles([...new Set(candidate.edits.map(({ file }) => file))], cwd, env);
    if (dirty.length > 0) stdout.write(`not applied: ${dirty.join(", ")} ${dirty.length === 1 ? "has" : "have"} changes that are not committed: commit them, or --force\n`);
    return dirty.length === 0;
  }
}
