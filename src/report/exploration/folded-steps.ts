import type { Step } from "../../model/finding/finding.js";

/** A block of steps longer than this is not looked for: it would be no easier to read. */
const LONGEST = 12;
/** Told in full so many times before it is folded. */
const TOLD = 2;

/**
 * Steps with what repeats itself told twice and then counted: a ticker loop goes round hundreds of times before a run
 * is cut off, and a reader wants to know that, not to scroll through it. Rounds are alike if the same goroutines do the
 * same at the same lines; only how far the clock has come may differ.
 */
export function folded(steps: readonly Step[]): readonly Step[] {
  const keys = steps.map(keyOf);
  const told: Step[] = [];
  for (let at = 0; at < steps.length; ) {
    const { length, rounds } = roundsAt(keys, at);
    const shown = rounds > TOLD + 1 ? length * TOLD : 1;
    told.push(...steps.slice(at, at + shown));
    at += shown;
    if (shown === 1 && rounds <= TOLD + 1) continue;
    const more = rounds - TOLD;
    told.push({ text: length === 1 ? `… the same ${more} more times …` : `… these ${length} steps ${more} more times …` });
    at += length * more;
  }
  return told;
}

/** Of the blocks that begin here and repeat themselves, the one that covers most; the shortest of equals. */
function roundsAt(keys: readonly string[], at: number): { readonly length: number; readonly rounds: number } {
  let best = { length: 1, rounds: 1 };
  for (let length = 1; length <= LONGEST && at + 2 * length <= keys.length; length++) {
    let end = at + length;
    while (end < keys.length && keys[end] === keys[end - length]) end++;
    const rounds = Math.floor((end - at) / length);
    if (rounds > TOLD + 1 && rounds * length > best.rounds * best.length) best = { length, rounds };
  }
  return best;
}

const keyOf = ({ goroutine, text, file, line }: Step): string =>
  goroutine === undefined && text.startsWith("clock:") ? "@" : `${goroutine ?? ""} ${text} ${file ?? ""}:${line ?? 0}`;
