import { meetChoice, type Choice } from "../../../model/run/choice.js";
import type { GuestGoroutine, GuestOffer } from "../../guest/guest-goroutine.js";

/** One who has come to the other side of a channel, or has left it: the list of those who stand there is changed at `index`. */
interface Edit {
  readonly index: number;
  /** Undefined: that one is gone. */
  readonly come: GuestOffer | undefined;
}

interface Edits {
  readonly from: readonly GuestOffer[];
  readonly to: readonly GuestOffer[];
  readonly edits: readonly Edit[];
}

/**
 * What those can do who stand at a channel without a buffer where many stand on the other side. Two hundred that send to two hundred
 * that receive have forty thousand ways, of which a step changes one or two of each: what has changed on a side is found once, and done
 * to the list of each who stands at the other.
 */
export class CrowdedChannels {
  readonly #known: Edits[] = [];

  /** A step is over: other lists come. */
  clear(): void {
    if (this.#known.length > 0) this.#known.length = 0;
  }

  /** `ways` are one's meetings with each of `from`, in order: those with each of `to`. */
  waysTo(from: readonly GuestOffer[], to: readonly GuestOffer[], ways: readonly Choice[], { name, op }: GuestGoroutine): readonly Choice[] {
    if (from === to) return ways;
    const changed = ways.slice();
    for (const { index, come } of this.#editsOf(from, to)) {
      if (come === undefined) changed.splice(index, 1);
      else changed.splice(index, 0, op === "send" ? meetChoice(name, undefined, come.at.name, come.index) : meetChoice(come.at.name, come.index, name, undefined));
    }
    return changed;
  }

  #editsOf(from: readonly GuestOffer[], to: readonly GuestOffer[]): readonly Edit[] {
    const known = this.#known.find((one) => one.from === from && one.to === to);
    if (known !== undefined) return known.edits;
    const edits = editsOf(from, to);
    this.#known.push({ from, to, edits });
    return edits;
  }
}

/** Both in order of creation, and of cases. */
function editsOf(from: readonly GuestOffer[], to: readonly GuestOffer[]): readonly Edit[] {
  const edits: Edit[] = [];
  let index = 0;
  for (let before = 0; before < from.length || index < to.length; ) {
    const order = compare(from[before], to[index]);
    if (order > 0) edits.push({ index, come: to[index] });
    if (order < 0) edits.push({ index, come: undefined });
    if (order <= 0) before++;
    if (order >= 0) index++;
  }
  return edits;
}

function compare(a: GuestOffer | undefined, b: GuestOffer | undefined): number {
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a.at.index - b.at.index || (a.index ?? 0) - (b.index ?? 0);
}
